"""Destinations that do not work: one person is told, once; what had waited goes out when they are mended."""

from dataclasses import replace

import pytest

from domain.db import Database
from domain.outbox import releasing
from domain.outbox.service import to_channel
from sandbox import faults
from sandbox.model import Message
from tests.courier.conftest import ADAEZE, ALL, ANA, EAST, MARISOL, PRIYA, QUICK, WEST, Eyes, Hire, Office

PARKED = "SELECT EXISTS (SELECT FROM outbox_lanes WHERE parked_at IS NOT NULL)"
REPORTED = "SELECT EXISTS (SELECT FROM outbox WHERE topic LIKE 'lane:%' AND status = 'sent')"
NEVER = replace(QUICK, probe=3600.0)
"""Nothing is tried again but when an event says that it is mended."""


@pytest.fixture
async def west(office: Office) -> Office:
    """A team with a manager, and an admin."""
    await office.meets(ADAEZE, slack_admin=True)
    await office.meets(MARISOL)
    await office.has_team(WEST, MARISOL)
    return office


def shut(office: Office, channel: str, *, archived: bool = True) -> None:
    """Somebody archives a channel, and the bot misses the event."""
    office.sandbox.channel(channel).channel.is_archived = archived


async def test_the_manager_is_told_once_and_what_waited_goes_out(
    west: Office, eyes: Eyes, hire: Hire
) -> None:
    shut(west, WEST)
    courier = await hire(west)
    for words in ("One", "Two", "Three"):
        await west.posts(to_channel(WEST), words, topic=words)
    await west.posts(to_channel(EAST), "East", topic="east")
    courier.wake()
    await eyes.until(REPORTED)
    [report] = west.told(MARISOL)
    assert report.text == (
        "⚠️ My messages don't get to <#C0TEAMWEST1>.\n"
        "The channel is archived. Unarchive it, or have an admin choose another one.\n"
        "3 messages wait, and will go out by themselves then."
    )
    assert [one.plain for one in west.seen(EAST)] == ["East"]
    # Tried several times more; nobody is told again.
    await eyes.until("SELECT max(attempts) >= 3 FROM outbox")
    shut(west, WEST, archived=False)
    await eyes.ended()
    assert sorted(one.plain for one in west.seen(WEST)) == ["One", "Three", "Two"]
    [report] = west.told(MARISOL)
    assert report.text == "✅ My messages get to <#C0TEAMWEST1> again. What had waited is on its way."
    assert west.told(ADAEZE) == []


@pytest.mark.parametrize("manager", [None, "left", "unreachable"])
async def test_else_an_admin_is_told(manager: str | None, office: Office, eyes: Eyes, hire: Hire) -> None:
    await office.meets(ADAEZE, slack_admin=True)
    marisol = await office.meets(MARISOL, is_active=manager != "left")
    await office.has_team(WEST, MARISOL if manager else None)
    courier = await hire(office, timing=NEVER)
    if manager == "unreachable":
        office.sandbox.faults.next("conversations.open", faults.error("user_disabled"))
        await office.posts(marisol, topic="marisol")
        courier.wake()
        await eyes.until(REPORTED)
    before = len(office.told(ADAEZE))
    shut(office, WEST)
    await office.posts(to_channel(WEST), topic="west")
    courier.wake()
    await eyes.until(
        "SELECT EXISTS (SELECT FROM outbox WHERE topic LIKE 'lane:channel:%' AND status = 'sent')"
    )
    assert len(office.told(ADAEZE)) == before + 1
    assert office.told(MARISOL) == []


async def test_with_nobody_to_tell_the_log_is_told(
    office: Office, eyes: Eyes, hire: Hire, caplog: pytest.LogCaptureFixture
) -> None:
    shut(office, WEST)
    courier = await hire(office)
    await office.posts(to_channel(WEST))
    courier.wake()
    await eyes.until(PARKED)
    assert "there is nobody to tell about channel:C0TEAMWEST1" in caplog.text
    shut(office, WEST, archived=False)
    await eyes.ended()
    assert len(office.seen(WEST)) == 1


async def test_down_twice_is_reported_twice_and_each_report_is_brought_up_to_date(
    west: Office, eyes: Eyes, hire: Hire
) -> None:
    courier = await hire(west)
    for time in ("first", "second"):
        shut(west, WEST)
        await west.posts(to_channel(WEST), topic=time)
        courier.wake()
        await eyes.until(PARKED)
        shut(west, WEST, archived=False)
        await eyes.ended()
    assert [one.text[0] for one in west.told(MARISOL)] == ["✅", "✅"]


async def test_a_report_is_about_its_own_time_and_not_about_the_next(
    west: Office, eyes: Eyes, hire: Hire
) -> None:
    # The manager's direct messages are slow: the channel is down again before anything was said.
    marisol_waits = "UPDATE outbox_lanes SET next_at = clock_timestamp() + :wait WHERE lane = :lane"
    marisol = f"user:{west.users[MARISOL]}"
    await eyes.rows(
        "INSERT INTO outbox_lanes (workspace_id, lane, next_at)"
        " VALUES (:workspace, :lane, clock_timestamp() + interval '1 h')",
        workspace=west.workspace_id,
        lane=marisol,
    )
    courier = await hire(west)
    for time in ("first", "second"):
        shut(west, WEST)
        await west.posts(to_channel(WEST), topic=time)
        courier.wake()
        await eyes.until(PARKED)
        if time == "first":
            shut(west, WEST, archived=False)
            await eyes.until("SELECT EXISTS (SELECT FROM outbox WHERE topic = 'first' AND status = 'sent')")
    await eyes.rows(marisol_waits, wait=QUICK.lease * 0, lane=marisol)
    courier.wake()
    await eyes.until(
        "SELECT count(*) = 2 FROM outbox WHERE topic LIKE 'lane:%' AND mode = 'post' AND ts <> ''"
    )
    assert [one.text[0] for one in west.told(MARISOL)] == ["✅", "⚠"]


async def test_a_void_token_stops_its_workspace_alone(offices: list[Office], eyes: Eyes, hire: Hire) -> None:
    void, well = offices[:2]
    for office in (void, well):
        await office.meets(ADAEZE, slack_admin=True)
        await office.meets(ANA)
    courier = await hire(void, well)
    token, void.sandbox.slack.workspace.bot_token = void.sandbox.bot_token, "xoxb-other"
    for office in (void, well):
        for channel in (WEST, EAST, ALL):
            await office.posts(to_channel(channel), topic=channel)
    courier.wake()
    await eyes.ended(workspace=well.workspace_id)
    await eyes.until(PARKED)
    assert [len(well.seen(channel)) for channel in (WEST, EAST, ALL)] == [1, 1, 1]
    lanes = await eyes.rows(
        "SELECT workspace_id, lane, parked_reason FROM outbox_lanes WHERE parked_at IS NOT NULL"
    )
    assert [tuple(lane) for lane in lanes] == [(void.workspace_id, "*", "invalid_auth")]
    # While it is void, Slack is asked now and then and not all the time.
    tries = len(void.sandbox.calls_to("chat.postMessage"))
    assert tries <= 6

    void.sandbox.slack.workspace.bot_token = token
    await eyes.ended()
    assert [len(void.seen(channel)) for channel in (WEST, EAST, ALL)] == [1, 1, 1]
    # A workspace is no place of which somebody in it could be told.
    assert [one.kind for one in await eyes.rows("SELECT DISTINCT kind FROM outbox")] == ["tests.said"]
    assert void.told(ADAEZE) == []


async def test_a_channel_whose_history_is_closed_to_us_is_looked_at_by_a_person(
    west: Office, eyes: Eyes, hire: Hire
) -> None:
    west.sandbox.faults.next("chat.postMessage", faults.dropped(accepted=True))
    courier = await hire(west)
    await west.posts(to_channel(WEST), "Perhaps", topic="perhaps")
    await west.posts(to_channel(WEST), "Next", topic="next")
    courier.wake()
    await eyes.ended()
    assert [one.plain for one in west.seen(WEST)] == ["Perhaps", "Next"]
    perhaps = await eyes.intent("perhaps", west.workspace_id)
    assert (perhaps.status, perhaps.attempts) == ("parked", 2)
    [question] = west.told(MARISOL)
    assert question.text.startswith("⚠️ Slack broke off while I was posting in <#C0TEAMWEST1>")
    assert "channels:history" in question.text


async def test_so_is_one_in_which_we_are_not(west: Office, eyes: Eyes, hire: Hire, db: Database) -> None:
    # With chat:write.public a channel is open for posting and closed for reading.
    workspace = west.sandbox.slack.workspace
    workspace.scopes += ["channels:history", "chat:write.public"]
    west.sandbox.channel(WEST).channel.members.remove(workspace.bot_user_id)
    west.sandbox.faults.next("chat.postMessage", faults.dropped(accepted=False))
    courier = await hire(west)
    await west.posts(to_channel(WEST), "Perhaps", topic="perhaps")
    await west.posts(to_channel(WEST), "Next", topic="next")
    courier.wake()
    await eyes.ended()
    assert (await eyes.intent("perhaps", west.workspace_id)).status == "parked"
    assert [one.plain for one in bots(west)] == ["Next"]
    assert not await eyes.value(PARKED)
    # Somebody has looked: it is not there.
    perhaps = (await eyes.intent("perhaps", west.workspace_id)).id
    async with db.workspace(west.workspace_id) as tx:
        assert await releasing.release(tx.session, [perhaps], anew=True) == [perhaps]
    courier.wake()
    await eyes.ended()
    assert [one.plain for one in bots(west)] == ["Next", "Perhaps"]


def bots(office: Office) -> list[Message]:
    return [one for one in office.sandbox.slack.posts.visible(WEST, None) if one.is_bot]


@pytest.mark.parametrize("accepted", [True, False])
async def test_a_direct_message_that_cannot_be_looked_for_is_repeated_behind_the_fence(
    accepted: bool, office: Office, eyes: Eyes, hire: Hire
) -> None:
    ana = await office.meets(ANA)
    await office.meets(PRIYA)
    office.sandbox.slack.workspace.scopes.remove("im:history")
    office.sandbox.faults.next("chat.postMessage", faults.dropped(accepted=accepted))
    courier = await hire(office)
    await office.posts(ana)
    courier.wake()
    await eyes.ended()
    intent = await eyes.intent("hello", office.workspace_id)
    assert intent.status == "sent"
    assert intent.took >= QUICK.settle
    assert len(office.told(ANA)) == 1 + accepted


async def test_one_missing_permission_does_not_silence_the_rest(west: Office, eyes: Eyes, hire: Hire) -> None:
    # Opening direct messages takes a scope of its own; channels do without.
    ana = await west.meets(ANA)
    west.sandbox.slack.workspace.scopes.remove("im:write")
    courier = await hire(west, timing=NEVER)
    await west.posts(ana, topic="ana")
    courier.wake()
    await eyes.until(PARKED)
    await west.posts(to_channel(WEST), topic="west")
    courier.wake()
    await eyes.until("SELECT EXISTS (SELECT FROM outbox WHERE topic = 'west' AND status = 'sent')")
