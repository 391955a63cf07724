"""Lanes that Slack has told us to hold."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from domain.db import Transaction
from domain.outbox import lanes
from domain.outbox.service import Saying, Topic, post

LEFT = text("SELECT next_at - clock_timestamp() FROM outbox_lanes WHERE lane = 'channel:C1'")


@pytest.mark.parametrize("waits", [(60, 1), (1, 60)], ids=["longer first", "shorter first"])
async def test_the_longest_wait_counts(waits: tuple[int, int], tx: Transaction) -> None:
    for seconds in waits:
        await lanes.hold(tx.session, "channel:C1", timedelta(seconds=seconds))
    left = (await tx.session.execute(LEFT)).scalar_one()
    assert timedelta(seconds=30) < left <= timedelta(seconds=60)


async def test_a_lane_that_is_parked_says_what_waits_in_it(tx: Transaction) -> None:
    for lane, number in (("channel:C1", 1), ("channel:C2", 2)):
        await lanes.park(tx.session, lane, "is_archived", timedelta(minutes=15))
        for topic in range(number):
            await post(tx.session, Saying("greetings.hello", lane, Topic(lane, part=str(topic)), {}))
    assert {one.lane: one.waiting for one in await lanes.parked(tx.session)} == {
        "channel:C1": 1,
        "channel:C2": 2,
    }
