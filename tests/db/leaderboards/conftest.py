"""A sales floor in the transaction of the test, in mid-November."""

from datetime import UTC, datetime

import pytest

from domain.db import Transaction
from tests.db.leaderboards.stage import Stage


@pytest.fixture
def now() -> datetime:
    """A Thursday: 8 of November's 21 working days are over."""
    return datetime(2026, 11, 12, 12, tzinfo=UTC)


@pytest.fixture
async def stage(tx: Transaction) -> Stage:
    """An empty floor."""
    return Stage(tx.session, tx.now)
