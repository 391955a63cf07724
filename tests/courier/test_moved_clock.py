"""Messages under a business clock that somebody moves."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.clock import BusinessClock
from bot.postgres import create_owner_engine
from domain.db import Database
from domain.outbox import service as outbox
from domain.outbox.service import Saying, Topic, to_channel
from tests.courier.conftest import QUICK, SAID, WEST, Eyes, Hire, Office
from tests.courier.test_turns import heard

DEADLINE = datetime(2026, 2, 6, 17, tzinfo=UTC)


@pytest.fixture
async def clock(database_url: str) -> AsyncIterator[BusinessClock]:
    """The clock of a rehearsal, three days before something is due."""
    engine = create_owner_engine(database_url)
    clock = BusinessClock(engine, movable=True)
    await clock.set(DEADLINE - timedelta(days=3))
    yield clock
    await engine.dispose()


async def test_a_message_says_that_the_clock_was_moved(
    office: Office, clock: BusinessClock, eyes: Eyes, hire: Hire
) -> None:
    courier = await hire(office)
    await office.posts(to_channel(WEST))
    courier.wake()
    await eyes.ended()
    footer = "🕰 Rehearsal: the clock stood at Tue, Feb 3, 2026, 17:00 UTC."
    [message] = office.seen(WEST)
    assert message.text == f"Hello\n{footer}"
    assert message.plain.splitlines() == ["Hello", footer]
    await clock.real()
    await office.edits(to_channel(WEST), "Changed")
    courier.wake()
    await eyes.ended()
    assert [message.text for message in office.seen(WEST)] == ["Changed"]


async def test_what_comes_due_is_sent_at_once_and_never_again(
    office: Office, db: Database, clock: BusinessClock, eyes: Eyes, hire: Hire
) -> None:
    courier = await hire(office, timing=replace(QUICK, poll=60.0))
    async with heard(db, courier):
        async with db.workspace(office.workspace_id) as tx:
            saying = Saying(SAID, to_channel(WEST), Topic("reminder"), {"words": "Today"}, due_at=DEADLINE)
            assert await outbox.post(tx.session, saying)
        await office.posts(to_channel(WEST), "First", topic="first")
        await eyes.until("SELECT EXISTS (SELECT FROM outbox WHERE topic = 'first' AND status = 'sent')")
        await courier.until_idle()
        assert len(office.seen(WEST)) == 1
        await clock.advance(timedelta(days=3))
        await eyes.ended()
        assert [message.plain.splitlines()[0] for message in office.seen(WEST)] == ["First", "Today"]

        # Back again, and through the same days once more.
        await clock.advance(timedelta(days=-7))
        await clock.advance(timedelta(days=8))
        async with db.workspace(office.workspace_id) as tx:
            assert not await outbox.post(tx.session, saying)
        await office.posts(to_channel(WEST), "Last", topic="last")
        await eyes.ended()
    assert [message.plain.splitlines()[0] for message in office.seen(WEST)] == ["First", "Today", "Last"]


async def test_real_time_rules_waits_whatever_the_business_clock_says(
    office: Office, clock: BusinessClock, db: Database, eyes: Eyes, hire: Hire
) -> None:
    courier = await hire(office, timing=replace(QUICK, pace=3600.0))
    await office.posts(to_channel(WEST), "First", topic="first")
    courier.wake()
    await eyes.ended()
    await office.posts(to_channel(WEST), "Second", topic="second")
    await clock.advance(timedelta(days=10))
    courier.wake()
    await office.posts(to_channel("C0TEAMEAST1"), "East", topic="east")
    courier.wake()
    await eyes.until("SELECT EXISTS (SELECT FROM outbox WHERE topic = 'east' AND status = 'sent')")
    assert len(office.seen(WEST)) == 1
