"""The office in which teams are changed."""

import pytest

from domain.db import Transaction
from tests.db.people.office import Office


@pytest.fixture
async def office(tx: Transaction) -> Office:
    """Two teams and an admin, on Tuesday, February 3, 2026, at noon UTC."""
    office = Office(tx)
    await office.staff()
    return office
