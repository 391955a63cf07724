from datetime import UTC, datetime

import pytest

from domain.db import Transaction
from tests.db.reminders.office import Office


@pytest.fixture
def now() -> datetime:
    """The 1st of a month with the usual deadline at the end of the 6th."""
    return datetime(2026, 10, 1, tzinfo=UTC)


@pytest.fixture
async def office(tx: Transaction) -> Office:
    """Nobody is there yet."""
    return Office(tx)
