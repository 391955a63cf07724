"""Each message is done and answered once: Slack repeats events, and its own limits hold."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from typing import Any

import pytest

from bot.app import SlackAccess, running
from bot.clock import real_seconds
from bot.courier.timing import Timing
from bot.http.app import SlackDoor, create_http
from bot.http.server import listen, serving
from bot.tryout import read_manifest
from domain.db import Database
from sandbox import Person, Sandbox, SandboxServer
from tests.conftest import HANG_SECONDS, Sql
from tests.slack.conftest import Clock, Told

CHANGES = "SELECT count(*) FROM goal_changes"
FAST = 40
"""How much faster than ours the time of the Slack with limits goes by."""


def message(
    person: Person, sandbox: Sandbox, text: str, fields: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """The event of a message to Goalkeeper, with other `fields`; None leaves one out."""
    usual = {
        "type": "message",
        "channel": sandbox.slack.directory.dm(person.id).id,
        "channel_type": "im",
        "user": person.id,
        "text": text,
        "ts": sandbox.slack.timestamps.next(),
    }
    return {name: value for name, value in {**usual, **(fields or {})}.items() if value is not None}


async def test_an_event_that_comes_again_is_done_and_answered_once(
    ana: Person, sandbox: Sandbox, told: Told, sql: Sql
) -> None:
    await ana.types("/goals set 20")
    event = message(ana, sandbox, "set 25")
    for _ in range(3):
        assert (await sandbox.events.send(event, event_id="Ev1")).status == 200
    _confirmation, answer = await told(ana)
    assert "25 signups" in answer.text
    assert await sql.value(CHANGES) == 2


async def test_an_event_that_comes_twice_at_once_is_done_once(
    ana: Person, sandbox: Sandbox, told: Told, sql: Sql
) -> None:
    event = message(ana, sandbox, "set 20 lots")
    acks = await asyncio.gather(*(sandbox.events.send(event, event_id="Ev1") for _ in range(4)))
    assert {ack.status for ack in acks} == {200}
    [answer] = await told(ana)
    assert "but not “lots”" in answer.text


@pytest.mark.parametrize(
    "fields",
    [
        {"bot_id": "B1"},
        {"bot_id": "B1", "subtype": "bot_message"},
        {"user": "U0GOALKEEPR"},
        {"subtype": "message_changed", "user": None, "text": None},
        {"subtype": "message_deleted", "user": None},
        {"subtype": "channel_topic"},
        {"subtype": "thread_broadcast"},
        {"channel_type": "channel"},
        {"channel_type": "group"},
        {"user": None},
    ],
    ids=str,
)
async def test_bots_changes_notices_and_other_places_are_never_answered(
    ana: Person, sandbox: Sandbox, told: Told, sql: Sql, fields: dict[str, Any]
) -> None:
    event = message(ana, sandbox, "set 20", fields)
    assert (await sandbox.events.send(event)).status == 200
    assert await told(ana) == []
    assert await sql.value(CHANGES) == 0
    assert sandbox.calls_to("chat.postMessage") == []


async def test_edits_and_deletions_change_nothing(ana: Person, told: Told, sql: Sql) -> None:
    written = await ana.writes("set 20")
    [confirmation] = await told(ana)
    await ana.edits(written.written, "set 25")
    await ana.deletes(written.written)
    assert await told(ana) == [confirmation]
    assert await sql.value(CHANGES) == 1


@pytest.fixture
async def strict(db: Database, clock: Clock) -> AsyncIterator[Sandbox]:
    """A Slack that holds to its limits, with the bot at its usual pace, in a time that goes by fast."""
    began = real_seconds()

    def sooner() -> float:
        return began + (real_seconds() - began) * FAST

    slack = Sandbox(
        retry_after=(),
        ack_seconds=HANG_SECONDS,
        manifest=read_manifest(),
        limits=True,
        now=sooner,
    )
    door, listening = SlackDoor(sooner), listen("127.0.0.1", 0)
    async with SandboxServer(slack), serving(create_http(door), listening):
        slack.request_url = f"http://127.0.0.1:{listening.getsockname()[1]}/slack/events"
        access = SlackAccess(slack.bot_token, slack.signing_secret, slack.api_url)
        async with running(db, access, door, Timing(pace=Timing().pace / FAST)):
            yield slack


async def test_a_hundred_messages_in_a_row_are_answered_within_slacks_limits(strict: Sandbox) -> None:
    ana = strict.person("Ana Souza")
    for number in range(100):
        assert (await ana.writes(f"set 20 lots{number}")).error is None
    answers = await strict.wait_for(lambda: _all(ana, 100))
    assert [f"lots{number}" in text for number, text in enumerate(answers)] == [True] * 100
    assert strict.slack.rates.tripped == 0


def _all(person: Person, count: int) -> list[str]:
    said = [one.text for one in person.dms() if one.is_bot]
    return said if len(said) == count else []
