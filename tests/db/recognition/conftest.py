"""Kim's team, ready for a win."""

import pytest

from domain.db import Transaction
from tests.db.recognition.stage import Stage, set_stage


@pytest.fixture
async def stage(tx: Transaction) -> Stage:
    """Ana of North, in February 2026."""
    return await set_stage(tx)
