from datetime import UTC, datetime

import pytest

from domain.db import Transaction
from tests.db.progress.months import Months


@pytest.fixture
def now() -> datetime:
    """The 1st of a month with the usual deadline at the end of the 6th."""
    return datetime(2026, 10, 1, tzinfo=UTC)


@pytest.fixture
async def months(tx: Transaction) -> Months:
    """Sam of West, whom Kim manages, and Dana, an admin; all clocks show UTC."""
    months = Months(tx)
    await months.user("Kim")
    await months.user("Dana", named_admin=True)
    months.west = await months.team("West", "Kim")
    await months.rep("Sam", months.west)
    return months
