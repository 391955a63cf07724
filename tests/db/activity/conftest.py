"""A ledger to write in, in the transaction of the test."""

from datetime import UTC, datetime

import pytest

from domain.db import Transaction
from tests.db.activity.book import Book


@pytest.fixture
def now() -> datetime:
    """A Thursday in November, when October is closed to nobody yet."""
    return datetime(2026, 11, 12, 12, tzinfo=UTC)


@pytest.fixture
async def book(tx: Transaction) -> Book:
    """The ledger of two teams."""
    return await Book(tx.session, tx.now).open()
