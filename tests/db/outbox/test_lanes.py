"""Lanes that Slack has told us to hold."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from domain.db import Transaction
from domain.outbox import lanes

LEFT = text("SELECT next_at - clock_timestamp() FROM outbox_lanes WHERE lane = 'channel:C1'")


@pytest.mark.parametrize("waits", [(60, 1), (1, 60)], ids=["longer first", "shorter first"])
async def test_the_longest_wait_counts(waits: tuple[int, int], tx: Transaction) -> None:
    for seconds in waits:
        await lanes.hold(tx.session, "channel:C1", timedelta(seconds=seconds))
    left = (await tx.session.execute(LEFT)).scalar_one()
    assert timedelta(seconds=30) < left <= timedelta(seconds=60)
