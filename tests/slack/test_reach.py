"""Everything that can be pressed or sent off is answered, and all that is listened for can be reached.

Somebody of each role walks through the product, from a workspace without teams on: they press whatever they
see, form by form, and type whatever they are told to type. What was shown and what was pressed is then read
from the traffic between Slack and the bot. What is rare is shown in other tests of this folder;
`check_manners` looks after each of them whether somebody listens.
"""

import logging
import re
from collections.abc import AsyncIterator, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.app import Bot
from bot.ticker import Ticker
from domain.db import Database
from sandbox import Person, Sandbox
from sandbox.forms import elements
from sandbox.model import User
from tests.conftest import Databases, Sql
from tests.slack.conftest import Clock, Told, take_in_sample
from tests.slack.listening import Seen, listened

MANIFEST = Path(__file__).parents[2] / "manifest.yml"

ENOUGH = 200
"""Presses of one person before the walk is called endless."""
SOMEBODY = re.compile(r"@(?:rep|ana)\b")
"""Whom an example means."""
TEAMS = {"Tomasz Wójcik": "East"}
"""The team that an example means, if it isn't West."""

MANY_REPS = """
WITH people AS (
    INSERT INTO users (workspace_id, slack_id, name)
    SELECT w.id, 'U0MANY' || n, 'Many ' || n FROM workspaces w, generate_series(1, 25) n
    RETURNING workspace_id, id, slack_id, name
), reps AS (
    INSERT INTO sales_reps (workspace_id, user_id, name, joined_on)
    SELECT workspace_id, id, name, '2025-01-01' FROM people
    RETURNING workspace_id, id
), memberships AS (
    INSERT INTO team_memberships (workspace_id, sales_rep_id, team_id, started_on)
    SELECT workspace_id, id, (SELECT id FROM teams WHERE name = 'West'), '2025-01-01' FROM reps
)
SELECT slack_id FROM people
"""
"""More than one message has room for."""
MANY_TEAMS = """
INSERT INTO teams (workspace_id, name) SELECT w.id, 'Team ' || n FROM workspaces w, generate_series(1, 60) n
"""
"""More than one window has room for."""
MANY_ENTRIES = """
INSERT INTO activity (workspace_id, sales_rep_id, metric, amount, occurred_on, stated_on)
SELECT workspace_id, id, 'signups', 1, '2026-02-02', '2026-02-02'
  FROM sales_reps, generate_series(1, 25) WHERE name = 'Ana Souza'
"""
"""More than one page has room for."""


class Walker:
    """One person who presses each thing once, wherever it stands."""

    def __init__(self, person: Person, sandbox: Sandbox) -> None:
        self.person = person
        self.sandbox = sandbox
        self.pressed: set[tuple[str, str]] = set()

    async def types(self, line: str) -> None:
        """Type a command, and look at all that it opens."""
        team = TEAMS.get(self.person.user.real_name, "West")
        answer = await self.person.types(
            SOMEBODY.sub("@Ana Souza", line).replace("@ben", "@Noah Bergström").replace("West", team)
        )
        assert answer.error is None, line
        assert not re.search("I don't know [“@]", answer.text), f"{line}: {answer.text}"
        await self.looks_round()

    async def writes(self, text: str) -> None:
        """Write to Goalkeeper."""
        assert (await self.person.writes(text)).error is None

    async def looks_round(self) -> None:
        """Press whatever is there, until there is nothing new; send off every form."""
        for _ in range(ENOUGH):
            spot = next(self._unpressed(), None)
            if spot is not None:
                await self._press(*spot)
            elif self.person.view is not None:
                await self._send_off(self.person.view)
            else:
                return
        raise AssertionError(f"{self.person.user.name} is still pressing: {sorted(self.pressed)}")

    def _unpressed(self) -> Iterator[tuple[Any, dict[str, Any], str, str]]:
        """What can be pressed where the person is: in the topmost window, else in their messages."""
        view = self.person.view
        messages = [one for one in reversed(self.person.dms()) if one.is_bot]
        for message, blocks in [(None, view["blocks"])] if view else [(one, one.blocks) for one in messages]:
            place = view["callback_id"] if view else "message"
            # From the last: what opens a form, and may end it all, mostly comes first.
            for block, element in reversed(list(elements(blocks))):
                told = block["type"] != "input" or block.get("dispatch_action")
                if told and (place, element["action_id"]) not in self.pressed:
                    yield message, element, place, block["block_id"]

    async def _press(self, message: Any, element: dict[str, Any], place: str, block_id: str) -> None:
        action = element["action_id"]
        self.pressed.add((place, action))
        if element["type"] == "button":
            answer = await self.person.presses(action, message)
        else:
            value = self._something(element)
            answer = await self.person.chooses(action, value, message, block_id=block_id)
        assert answer.error is None, action

    def _something(self, element: dict[str, Any]) -> Any:
        """Any value that the element takes."""
        kind = element["type"].removeprefix("multi_")
        many = element["type"].startswith("multi_") or kind == "checkboxes"
        value: Any
        match kind:
            case "users_select":
                value = self.sandbox.person("Ana Souza").id
            case "conversations_select" | "channels_select":
                value = self.sandbox.slack.directory.channel("#team-west").id
            case "plain_text_input":
                value = "As we agreed"
            case "number_input":
                value = 20
            case _:
                options = element.get("options") or element["option_groups"][0]["options"]
                value = options[0]["value"]
        return [value] if many else value

    async def _send_off(self, view: dict[str, Any]) -> None:
        """Send a form off, with something in what has to be filled in; if it stays open, it is closed."""
        form = ("form", view["callback_id"])
        if view.get("submit") and form not in self.pressed:
            self.pressed.add(form)
            inputs = [
                block for block in view["blocks"] if block["type"] == "input" and not block.get("optional")
            ]
            empty = [
                block for block in inputs if not any(name.startswith("initial_") for name in block["element"])
            ]
            sent = await self.person.submits(
                {block["block_id"]: self._something(block["element"]) for block in empty}
            )
            assert sent.error is None, view["callback_id"]
        if (top := self.person.view) is not None and top["id"] == view["id"]:
            await self.person.closes()


@pytest.fixture
async def database_url(databases: Databases, template: str) -> AsyncIterator[str]:
    """This test's own database, in which nobody is known."""
    async with databases.lent(template) as url:
        yield url


async def test_nothing_is_shown_in_vain_and_nothing_listened_for_in_vain(
    bot: Bot,
    sandbox: Sandbox,
    clock: Clock,
    db: Database,
    sql: Sql,
    told: Told,
    caplog: pytest.LogCaptureFixture,
) -> None:
    ours, seen = listened(), Seen(sandbox)
    await begin(sandbox.person("Adaeze Okafor"))
    await take_in_sample(bot, db)
    for slack_id in await sql(MANY_REPS):
        sandbox.slack.workspace.users[slack_id[0]] = User(slack_id[0], slack_id[0].lower(), slack_id[0])
    await sql(MANY_TEAMS)
    await sql(MANY_ENTRIES)
    names = ("Ana Souza", "Tomasz Wójcik", "Marisol Peña", "Adaeze Okafor")
    people = [sandbox.person(name) for name in names]
    walkers = [Walker(person, sandbox) for person in people]
    for day in (3, 5, 25):
        await clock.at(2026, 2, day, 16)
        await sql("UPDATE workspaces SET tick_at = '-infinity'")
        await Ticker(db).tick()
        await told(people[-1])
        for walker in walkers:
            await walker.looks_round()
            seen.read()
    # Jonas is on no team, and asks again when he is declined.
    jonas = [Walker(sandbox.person("Jonas Lindqvist"), sandbox) for _ in range(2)]
    for walker in (jonas[0], *walkers, jonas[1], *walkers):
        for word in sorted(ours.words):
            await walker.types(f"/goals {word}")
            await told(people[-1])
            await walker.looks_round()
            seen.read()
    for walker in walkers:
        await walker.writes("good morning")
        await told(people[-1])
        await walker.looks_round()
        seen.read()
    for line in sorted({*seen.lines, "/goals log 2000 signups"}):
        for walker in walkers:
            await walker.types(line)
        seen.read()
    # Ten minutes later Undo opens the form for corrections.
    rep = walkers[0]
    logged = await rep.person.types("/goals log 2 signups")
    await clock.at(2026, 2, 25, 17)
    await rep.person.presses("activity.entry.undo", logged.message)
    assert rep.person.view is not None
    [amount] = [
        block["block_id"] for block in rep.person.view["blocks"] if block["block_id"].startswith("amount")
    ]
    await rep.person.submits({amount: "1", "reason": "One was a test"})
    await sandbox.wait_for(lambda: any("Corrected" in message.plain for message in rep.person.dms()))
    await rep.looks_round()
    seen.read()
    # The menu of a metric does one thing of several.
    admin = walkers[3]
    await admin.person.types("/goals setup")
    await admin.person.presses("setup.metrics.open")
    calls = next(
        block["block_id"]
        for block, element in elements((admin.person.view or {})["blocks"])
        if "feed:calls" in [option["value"] for option in element.get("options", ())]
    )
    await admin.person.chooses("setup.metrics.change", "feed:calls", block_id=calls)
    await admin.looks_round()
    seen.read()
    assert_none("gone wrong", [one.getMessage() for one in caplog.records if one.levelno >= logging.ERROR])
    assert_none("shown, and nobody listens", seen.in_vain())
    assert_none("listened for, and shown to nobody", ours.actions - seen.actions, ours.forms - seen.forms)
    assert_none("shown, and never pressed here", seen.actions - seen.pressed, seen.forms - seen.sent)


async def begin(admin: Person) -> None:
    """What the admin of a workspace without teams finds."""
    await admin.types("/goals")
    await admin.presses("setup.open")
    await admin.closes()


def test_slack_is_asked_for_the_events_that_are_listened_for() -> None:
    subscribed = yaml.safe_load(MANIFEST.read_text())["settings"]["event_subscriptions"]["bot_events"]
    assert set(subscribed) == listened().events


def assert_none(what: str, *found: Iterable[str]) -> None:
    """With the names of those that are at fault."""
    faulty = sorted(name for names in found for name in names)
    assert not faulty, f"{what}: {', '.join(faulty)}"
