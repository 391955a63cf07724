"""The bot as it runs, at a real port, with a Slack at another, and the sample team in a test's own database.

Business time is `clock`'s: a test begins on Tuesday, February 3, 2026, at noon in New York, three days before
the deadline. Whatever a test does, `check_manners` looks at every message that came of it.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import event, make_url
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.app import Bot, SlackAccess, running
from bot.clock import real_seconds
from bot.courier.timing import Timing
from bot.http.app import SlackDoor, create_http
from bot.http.server import listen, serving
from bot.logs import _about
from bot.postgres import create_engine
from bot.tryout import read_manifest
from domain import flow
from domain.db import Database
from domain.people.roster.rows import read
from domain.people.roster.service import import_roster
from sandbox import Message, Person, Sandbox, SandboxServer, sample_roster_csv
from sandbox.mrkdwn import message_pings, objects
from tests.conftest import HANG_SECONDS, MUTATION_SERVER, Databases, Sql
from tests.server import Server, Shared
from tests.slack.listening import Seen

BRISK = Timing(pace=0.0, start=20.0, send=20.0)
"""Slack's limits are not what these tests are about; a busy machine must not look like a fault."""
LONG_AGO = datetime(2025, 1, 1, 12, tzinfo=UTC)
"""When the sample team joined."""


@dataclass(frozen=True)
class Served:
    """What stays up from test to test: Slack, and the bot's web server with the door to it."""

    sandbox: Sandbox
    door: SlackDoor

    @property
    def access(self) -> SlackAccess:
        """The bot's way to this Slack."""
        return SlackAccess(self.sandbox.bot_token, self.sandbox.signing_secret, self.sandbox.api_url)


@pytest.fixture(scope="session")
async def _served() -> AsyncIterator[Served]:
    slack = Sandbox(retry_after=(), ack_seconds=HANG_SECONDS, manifest=read_manifest())
    served = Served(slack, SlackDoor(real_seconds))
    listening = listen("127.0.0.1", 0)
    async with SandboxServer(served.sandbox), serving(create_http(served.door), listening):
        served.sandbox.request_url = f"http://127.0.0.1:{listening.getsockname()[1]}/slack/events"
        yield served


_NORTHWIND = "template_northwind"


@pytest.fixture(scope="session")
async def _northwind(shared: Shared, server: Server, template: str, _served: Served) -> AsyncIterator[str]:
    """A database to clone that knows the sample team, as an admin would have imported it."""
    if os.environ.get(MUTATION_SERVER):
        # Trials share a server for hours, and each writes the sample by code of its own.
        with server.clone(template) as url:
            await _fill(url, _served)
            yield make_url(url).database or ""
        return
    with shared.making(_NORTHWIND) as missing:
        if missing:
            server.copy(template, _NORTHWIND)
            await _fill(server.url(_NORTHWIND), _served)
    yield _NORTHWIND


async def _fill(url: str, served: Served) -> None:
    engine = create_engine(url)
    database = Database(engine, settle=flow.settle)
    async with running(database, served.access, served.door) as bot:
        await take_in_sample(bot, database)
    await engine.dispose()


async def take_in_sample(bot: Bot, database: Database) -> None:
    """The sample team joins, as by an admin's import."""
    await bot.directory.meet_everyone()
    rows, problems = read(sample_roster_csv())
    async with database.workspace(bot.workspace_id, at=LONG_AGO) as tx:
        await import_roster(tx.session, tx.now, rows, problems=problems)


@pytest.fixture
async def database_url(databases: Databases, _northwind: str) -> AsyncIterator[str]:
    """This test's own database, with the sample team in it."""
    async with databases.lent(_northwind) as url:
        yield url


@pytest.fixture
def sandbox(_served: Served) -> Sandbox:
    """The sample workspace, as new."""
    _served.sandbox.reset()
    return _served.sandbox


class Clock:
    """Business time, moved as a rehearsal moves it."""

    def __init__(self, sql: Sql) -> None:
        self._sql = sql

    async def at(self, *moment: int, zone: str = "America/New_York") -> None:
        """Make it this year, month, day, hour (and minute) in a zone."""
        there = datetime(*moment, tzinfo=ZoneInfo(zone))  # type: ignore[arg-type,misc]
        await self._sql(
            "UPDATE business_clock SET clock_offset = CAST(:there AS timestamptz) - clock_timestamp()",
            there=there,
        )


@pytest.fixture
async def clock(sql: Sql) -> Clock:
    """Moves business time."""
    clock = Clock(sql)
    await clock.at(2026, 2, 3, 12)
    return clock


@pytest.fixture
async def bot(db: Database, _served: Served, sandbox: Sandbox, clock: Clock) -> AsyncIterator[Bot]:
    """The running bot; whatever it said is looked at in the end."""
    async with running(db, _served.access, _served.door, BRISK) as bot:
        yield bot
    check_manners(sandbox)


Told = Callable[[Person], Awaitable[list[Message]]]


@pytest.fixture
def told(bot: Bot, sql: Sql) -> Told:
    """What somebody has been told in direct messages, once all is sent; answers to commands aside.

    The clock of these tests is moved, and each message says so; that line is taken off here.
    """

    async def dms(person: Person) -> list[Message]:
        try:
            async with asyncio.timeout(HANG_SECONDS):
                await all_said(bot, sql)
        except TimeoutError:
            raise AssertionError(await sql("SELECT kind, status, reason FROM outbox")) from None
        sent = [message for message in person.dms() if message.is_bot and not message.only_for]
        return [without_footer(message) for message in sent]

    return dms


async def all_said(bot: Bot, sql: Sql) -> None:
    """Wait until the courier has sent everything; what is to be tried again later is waited for."""
    waiting = "SELECT count(*) FROM outbox WHERE status NOT IN ('sent', 'cancelled')"
    while await sql.value(waiting):
        bot.courier.wake()
        await bot.courier.until_idle()
        if await sql.value(waiting):
            await asyncio.sleep(0.02)


def without_footer(message: Message) -> Message:
    """The message as it would be under real time."""
    text, _, footer = message.text.rpartition("\n")
    assert footer.startswith("🕰 Rehearsal"), message.text
    shown, _, _ = message.plain.partition("🕰 Rehearsal")
    return replace(message, text=text, blocks=message.blocks[:-1], plain=shown.rstrip())


def check_manners(sandbox: Sandbox) -> None:
    """Every message says it all in its text, pings nobody, shows no button in vain, and Slack takes it."""
    for messages in sandbox.slack.workspace.messages.values():
        for message in messages:
            if message.is_bot:
                assert not message_pings(message.text, message.blocks), message.text
                assert not [said for said in words(message.blocks) if said.rstrip("…") not in message.text]
    ours = {"invalid_blocks", "invalid_arguments", "no_text", "msg_too_long", "msg_blocks_too_long"}
    assert not [call for call in sandbox.calls if call.error in ours]
    seen = Seen(sandbox)
    seen.read()
    assert not seen.in_vain()


def words(blocks: list[Any]) -> list[str]:
    """What blocks say, line by line; labels of buttons aside."""
    texts = [item for item in objects(blocks) if item.get("type") == "mrkdwn"]
    return [line for item in texts for line in item["text"].splitlines() if line]


# The people of the sample whom the tests are about.


@pytest.fixture
def ana(bot: Bot, sandbox: Sandbox) -> Person:
    """A rep of team West, in New York; her default is 20 signups."""
    return sandbox.person("Ana Souza")


@pytest.fixture
def priya(bot: Bot, sandbox: Sandbox) -> Person:
    """A rep of team East, in Kolkata."""
    return sandbox.person("Priya Raghunathan")


@pytest.fixture
def marisol(bot: Bot, sandbox: Sandbox) -> Person:
    """The manager of team West."""
    return sandbox.person("Marisol Peña")


@pytest.fixture
def tomasz(bot: Bot, sandbox: Sandbox) -> Person:
    """The manager of team East."""
    return sandbox.person("Tomasz Wójcik")


@pytest.fixture
def adaeze(bot: Bot, sandbox: Sandbox) -> Person:
    """The admin."""
    return sandbox.person("Adaeze Okafor")


@pytest.fixture
def jonas(bot: Bot, sandbox: Sandbox) -> Person:
    """A member on no team."""
    return sandbox.person("Jonas Lindqvist")


@pytest.fixture
def renske(bot: Bot, sandbox: Sandbox) -> Person:
    """A guest."""
    return sandbox.person("Renske de Vries")


class Queries:
    """The statements that ran while requests of Slack's were being answered; not the courier's."""

    def __init__(self) -> None:
        self.statements: list[str] = []


@pytest.fixture
def queries(engine: AsyncEngine) -> Queries:
    """Counts the statements of answers from here on."""
    queries = Queries()

    @event.listens_for(engine.sync_engine, "before_cursor_execute")
    def count(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if "request" in _about.get():
            queries.statements.append(statement)

    return queries
