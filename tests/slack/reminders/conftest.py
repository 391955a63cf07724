"""The days around a deadline: business time is moved, and the tick does what is due."""

from collections.abc import Awaitable, Callable

import pytest

from bot.app import Bot
from bot.ticker import Ticker
from domain.db import Database
from sandbox import Message, Person, Sandbox
from tests.conftest import Sql
from tests.slack.conftest import Clock, Told

Day = Callable[..., Awaitable[None]]
"""Makes it this year, month, day, hour in a zone, and ticks."""
Sent = Callable[[Person], Awaitable[list[str]]]
"""What somebody has been told, as text."""
MANY = """
WITH people AS (
    INSERT INTO users (workspace_id, slack_id, name, time_zone)
    SELECT w.id, 'U0MANY' || n, 'Many ' || lpad(n::text, 3, '0'),
           (ARRAY['America/New_York', 'America/Los_Angeles', 'Europe/London', 'Europe/Berlin',
                  'Asia/Kolkata', 'Australia/Sydney'])[1 + n % 6]
      FROM workspaces w, generate_series(1, :count) n
    RETURNING workspace_id, id, name
), reps AS (
    INSERT INTO sales_reps (workspace_id, user_id, name, joined_on, created_at, monthly_signup_goal)
    SELECT workspace_id, id, name, '2025-01-01', '2025-01-01Z', 20 FROM people
    RETURNING workspace_id, id
)
INSERT INTO team_memberships (workspace_id, sales_rep_id, team_id, started_on)
SELECT workspace_id, id, (SELECT id FROM teams WHERE name = 'West'), '2025-01-01' FROM reps
"""
"""Reps of team West in six time zones; Slack knows nothing of them."""


@pytest.fixture
def day(bot: Bot, clock: Clock, db: Database, sql: Sql, told: Told, sandbox: Sandbox) -> Day:
    """Moves the clock, ticks, and unless told otherwise sees everything sent."""

    async def move(*moment: int, zone: str = "America/New_York", sending: bool = True) -> None:
        await clock.at(*moment, zone=zone)
        await sql("UPDATE workspaces SET tick_at = '-infinity'")
        await Ticker(db).tick()
        if sending:
            await told(sandbox.person("Adaeze Okafor"))

    return move


@pytest.fixture
def sent(told: Told) -> Sent:
    """What somebody has been told so far."""

    async def texts(person: Person) -> list[str]:
        return [message.text for message in await told(person)]

    return texts


Press = Callable[..., Awaitable[str]]
"""Presses a button as somebody; what they are told for it."""


@pytest.fixture
def press(sandbox: Sandbox) -> Press:
    """Presses a button and waits for the answer, which comes after the acknowledgement."""

    async def press(person: Person, action: str, message: Message, value: str | None = None) -> str:
        answer = await person.presses(action, message, value)
        assert answer.error is None
        return await sandbox.wait_for(lambda: answer.text)

    return press


def buttons(message: Message) -> list[str]:
    """The labels of a message's buttons and menus."""
    elements = [e for block in message.blocks if block["type"] == "actions" for e in block["elements"]]
    return [(element.get("text") or element["placeholder"])["text"] for element in elements]


def posts(sandbox: Sandbox) -> int:
    """How many messages have been posted."""
    return sum(call.error is None for call in sandbox.calls_to("chat.postMessage"))
