"""A post that Slack may have already is looked for before it is sent again, wherever it may stand by then."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.clock import elapsed
from bot.courier.posting import SKEW
from bot.courier.sending import Sender
from bot.slack.rendering import Renderers
from domain.db import Database, Transaction
from domain.outbox import delivery
from domain.outbox.delivery import Claimed, Objection
from domain.outbox.service import to_channel
from sandbox import Message
from sandbox.posts import Draft
from tests.courier.conftest import ANA, QUICK, RENDERERS, SAID, WEST, Eyes, Hire, Office, installed
from tests.courier.test_leases import taken

CHATTER = 1_100
"""Messages: more than Slack gives in one page."""
ALMOST = SKEW.total_seconds() - 5
"""Seconds by which a clock may well be off."""


@pytest.fixture
def west(office: Office) -> Office:
    """An office whose channels the bot may read."""
    office.sandbox.slack.workspace.scopes.append("channels:history")
    return office


async def sent(db: Database, office: Office, intent: Claimed, renderers: Renderers = RENDERERS) -> None:
    """A copy posts this, and dies before it can say so."""
    async with installed(db, [office], QUICK) as served:
        await Sender(db, served, renderers, QUICK)._outcome(intent, elapsed())


async def seen_through(
    db: Database, office: Office, intent: Claimed, renderers: Renderers = RENDERERS
) -> None:
    """A copy sends this, and records how that went."""
    async with installed(db, [office], QUICK) as served:
        await Sender(db, served, renderers, QUICK).deliver(intent, elapsed())


def chatter(office: Office) -> None:
    """People talk in the channel."""
    slack = office.sandbox.slack
    for number in range(CHATTER):
        slack.posts.post(slack.directory.channel(WEST), ANA, Draft(f"n{number}"))


def moved(message: Message, seconds: float) -> None:
    """Slack has it at another time than ours."""
    message.ts = f"{float(message.ts) + seconds:.6f}"


async def test_behind_more_than_a_page_of_messages(
    west: Office, db: Database, eyes: Eyes, hire: Hire
) -> None:
    await west.posts(to_channel(WEST))
    await sent(db, west, await taken(db, west))
    chatter(west)
    (await hire(west)).wake()
    await eyes.ended()
    assert len(west.seen(WEST)) == 1
    assert (await eyes.intent("hello", west.workspace_id)).ts == west.seen(WEST)[0].ts


async def test_what_was_said_long_after_it_is_not_read(
    west: Office, db: Database, eyes: Eyes, hire: Hire
) -> None:
    # A copy died before it posted, nobody was at work for an hour, and people went on talking.
    await west.posts(to_channel(WEST))
    await taken(db, west)
    await eyes.rows("UPDATE outbox SET leased_until = leased_until - interval '1 hour'")
    chatter(west)
    (await hire(west)).wake()
    await eyes.ended()
    assert len(west.seen(WEST)) == 1
    assert len(west.sandbox.calls_to("conversations.history")) == 1


@pytest.mark.parametrize("seconds", [-ALMOST, ALMOST], ids=["behind", "ahead"])
async def test_slack_s_clock_may_be_off(
    seconds: float, west: Office, db: Database, eyes: Eyes, hire: Hire
) -> None:
    await west.posts(to_channel(WEST))
    await sent(db, west, await taken(db, west))
    moved(west.seen(WEST)[0], seconds)
    (await hire(west)).wake()
    await eyes.ended()
    assert len(west.seen(WEST)) == 1


async def test_a_doubt_lasts_from_the_first_try_to_the_end_of_the_last(
    west: Office, db: Database, eyes: Eyes
) -> None:
    await west.posts(to_channel(WEST))
    lease = 60.0

    async def fails(intent: Claimed, *, uncertain: bool) -> Claimed:
        async with db.workspace(west.workspace_id) as tx:
            assert await delivery.record_retry(tx.session, intent, timedelta(), "", uncertain=uncertain)
        return await taken(db, west, lease)

    first = await taken(db, west, lease)
    second = await fails(first, uncertain=True)
    assert (second.uncertain_since, second.uncertain_until) == (first.claimed_at, ends(first, lease))
    third = await fails(second, uncertain=True)
    assert (third.uncertain_since, third.uncertain_until) == (first.claimed_at, ends(second, lease))
    fourth = await fails(third, uncertain=False)
    assert (fourth.uncertain_since, fourth.uncertain_until) == (first.claimed_at, ends(second, lease))
    # The copy that holds it dies.
    await eyes.rows("UPDATE outbox SET leased_until = clock_timestamp()")
    ended = await eyes.value("SELECT leased_until FROM outbox")
    fifth = await taken(db, west, lease)
    assert (fifth.uncertain_since, fifth.uncertain_until) == (first.claimed_at, ended)


def ends(intent: Claimed, lease: float) -> object:
    """The end of the intent's lease."""
    return intent.claimed_at + timedelta(seconds=lease)


async def _too_late(_tx: Transaction, _intent: Claimed) -> Objection:
    return Objection("too late for that")


OBJECTED: Renderers = {SAID: replace(RENDERERS[SAID], objection=_too_late)}


@pytest.mark.parametrize("arrived", [True, False])
async def test_what_slack_has_was_said_even_if_it_should_not_be_by_now(
    arrived: bool, west: Office, db: Database, eyes: Eyes
) -> None:
    await west.posts(to_channel(WEST))
    first = await taken(db, west)
    if arrived:
        await sent(db, west, first)
    await seen_through(db, west, await taken(db, west, 60), OBJECTED)
    intent = await eyes.intent("hello", west.workspace_id)
    if arrived:
        assert (intent.status, intent.ts) == ("sent", west.seen(WEST)[0].ts)
    else:
        assert (intent.status, intent.reason) == ("cancelled", "too late for that")
    assert len(west.seen(WEST)) == arrived


async def test_one_message_at_a_time_goes_to_a_place(west: Office, db: Database) -> None:
    # Nobody knows the order in which Slack takes two that are sent at once.
    await west.posts(to_channel(WEST), topic="one")
    await west.posts(to_channel(WEST), topic="two")
    first = await taken(db, west, 60)
    async with db.everywhere() as tx:
        rooms = {west.workspace_id: 8}
        assert await delivery.claim(tx.session, rooms, most=12, lease=QUICK.lease, pace=timedelta()) == []
    async with db.workspace(west.workspace_id) as tx:
        await delivery.record_sent(tx.session, first, WEST, "1.0")
    assert (await taken(db, west, 60)).topic == "two"


@pytest.mark.parametrize(
    "state",
    ["status = 'parked'", "not_before = clock_timestamp() + interval '1 hour'"],
    ids=["laid aside", "tried"],
)
async def test_a_change_waits_while_its_post_may_still_be_sent(
    state: str, west: Office, db: Database, eyes: Eyes
) -> None:
    await west.posts(to_channel(WEST), "Before")
    await eyes.rows(f"UPDATE outbox SET {state}")
    await west.edits(to_channel(WEST), "After")
    async with db.everywhere() as tx:
        rooms = {west.workspace_id: 8}
        assert await delivery.claim(tx.session, rooms, most=12, lease=QUICK.lease, pace=timedelta()) == []
