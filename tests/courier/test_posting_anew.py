"""A change whose message is gone is told by a new message: once, and later changes change that one."""

from dataclasses import replace

import pytest

from bot.app import FEATURES
from bot.clock import elapsed
from bot.courier.sending import Sender
from domain.db import Database
from domain.outbox.service import to_channel
from sandbox import faults
from tests.courier.conftest import ANA, EAST, QUICK, RENDERERS, SAID, WEST, Eyes, Hire, Office, installed
from tests.courier.test_leases import taken


@pytest.fixture
async def west(office: Office, eyes: Eyes, hire: Hire) -> Office:
    """An office in whose channel a message has been posted; a courier is at work."""
    office.sandbox.slack.workspace.scopes.append("channels:history")
    await hire(office)
    await office.posts(to_channel(WEST), "Before")
    await eyes.ended()
    return office


def gone(office: Office, channel: str = WEST) -> None:
    """Somebody deletes what the bot has said."""
    for message in office.seen(channel):
        office.sandbox.slack.posts.delete(message)


def said(office: Office, channel: str = WEST) -> list[str]:
    """What people read."""
    return [message.plain for message in office.seen(channel)]


async def test_a_change_of_a_deleted_message_is_posted_anew(west: Office, eyes: Eyes) -> None:
    gone(west)
    await west.edits(to_channel(WEST), "After")
    await eyes.ended()
    assert said(west) == ["After"]
    [old, new] = await eyes.rows("SELECT mode, status, reason, ts FROM outbox ORDER BY id")
    assert (old.mode, old.status) == ("post", "sent")
    assert (new.mode, new.status, new.reason, new.ts) == ("post", "sent", None, west.seen(WEST)[0].ts)


async def test_later_changes_change_the_new_message(west: Office, eyes: Eyes) -> None:
    gone(west)
    await west.edits(to_channel(WEST), "After")
    await eyes.ended()
    first = west.seen(WEST)[0].ts
    await west.edits(to_channel(WEST), "Later")
    await eyes.ended()
    assert said(west) == ["Later"]
    assert west.seen(WEST)[0].ts == first
    # It can be deleted in its turn.
    gone(west)
    await west.edits(to_channel(WEST), "Last")
    await eyes.ended()
    assert said(west) == ["Last"]


@pytest.mark.parametrize("word", ["message_not_found", "cant_update_message", "edit_window_closed"])
async def test_whatever_slack_calls_it(word: str, west: Office, eyes: Eyes) -> None:
    west.sandbox.faults.next("chat.update", faults.error(word))
    await west.edits(to_channel(WEST), "After")
    await eyes.ended()
    assert said(west) == ["Before", "After"]


@pytest.mark.parametrize("end", ["failed", "cancelled"])
async def test_a_change_of_what_was_never_said_is_said(end: str, west: Office, eyes: Eyes) -> None:
    if end == "failed":
        west.sandbox.faults.next("chat.postMessage", faults.error("msg_too_long"))
    await west.posts(to_channel(EAST), "Before", topic="east", gone=end == "cancelled")
    await eyes.ended()
    assert (await eyes.intent("east", west.workspace_id)).status == end
    await west.edits(to_channel(EAST), "After", topic="east")
    await eyes.ended()
    assert said(west, EAST) == ["After"]


async def test_a_direct_message_of_an_app_that_was_installed_anew(west: Office, eyes: Eyes) -> None:
    ana = await west.meets(ANA)
    await west.posts(ana, "Before", topic="ana")
    await eyes.ended()
    west.sandbox.faults.next("chat.update", faults.error("channel_not_found"))
    await west.edits(ana, "After", topic="ana")
    await eyes.ended()
    assert [message.plain for message in west.told(ANA)] == ["Before", "After"]
    assert await eyes.value("SELECT count(*) FROM outbox_lanes WHERE parked_at IS NOT NULL") == 0


async def test_a_new_message_that_may_have_arrived_is_looked_for(west: Office, eyes: Eyes) -> None:
    gone(west)
    west.sandbox.faults.next("chat.postMessage", faults.dropped(accepted=True))
    await west.edits(to_channel(WEST), "After")
    await eyes.ended()
    assert said(west) == ["After"]
    assert len(west.sandbox.calls_to("conversations.history")) == 1


@pytest.mark.parametrize("step", ["before the edit", "before it is recorded", "before the post", "after it"])
async def test_copies_that_die_on_the_way_neither_lose_it_nor_say_it_twice(
    step: str, office: Office, db: Database, eyes: Eyes, hire: Hire
) -> None:
    office.sandbox.slack.workspace.scopes.append("channels:history")
    await office.posts(to_channel(WEST), "Before")
    await seen_through(db, office)
    gone(office)
    await office.edits(to_channel(WEST), "After")
    if step == "before the edit":
        await taken(db, office)
    elif step == "before it is recorded":
        await half_done(db, office)
    else:
        await seen_through(db, office)
        await (half_done if step == "after it" else taken)(db, office)
    (await hire(office)).wake()
    await eyes.ended()
    assert said(office) == ["After"]


async def seen_through(db: Database, office: Office) -> None:
    """A copy sends what is due, and records how that went."""
    intent = await taken(db, office, 60)
    async with installed(db, [office], QUICK) as served:
        await Sender(db, served, RENDERERS, QUICK).deliver(intent, elapsed())


async def half_done(db: Database, office: Office) -> None:
    """A copy sends what is due, and dies before it can say so."""
    intent = await taken(db, office)
    async with installed(db, [office], QUICK) as served:
        await Sender(db, served, RENDERERS, QUICK)._outcome(intent, elapsed())


async def test_a_frozen_copy_does_not_post_anew_what_another_has(
    office: Office, db: Database, eyes: Eyes, hire: Hire
) -> None:
    await office.posts(to_channel(WEST), "Before")
    await seen_through(db, office)
    gone(office)
    await office.edits(to_channel(WEST), "After")
    frozen = await taken(db, office)
    (await hire(office)).wake()
    await eyes.ended()
    async with installed(db, [office], QUICK) as served:
        await Sender(db, served, RENDERERS, QUICK).deliver(frozen, elapsed())
    await eyes.ended()
    assert said(office) == ["After"]


async def test_what_is_no_news_stays_gone(office: Office, db: Database, eyes: Eyes) -> None:
    await office.posts(to_channel(WEST), "Set your goals")
    await seen_through(db, office)
    gone(office)
    await office.edits(to_channel(WEST), "Goals set")
    quiet = {SAID: replace(RENDERERS[SAID], news=False)}
    intent = await taken(db, office, 60)
    async with installed(db, [office], QUICK) as served:
        await Sender(db, served, quiet, QUICK).deliver(intent, elapsed())
    assert said(office) == []
    row = await eyes.intent("hello", office.workspace_id, "edit")
    assert (row.status, row.reason) == ("cancelled", "its message is gone (message_not_found)")


async def test_of_changes_that_wait_together_the_newest_is_told(
    office: Office, db: Database, eyes: Eyes, hire: Hire
) -> None:
    await office.posts(to_channel(WEST), "Before")
    await seen_through(db, office)
    gone(office)
    await office.edits(to_channel(WEST), "Old")
    intent = await taken(db, office, 60)
    await office.edits(to_channel(WEST), "New")
    async with installed(db, [office], QUICK) as served:
        await Sender(db, served, RENDERERS, QUICK).deliver(intent, elapsed())
    (await hire(office)).wake()
    await eyes.ended()
    assert said(office) == ["New"]
    # It says so from the start, and bears no mark of a change.
    assert office.seen(WEST)[0].edited is None


def test_what_only_puts_an_old_message_to_rest_does_not_come_back() -> None:
    quiet = {kind for kind, renderer in FEATURES.renderers.items() if not renderer.news}
    assert quiet == {
        "leaderboards.board",
        "reminders.reminder",
        "reminders.digest",
        "reminders.nudge",
        "teams.join_request",
        "courier.destination_down",
    }
