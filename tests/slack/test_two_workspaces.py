"""Two workspaces in one process, each with its own token, at one Slack: nothing crosses over.

The second is a copy of the first, down to the ids of its people and channels. Only its own id, its token and
its names are other ones, so whatever is looked up without the workspace finds the wrong row.
"""

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace

import pytest

from bot.app import Bot, SlackAccess, running
from bot.clock import real_seconds
from bot.http.app import SlackDoor, create_http
from bot.http.server import listen, serving
from bot.slack.installations import Installation
from bot.ticker import Ticker
from domain.db import Database
from domain.people.roster.rows import read
from domain.people.roster.service import import_roster
from sandbox import (
    Message,
    Person,
    Sandbox,
    SandboxServer,
    Workspace,
    faults,
    sample_roster_csv,
    sample_workspace,
)
from sandbox.mrkdwn import objects
from sandbox.sample import SAMPLE_ROSTER
from tests.conftest import Databases, Sql
from tests.slack.conftest import BRISK, LONG_AGO, Clock, check_manners

NAMES = [member.name for member in SAMPLE_ROSTER]
ANA, MARISOL, WEST = "U0ANA000001", "U0MARISOL01", "C0TEAMWEST1"


def southern(name: str) -> str:
    """What a person of the second workspace is called."""
    return f"South{name}"


def southwind(north: Sandbox) -> Workspace:
    """The second workspace: of the same app, whose requests are signed with the same secret."""
    workspace = replace(
        sample_workspace(),
        team_id="T0SOUTHWIND",
        team_name="Southwind",
        signing_secret=north.signing_secret,
    )
    for user in workspace.users.values():
        user.real_name = southern(user.real_name)
    return workspace


@dataclass(frozen=True)
class Two:
    """Both of them, and the bot."""

    north: Sandbox
    south: Sandbox
    bot: Bot

    def both(self, slack_id: str) -> tuple[Person, Person]:
        """The people whom the two workspaces know by the same id."""
        return self.north.person(slack_id), self.south.person(slack_id)


async def take_in(installation: Installation, database: Database, *, south: bool) -> None:
    """The workspace's people and teams, as by an admin's import."""
    await installation.directory.meet_everyone()
    roster = sample_roster_csv().decode()
    for name in (*NAMES, "West,", "East,") if south else ():
        roster = re.sub(rf"(?<=,){name}", southern(name), roster)
    rows, problems = read(roster.encode())
    async with database.workspace(installation.workspace_id, at=LONG_AGO) as tx:
        await import_roster(tx.session, tx.now, rows, problems=problems)


@pytest.fixture
async def database_url(databases: Databases, template: str) -> AsyncIterator[str]:
    """This test's own database, in which nobody is known."""
    async with databases.lent(template) as url:
        yield url


@pytest.fixture
async def two(db: Database, sql: Sql, clock: Clock) -> AsyncIterator[Two]:
    """The bot in both; the second counts in euros."""
    north = Sandbox(retry_after=())
    south = Sandbox(southwind(north), retry_after=())
    door, listening = SlackDoor(real_seconds), listen("127.0.0.1", 0)
    async with SandboxServer(north, others=[south]), serving(create_http(door), listening):
        for sandbox in (north, south):
            sandbox.request_url = f"http://127.0.0.1:{listening.getsockname()[1]}/slack/events"
        access = SlackAccess(
            north.bot_token, north.signing_secret, north.api_url, further_tokens=(south.bot_token,)
        )
        async with running(db, access, door, BRISK) as bot:
            for number, installation in enumerate(bot.installations):
                await take_in(installation, db, south=number == 1)
            await sql("UPDATE workspaces SET currency = 'EUR' WHERE slack_team_id = 'T0SOUTHWIND'")
            yield Two(north, south, bot)
    check_manners(north)
    check_manners(south)
    assert_nothing_crossed(north, south)


def assert_nothing_crossed(north: Sandbox, south: Sandbox) -> None:
    """No workspace has been told a name or an amount of the other's."""
    in_north, in_south = said(north), said(south)
    assert [text for text in in_north if "South" in text or "€" in text] == []
    firsts = "|".join(name.split()[0] for name in NAMES)
    assert [text for text in in_south if re.search(rf"\b({firsts})\b|\$", text)] == []


def said(sandbox: Sandbox) -> list[str]:
    """All that the bot has said in a workspace."""
    everywhere = sandbox.slack.workspace.messages.values()
    return [message.text for messages in everywhere for message in messages if message.is_bot]


Day = Callable[..., Awaitable[None]]


@pytest.fixture
def day(two: Two, db: Database, sql: Sql, clock: Clock) -> Day:
    """Moves the clock, ticks, and waits until everything is sent."""

    async def move(*moment: int) -> None:
        await clock.at(*moment)
        await sql("UPDATE workspaces SET tick_at = '-infinity'")
        await Ticker(db).tick()
        await all_sent(two, sql)

    return move


async def all_sent(two: Two, sql: Sql) -> None:
    """Wait until both workspaces have been told everything."""
    for _ in range(2_000):
        if not await sql.value("SELECT count(*) FROM outbox WHERE status NOT IN ('sent', 'cancelled')"):
            return
        two.bot.courier.wake()
    raise AssertionError(await sql("SELECT workspace_id, kind, status, reason FROM outbox"))


def told(person: Person) -> list[str]:
    """The first lines of what somebody has been told, answers to commands aside."""
    return [one.text.splitlines()[0] for one in person.dms() if one.is_bot and not one.only_for]


async def test_goals_reminders_and_digests_of_each_stay_there(two: Two, day: Day, sql: Sql) -> None:
    await day(2026, 2, 1, 12)
    for person, line, answer in zip(
        two.both(ANA),
        ("/goals set 20 50k 3", "/goals set 7 8k 1"),
        ("20 signups · $50,000 · tier 3", "7 signups · €8,000 · tier 1"),
        strict=True,
    ):
        assert f"February goals set: {answer}" in (await person.types(line)).text
    await all_sent(two, sql)
    in_north, in_south = two.both(ANA)
    assert told(in_north) == ["✅ *February goals set:* 20 signups · $50,000 · tier 3"]
    assert told(in_south) == ["✅ *February goals set:* 7 signups · €8,000 · tier 1"]

    for moment in ((2026, 2, 3, 16), (2026, 2, 5, 16)):
        await day(*moment)
    # Ana has set hers in both, and Noah in neither: he sets them in one from here on.
    noah_in_north, noah_in_south = two.both("U0NOAH00001")
    await noah_in_south.types("/goals set 11")
    await day(2026, 2, 7, 16)
    assert "✅ February goals set: 11 signups" in told(noah_in_south)
    assert [line for line in told(noah_in_north) if "goals set" in line] == []
    for marisol, count in zip(two.both(MARISOL), ("1 of 5", "2 of 5"), strict=True):
        assert told(marisol)[-1] == f"📋 *February goals:* {count} set. The deadline has passed."

    rows = await sql(
        "SELECT w.slack_team_id, c.to_signup_goal FROM goal_changes c"
        " JOIN sales_reps r ON r.workspace_id = c.workspace_id AND r.id = c.sales_rep_id"
        " JOIN workspaces w ON w.id = r.workspace_id ORDER BY 1, 2"
    )
    assert [tuple(row) for row in rows] == [("T0NORTHWIND", 20), ("T0SOUTHWIND", 7), ("T0SOUTHWIND", 11)]


async def test_a_button_of_one_workspace_does_nothing_in_the_other(two: Two, day: Day, sql: Sql) -> None:
    await day(2026, 2, 3, 16)
    in_north, in_south = two.both(ANA)
    [theirs], [ours] = ([one for one in person.dms() if one.is_bot] for person in (in_north, in_south))
    (row,) = (block["block_id"] for block in ours.blocks if block["type"] == "actions")
    answer = await two.south.interactions.press(ANA, ours, row, got_it(theirs), {})
    assert "somebody else's" in await two.south.wait_for(lambda: answer.text)
    assert (
        await sql.value("SELECT count(*) FROM goal_deadline_reminders WHERE acknowledged_at IS NOT NULL") == 0
    )


def got_it(message: Message) -> dict[str, str]:
    """The button Got it of a reminder."""
    (button,) = (one for one in objects(message.blocks) if one.get("action_id") == "reminders.got_it")
    return button


async def test_an_event_counts_where_it_happened(two: Two, sql: Sql) -> None:
    _, ana = two.both(ANA)
    await two.south.move(ana, "Asia/Tokyo")
    zones = await sql(
        "SELECT w.slack_team_id, u.time_zone FROM users u JOIN workspaces w ON w.id = u.workspace_id"
        " WHERE u.slack_id = :ana ORDER BY 1",
        ana=ANA,
    )
    assert [tuple(zone) for zone in zones] == [
        ("T0NORTHWIND", "America/New_York"),
        ("T0SOUTHWIND", "Asia/Tokyo"),
    ]
    # An id that Slack gave to an event of the one is a new event in the other.
    for sandbox in (two.north, two.south):
        closing = {"type": "channel_archive", "channel": WEST, "user": MARISOL}
        assert (await sandbox.events.send(closing, event_id="Ev1")).status == 200
    assert (
        await sql.value("SELECT count(DISTINCT workspace_id) FROM outbox_lanes WHERE parked_at > '-infinity'")
        == 2
    )


async def test_slack_is_asked_once_whose_a_token_is(two: Two) -> None:
    for person in two.both(ANA) * 2:
        await person.types("/goals set 20")
    for sandbox in (two.north, two.south):
        assert len(sandbox.calls_to("auth.test")) == 1


async def test_a_revoked_token_stops_its_own_workspace_alone(two: Two, sql: Sql) -> None:
    in_north, in_south = two.both(ANA)
    good, two.north.slack.workspace.bot_token = two.north.bot_token, "xoxb-1-another"
    revoked = {"type": "tokens_revoked", "tokens": {"bot": ["U0GOALKEEPR"]}}
    assert (await two.north.events.send(revoked)).status == 200
    refused = await in_north.types("/goals set 20")
    assert (
        refused.text == "Goalkeeper isn't installed in this workspace. Ask one of its admins to install it."
    )
    assert "7 signups" in (await in_south.types("/goals set 7")).text
    await two.south.wait_for(lambda: told(in_south))
    assert await sql.value("SELECT count(DISTINCT workspace_id) FROM goal_changes") == 1

    # The token is good again, which the next request finds out.
    two.north.slack.workspace.bot_token = good
    assert "20 signups" in (await in_north.types("/goals set 20")).text


async def test_a_token_that_slack_refuses_is_looked_up_again(two: Two) -> None:
    in_north, _ = two.both(ANA)
    good, two.north.slack.workspace.bot_token = two.north.bot_token, "xoxb-1-another"
    assert "Something went wrong" in (await in_north.types("/goals set")).text
    assert "isn't installed" in (await in_north.types("/goals set")).text
    two.north.slack.workspace.bot_token = good
    await in_north.types("/goals set")
    assert in_north.view is not None
    assert len(two.south.calls_to("auth.test")) == 1


async def test_a_form_of_a_workspace_that_is_gone_does_not_close_as_if_saved(two: Two) -> None:
    in_north, _ = two.both(ANA)
    await in_north.types("/goals set")
    two.north.slack.workspace.bot_token = "xoxb-1-another"
    await two.north.events.send({"type": "app_uninstalled"})
    await in_north.submits({"signup_goal": "20"})
    assert in_north.view is not None
    assert "isn't installed" in str(in_north.view["blocks"])


async def test_slack_away_while_a_token_is_looked_up_is_told_and_passes(two: Two) -> None:
    in_north, _ = two.both(ANA)
    await two.north.events.send({"type": "app_uninstalled"})
    two.north.faults.always("auth.test", faults.http_error(503))
    assert (await in_north.types("/goals set 20")).text == (
        "Goalkeeper can't look anything up right now. Please try again in a minute."
    )
    moved = await two.north.move(in_north, "Asia/Tokyo")
    assert moved.status == 503
    two.north.faults.clear()
    assert "20 signups" in (await in_north.types("/goals set 20")).text
