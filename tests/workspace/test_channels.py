"""Channels that close and open again, and a bot that is shown the door: told once, and resumed at once."""

from typing import Any

import pytest

from bot.app import Bot, running
from domain.db import Database
from domain.goals.service import CONFIRMATION
from domain.outbox import service as outbox
from domain.outbox.service import Saying, Topic, to_channel
from sandbox import Person, Sandbox
from tests.conftest import Sql
from tests.slack.conftest import BRISK, Served, Told

WEST, ELSEWHERE = "C0TEAMWEST1", "C0ELSEWHERE"
DOWN = "⚠️ My messages don't get to <#C0TEAMWEST1>."
AGAIN = "✅ My messages get to <#C0TEAMWEST1> again. What had waited is on its way."


async def parked(sql: Sql) -> list[tuple[Any, ...]]:
    """What is parked, and why."""
    lanes = await sql("SELECT lane, parked_reason FROM outbox_lanes WHERE parked_at IS NOT NULL")
    return [tuple(lane) for lane in lanes]


async def test_an_archived_channel_is_told_of_before_anything_fails(
    marisol: Person, sandbox: Sandbox, sql: Sql, told: Told
) -> None:
    await sandbox.archive("#team-west")
    assert await parked(sql) == [("channel:C0TEAMWEST1", "is_archived")]
    [report] = await told(marisol)
    assert report.text.startswith(DOWN)
    west = sandbox.channel("#team-west").channel
    await sandbox.events.archived(west, marisol.id, archived=False)
    assert await parked(sql) == []
    [report] = await told(marisol)
    assert report.text == AGAIN


@pytest.mark.parametrize(
    ("closing", "reason"),
    [
        ({"type": "channel_archive", "channel": WEST, "user": "U1"}, "is_archived"),
        ({"type": "group_archive", "channel": WEST, "user": "U1"}, "is_archived"),
        ({"type": "channel_deleted", "channel": WEST}, "channel_not_found"),
        ({"type": "group_deleted", "channel": WEST}, "channel_not_found"),
        ({"type": "member_left_channel", "channel": WEST, "user": "U0GOALKEEPR"}, "not_in_channel"),
    ],
)
async def test_whatever_closes_a_channel_is_told_once(
    closing: dict[str, str], reason: str, marisol: Person, sandbox: Sandbox, sql: Sql, told: Told
) -> None:
    for _ in range(2):
        assert (await sandbox.events.send(closing)).status == 200
    assert await parked(sql) == [("channel:C0TEAMWEST1", reason)]
    assert len(await told(marisol)) == 1


async def test_what_waited_goes_out_as_soon_as_the_bot_is_invited(
    ana: Person, marisol: Person, bot: Bot, sandbox: Sandbox, sql: Sql, told: Told, db: Database
) -> None:
    await ana.types("/goals set 20")
    await told(ana)
    await sandbox.remove_bot("#team-west")
    facts = await sql.value("SELECT facts FROM outbox WHERE kind = :kind", kind=CONFIRMATION)
    async with db.workspace(bot.workspace_id) as tx:
        await outbox.post(tx.session, Saying(CONFIRMATION, to_channel(WEST), Topic("west"), facts))
    west = sandbox.channel("#team-west")
    await sandbox.wait_for(lambda: [one for one in marisol.dms() if one.text.startswith(DOWN)])
    assert [one for one in west.messages() if one.is_bot] == []

    west.channel.members.append("U0GOALKEEPR")
    joined = {"type": "member_joined_channel", "channel": WEST, "user": "U0GOALKEEPR"}
    await sandbox.events.send(joined)
    # Long before the next try, which would be in a quarter of an hour.
    [report] = await told(marisol)
    assert report.text == AGAIN
    assert len([one for one in west.messages() if one.is_bot]) == 1


@pytest.mark.parametrize(
    "event",
    [
        {"type": "channel_archive", "channel": ELSEWHERE, "user": "U1"},
        {"type": "member_left_channel", "channel": ELSEWHERE, "user": "U0GOALKEEPR"},
        {"type": "member_left_channel", "channel": WEST, "user": "U0ANA000001"},
        {"type": "channel_unarchive", "channel": WEST, "user": "U1"},
        {"type": "tokens_revoked", "tokens": {"oauth": ["U0ANA000001"]}},
    ],
    ids=lambda event: f"{event['type']} {event.get('channel', '')}",
)
async def test_what_is_none_of_ours_is_left_alone(
    event: dict[str, Any], bot: Bot, sandbox: Sandbox, sql: Sql
) -> None:
    assert (await sandbox.events.send(event)).status == 200
    assert await parked(sql) == []
    assert await sql.value("SELECT count(*) FROM outbox") == 0


async def test_who_may_post_uninvited_misses_private_channels_alone(
    bot: Bot, sandbox: Sandbox, sql: Sql, db: Database, served: Served
) -> None:
    sandbox.slack.workspace.scopes.append("chat:write.public")
    async with running(db, served.access, served.door, BRISK):
        await sandbox.remove_bot("#team-west")
        assert await parked(sql) == []
        east = sandbox.channel("#team-east").channel
        east.is_private = True
        await sandbox.remove_bot("#team-east")
    assert await parked(sql) == [(f"channel:{east.id}", "not_in_channel")]


async def test_the_same_event_again_closes_nothing(marisol: Person, sandbox: Sandbox, sql: Sql) -> None:
    closing = {"type": "channel_archive", "channel": WEST, "user": marisol.id}
    await sandbox.events.send(closing, event_id="Ev1")
    await sandbox.events.send({"type": "channel_unarchive", "channel": WEST, "user": marisol.id})
    await sandbox.events.send(closing, event_id="Ev1")
    assert await parked(sql) == []


@pytest.mark.parametrize(
    "event",
    [{"type": "app_uninstalled"}, {"type": "tokens_revoked", "tokens": {"bot": ["U0GOALKEEPR"]}}],
    ids=lambda event: str(event["type"]),
)
async def test_shut_out_until_the_next_start_with_a_good_token(
    event: dict[str, Any],
    ana: Person,
    bot: Bot,
    sandbox: Sandbox,
    sql: Sql,
    db: Database,
    served: Served,
) -> None:
    await sandbox.events.send(event)
    assert await parked(sql) == [("*", "token_revoked")]
    await ana.types("/goals set 20")
    bot.courier.wake()
    assert await sql.value("SELECT status FROM outbox WHERE audience LIKE 'user:%'") == "pending"
    assert ana.dms() == [one for one in ana.dms() if one.only_for]
    async with running(db, served.access, served.door, BRISK):
        await sandbox.wait_for(lambda: [one for one in ana.dms() if one.is_bot and not one.only_for])
    assert await parked(sql) == []
