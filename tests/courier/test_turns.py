"""Who is served when: in order within a topic, no faster than Slack likes, and no workspace before others."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

from bot.calls import OUTBOX, listen_for_calls
from bot.courier.courier import Courier
from domain.db import Database
from domain.outbox.service import to_channel
from sandbox import faults
from tests.conftest import HANG_SECONDS
from tests.courier.conftest import ALL, EAST, QUICK, WEST, Eyes, Hire, Office

NEVER = 10 * HANG_SECONDS
"""Nobody looks at the outbox unless called."""
IN_EARNEST = replace(QUICK, pace=1.0, poll=1.0)


NEARLY = 0.8
"""Seconds for each message on the average: on a busy machine one arrives late, and the next one in time."""


async def test_no_faster_than_slack_allows(office: Office, eyes: Eyes, hire: Hire) -> None:
    office.sandbox.limits = True
    courier = await hire(office, timing=IN_EARNEST)
    for channel in (WEST, EAST):
        for number in range(5):
            await office.posts(to_channel(channel), str(number), topic=f"{channel}:{number}")
    courier.wake()
    await eyes.ended()
    assert office.sandbox.slack.rates.tripped == 0
    for channel in (WEST, EAST):
        times = [float(message.ts) for message in office.seen(channel)]
        assert len(times) == 5
        assert times[-1] - times[0] > 4 * NEARLY


async def test_two_couriers_keep_the_pace_together(office: Office, eyes: Eyes, hire: Hire) -> None:
    office.sandbox.limits = True
    couriers = [await hire(office, timing=replace(IN_EARNEST, poll=0.05)) for _ in range(2)]
    for number in range(4):
        await office.posts(to_channel(WEST), str(number), topic=str(number))
    for courier in couriers:
        courier.wake()
    await eyes.ended()
    assert office.sandbox.slack.rates.tripped == 0
    times = [float(message.ts) for message in office.seen(WEST)]
    assert [message.plain for message in office.seen(WEST)] == ["0", "1", "2", "3"]
    assert times[-1] - times[0] > 3 * NEARLY


async def test_a_change_waits_for_its_post(office: Office, eyes: Eyes, hire: Hire) -> None:
    office.sandbox.faults.next("chat.postMessage", faults.rate_limited(1))
    courier = await hire(office)
    await office.posts(to_channel(WEST), "First")
    await office.edits(to_channel(WEST), "Second")
    await office.posts(to_channel(EAST), "East", topic="east")
    courier.wake()
    await eyes.ended()
    assert [message.plain for message in office.seen(WEST)] == ["Second"]
    assert len(office.sandbox.calls_to("chat.update")) == 1


async def test_changes_that_came_in_the_meantime_are_one(office: Office, eyes: Eyes, hire: Hire) -> None:
    courier = await hire(office)
    await office.posts(to_channel(WEST), "0")
    courier.wake()
    await eyes.ended()
    office.sandbox.faults.next("chat.update", faults.hang(accepted=False))
    await office.edits(to_channel(WEST), "1")
    courier.wake()
    await office.sandbox.wait_for(lambda: not office.sandbox.faults.active())
    for number in range(2, 6):
        await office.edits(to_channel(WEST), str(number))
    office.sandbox.faults.clear()
    await eyes.ended()
    assert [message.plain for message in office.seen(WEST)] == ["5"]
    ends = await eyes.rows("SELECT status, reason FROM outbox WHERE mode = 'edit' ORDER BY id")
    assert [tuple(end) for end in ends] == [("cancelled", "replaced by a newer edit"), ("sent", None)]


async def test_a_workspace_that_hangs_holds_up_no_other(
    offices: list[Office], eyes: Eyes, hire: Hire
) -> None:
    hanging, well = offices[:2]
    hanging.sandbox.faults.always("chat.postMessage", faults.hang())
    for number in range(30):
        await hanging.posts(to_channel(f"C0HANGING{number:02}"), topic=f"hang:{number}")
    courier = await hire(hanging, well)
    courier.wake()
    await eyes.until("SELECT count(*) >= 8 FROM outbox WHERE status = 'sending'")
    for channel in (WEST, EAST, ALL):
        await well.posts(to_channel(channel), topic=channel)
    courier.wake()
    await eyes.ended(workspace=well.workspace_id)
    # Nothing of the other has come loose meanwhile.
    sending = "SELECT count(*) FROM outbox WHERE status = 'sending' AND workspace_id = :hanging"
    assert await eyes.value(sending, hanging=hanging.workspace_id) == 8
    hanging.sandbox.faults.clear()
    await eyes.rows("UPDATE outbox SET status = 'cancelled' WHERE status = 'pending'")


@asynccontextmanager
async def heard(db: Database, courier: Courier) -> AsyncIterator[None]:
    """The courier listens to calls while the block lasts."""
    first = asyncio.Event()

    def wake() -> None:
        first.set()
        courier.wake()

    listening = asyncio.create_task(listen_for_calls(db, OUTBOX, wake))
    try:
        async with asyncio.timeout(HANG_SECONDS):
            await first.wait()
        yield
    finally:
        listening.cancel()
        await asyncio.wait([listening])


async def test_a_call_wakes_the_courier_at_once(office: Office, db: Database, eyes: Eyes, hire: Hire) -> None:
    courier = await hire(office, timing=replace(QUICK, poll=NEVER))
    async with heard(db, courier):
        await office.posts(to_channel(WEST))
        await eyes.ended()
        await office.edits(to_channel(WEST), "Changed")
        await eyes.ended()


async def test_calls_are_heard_again_after_the_connection_broke(
    office: Office, db: Database, eyes: Eyes, hire: Hire
) -> None:
    # Until then polling is all there is, and enough.
    courier = await hire(office)
    listening = asyncio.create_task(listen_for_calls(db, OUTBOX, courier.wake))
    ours = (
        "FROM pg_stat_activity WHERE application_name = 'goalkeeper outbox' AND datname = current_database()"
    )
    try:
        await eyes.until(f"SELECT EXISTS (SELECT {ours} AND query LIKE 'LISTEN%')")
        await eyes.rows(f"SELECT pg_terminate_backend(pid) {ours}")
        await office.posts(to_channel(WEST))
        await eyes.ended()
        assert not listening.done()
    finally:
        listening.cancel()
        await asyncio.wait([listening])


async def test_idle_is_when_all_that_was_due_is_sent(office: Office, hire: Hire) -> None:
    courier = await hire(office)
    for number in range(20):
        await office.posts(to_channel(WEST), str(number), topic=str(number))
    courier.wake()
    await courier.until_idle()
    assert len(office.seen(WEST)) == 20


async def test_what_is_in_hand_is_not_idle(office: Office, eyes: Eyes, hire: Hire) -> None:
    office.sandbox.faults.next("chat.postMessage", faults.hang(accepted=True))
    courier = await hire(office)
    await office.posts(to_channel(WEST))
    courier.wake()
    await eyes.until("SELECT EXISTS (SELECT FROM outbox WHERE status = 'sending')")
    idle = asyncio.create_task(courier.until_idle())
    await office.posts(to_channel(EAST), topic="east")
    await eyes.until("SELECT EXISTS (SELECT FROM outbox WHERE topic = 'east' AND status = 'sent')")
    assert not idle.done()
    office.sandbox.faults.clear()
    await idle
    assert len(office.seen(WEST)) == 1


async def test_polling_alone_is_enough(office: Office, eyes: Eyes, hire: Hire) -> None:
    await hire(office)
    await eyes.until("SELECT true")
    await office.posts(to_channel(WEST))
    await eyes.ended()
