"""A copy that was frozen with something in hand: it neither sends it late nor overrules who took over."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.clock import elapsed
from bot.courier.courier import Courier
from bot.courier.sending import Sender
from bot.courier.timing import Timing
from domain.db import Database
from domain.outbox import delivery
from domain.outbox.delivery import Claimed
from domain.outbox.model import IntentStatus
from domain.outbox.service import to_channel
from sandbox import faults
from tests.courier.conftest import ANA, QUICK, RENDERERS, WEST, Eyes, Hire, Office, installed
from tests.slack.test_database_away import Away
from tests.slack.test_database_away import away as away

FROZEN = QUICK.start + 0.01
"""Seconds for which the copy has had it in hand."""


async def taken(db: Database, office: Office, lease: float = 0.0) -> Claimed:
    """What is due, in the hand of a copy that then freezes."""
    async with db.everywhere() as tx:
        [intent] = await delivery.claim(
            tx.session,
            {office.workspace_id: 8},
            most=12,
            lease=timedelta(seconds=lease),
            pace=timedelta(),
        )
    return intent


async def thawed(db: Database, office: Office, intent: Claimed, frozen: float = FROZEN) -> None:
    """It goes on where it was."""
    async with installed(db, [office], QUICK) as served:
        await Sender(db, served, RENDERERS, QUICK).deliver(intent, elapsed() - frozen)


async def test_a_frozen_copy_does_not_post_what_another_has_posted(
    office: Office, db: Database, eyes: Eyes, hire: Hire
) -> None:
    ana = await office.meets(ANA)
    await office.posts(ana)
    intent = await taken(db, office)
    courier = await hire(office)
    courier.wake()
    await eyes.ended()
    await thawed(db, office, intent)
    assert len(office.told(ANA)) == 1
    assert (await eyes.intent("hello", office.workspace_id)).status == "sent"


async def test_a_frozen_copy_does_not_put_an_old_text_over_a_newer_one(
    office: Office, db: Database, eyes: Eyes, hire: Hire
) -> None:
    courier = await hire(office)
    await office.posts(to_channel(WEST))
    courier.wake()
    await eyes.ended()
    courier.stop()
    await office.edits(to_channel(WEST), "Old")
    intent = await taken(db, office)
    await office.edits(to_channel(WEST), "New")
    (await hire(office)).wake()
    await eyes.ended()
    await thawed(db, office, intent)
    assert [message.plain for message in office.seen(WEST)] == ["New"]


@pytest.mark.parametrize("mode", ["post", "edit"])
async def test_what_is_too_late_is_given_back(
    mode: str, office: Office, db: Database, eyes: Eyes, hire: Hire
) -> None:
    if mode == "edit":
        courier = await hire(office)
        await office.posts(to_channel(WEST))
        courier.wake()
        await eyes.ended()
        courier.stop()
    calls = len(office.sandbox.calls)
    await (office.edits if mode == "edit" else office.posts)(to_channel(WEST), "Late")
    # Nobody else is there, so that the lease is still its own.
    await thawed(db, office, await taken(db, office, lease=60))
    assert len(office.sandbox.calls) == calls
    intent = await eyes.intent("hello", office.workspace_id, mode)
    assert (intent.status, intent.reason) == ("pending", "too little of its lease was left")
    assert intent.uncertain_since is None
    (await hire(office)).wake()
    await eyes.ended()
    assert [message.plain for message in office.seen(WEST)] == ["Late"]


async def test_text_alone_is_not_sent_late_either(office: Office, db: Database, eyes: Eyes) -> None:
    # Slack took all the time there was to refuse the blocks.
    office.sandbox.faults.next("chat.postMessage", faults.error("invalid_blocks"))
    await office.posts(to_channel(WEST))
    slow = replace(QUICK, start=0.0)
    intent = await taken(db, office, lease=60)
    async with installed(db, [office], QUICK) as served:
        await Sender(db, served, RENDERERS, slow).deliver(intent, elapsed() + 0.001)
    assert office.seen(WEST) == []
    assert (await eyes.intent("hello", office.workspace_id)).status == "pending"


async def test_what_was_lost_with_a_copy_is_looked_for_and_found(
    office: Office, db: Database, eyes: Eyes, hire: Hire
) -> None:
    # It posted, and died before it could say so.
    office.sandbox.slack.workspace.scopes.append("channels:history")
    await office.posts(to_channel(WEST))
    intent = await taken(db, office)
    async with installed(db, [office], QUICK) as served:
        sender = Sender(db, served, RENDERERS, QUICK)
        await sender._outcome(intent, elapsed())
    assert len(office.seen(WEST)) == 1
    courier = await hire(office)
    courier.wake()
    await eyes.ended()
    assert len(office.seen(WEST)) == 1
    intent_row = await eyes.intent("hello", office.workspace_id)
    assert (intent_row.status, intent_row.ts) == ("sent", office.seen(WEST)[0].ts)
    assert intent_row.uncertain_since is None


async def test_a_change_that_failed_gives_way_to_a_newer_one(
    office: Office, db: Database, eyes: Eyes
) -> None:
    await office.posts(to_channel(WEST), "Before")
    await eyes.rows("UPDATE outbox SET status = 'sent', channel = 'C0', ts = '1.0'")
    await office.edits(to_channel(WEST), "Old")
    old = await taken(db, office, 60)
    await office.edits(to_channel(WEST), "New")
    async with db.workspace(office.workspace_id) as tx:
        assert await delivery.record_retry(tx.session, old, timedelta(), "busy", uncertain=False)
    ends = await eyes.rows("SELECT status, reason FROM outbox WHERE mode = 'edit' ORDER BY id")
    assert [tuple(end) for end in ends] == [("cancelled", "replaced by a newer edit"), ("pending", None)]


async def test_a_late_receipt_does_not_count(office: Office, db: Database, eyes: Eyes) -> None:
    await office.posts(to_channel(WEST))
    first = await taken(db, office)
    second = await taken(db, office)
    assert (first.id, second.uncertain_since) == (second.id, first.claimed_at)
    async with db.workspace(office.workspace_id) as tx:
        assert not await delivery.record_sent(tx.session, first, WEST, "1.0")
        assert not await delivery.record_end(tx.session, first, IntentStatus.FAILED, "late")
        assert not await delivery.record_retry(tx.session, first, timedelta(), "late", uncertain=True)
        assert await delivery.record_sent(tx.session, second, WEST, "2.0")
    intent = await eyes.intent("hello", office.workspace_id)
    assert (intent.status, intent.ts, intent.reason) == ("sent", "2.0", None)


async def test_what_became_of_it_is_recorded_once_the_database_is_back(
    office: Office, eyes: Eyes, hire: Hire, away: Away
) -> None:
    office.sandbox.faults.next("chat.postMessage", faults.hang(accepted=True))
    courier = await hire(office, timing=replace(QUICK, settle=30.0))
    await office.posts(to_channel(WEST))
    courier.wake()
    await eyes.until("SELECT EXISTS (SELECT FROM outbox WHERE status = 'sending')")
    await office.sandbox.wait_for(lambda: office.seen(WEST))
    away.gone()
    office.sandbox.faults.clear()
    await office.sandbox.wait_for(lambda: office.sandbox.calls_to("chat.postMessage"))
    # It cannot be recorded now, and the lease has half a minute to go.
    await eyes.until("SELECT pg_sleep(0.2) IS NOT NULL")
    away.back()
    await eyes.until("SELECT uncertain_since IS NOT NULL AND status = 'pending' FROM outbox")


async def test_a_claim_is_its_own_until_the_lease_ends(office: Office, db: Database, eyes: Eyes) -> None:
    await office.posts(to_channel(WEST))
    await taken(db, office, lease=60)
    async with db.everywhere() as tx:
        again = await delivery.claim(
            tx.session, {office.workspace_id: 8}, most=12, lease=QUICK.lease, pace=timedelta()
        )
    assert again == []
    assert await eyes.value("SELECT attempts FROM outbox") == 1


async def test_nobody_takes_over_before_whatever_a_copy_may_have_begun_has_arrived(
    office: Office, db: Database, eyes: Eyes, hire: Hire
) -> None:
    office.sandbox.slack.workspace.scopes.append("channels:history")
    slow = replace(QUICK, start=0.5, send=0.5, settle=2.0)
    await office.posts(to_channel(WEST))
    intent = await taken(db, office, slow.lease.total_seconds())
    async with installed(db, [office], slow) as served:
        # It never says how that went.
        await Sender(db, served, RENDERERS, slow)._outcome(intent, elapsed())
    # The worst that can be: it began at the last moment, its call took all the time that it had, and Slack
    # shows the message only when it must.
    [message] = office.seen(WEST)
    longest = slow.start + slow.send + slow.settle * 0.95
    message.hidden_until = intent.claimed_at.timestamp() + longest
    (await hire(office, timing=slow)).wake()
    await eyes.ended()
    assert len(office.seen(WEST)) == 1
    assert len(office.sandbox.calls_to("chat.postMessage")) == 1


async def test_what_is_cut_short_is_left_to_its_lease(office: Office, db: Database, eyes: Eyes) -> None:
    office.sandbox.faults.next("chat.postMessage", faults.hang(accepted=False))
    await office.posts(to_channel(WEST))
    async with installed(db, [office], QUICK) as served:
        courier = Courier(db, served, RENDERERS, QUICK)
        courier._take(await taken(db, office, 60), elapsed())
        [sending] = courier._in_hand
        await office.sandbox.wait_for(lambda: not office.sandbox.faults.active())
        ending = asyncio.create_task(courier._drain())
        await asyncio.wait([ending], timeout=0)
        ending.cancel()
        await asyncio.wait([ending, sending])
    assert sending.cancelled()
    assert (await eyes.intent("hello", office.workspace_id)).status == "sending"


async def test_what_could_not_be_recorded_is_in_the_log(
    office: Office, db: Database, caplog: pytest.LogCaptureFixture
) -> None:
    async def fails() -> None:
        raise ConnectionError

    async with installed(db, [office], QUICK) as served:
        courier, recording = Courier(db, served, RENDERERS, QUICK), asyncio.create_task(fails())
        courier._in_hand[recording] = office.workspace_id
        await asyncio.wait([recording])
        courier._done(recording)
    assert (
        "an outcome was not recorded, so its intent waits for the lease to end: ConnectionError"
        in caplog.text
    )


def test_a_lease_lasts_from_the_claim_until_nothing_more_can_arrive() -> None:
    assert Timing().lease == timedelta(seconds=15)


def test_each_wait_is_twice_as_long_and_a_minute_at_most() -> None:
    assert [Timing().backoff(attempts) for attempts in (1, 2, 3, 6, 7, 99)] == [1, 2, 4, 32, 60, 60]
