import pytest

from domain.db import Transaction
from tests.db.goals.desk import Desk


@pytest.fixture
async def desk(tx: Transaction) -> Desk:
    """A staffed desk; everybody's clocks show UTC."""
    desk = Desk(tx)
    await desk.staff()
    return desk
