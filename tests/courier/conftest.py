"""Couriers at work: offices with a Slack of their own, on one database; what people see, and how it ended.

Business time is real here, so `created_at` and `updated_at` of an intent say how long it took.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncSession

from bot.courier import messages
from bot.courier.courier import Courier
from bot.courier.timing import Timing
from bot.slack.blocks import Message as Said
from bot.slack.blocks import section
from bot.slack.errors import SlackTrouble
from bot.slack.installations import Grant, Installations, connections
from bot.slack.rendering import Facts, Renderer
from bot.slack.text import say
from domain.db import Database, WorkspaceId
from domain.outbox import service as outbox
from domain.outbox.service import Saying, Topic, to_user
from domain.people.model import UserId
from sandbox import Message, Sandbox, SandboxServer
from tests.builders import a_team, a_user, a_workspace
from tests.conftest import HANG_SECONDS, Sql

QUICK = Timing(start=20.0, send=20.0, settle=0.4, pace=0.0, poll=0.1, probe=0.45, longest_wait=0.25)
"""Waits are some ten times shorter than in earnest; a call has all the time that a busy machine may take."""
WEST, EAST, ALL = "C0TEAMWEST1", "C0TEAMEAST1", "C0NORTHALL1"
ANA, PRIYA, MARISOL, ADAEZE = "U0ANA000001", "U0PRIYA0001", "U0MARISOL01", "U0ADAEZE001"
SAID = "tests.said"
"""Facts: words; or `gone`, `fails` in the reading, `bends` in the wording."""


async def _load(_session: AsyncSession, facts: Facts) -> Facts | None:
    if facts.get("fails"):
        raise LookupError("no such row, as nobody had foreseen")
    return None if facts.get("gone") else facts


def _word(facts: Facts) -> Said:
    if facts.get("bends"):
        raise ValueError("nobody can word this")
    text = say("{words}", words=facts["words"])
    return Said(text, [section(text)])


RENDERERS: dict[str, Renderer[Any]] = {**messages.RENDERERS, SAID: Renderer(_load, _word)}


class Eyes:
    """What the owner of the database sees, also while several look at once."""

    def __init__(self, sql: Sql) -> None:
        self._sql = sql
        self._turn = asyncio.Lock()

    async def rows(self, statement: str, **parameters: Any) -> list[Row[Any]]:
        """What a statement returns."""
        async with self._turn:
            return await self._sql(statement, **parameters)

    async def value(self, statement: str, **parameters: Any) -> Any:
        """The one value that a statement returns."""
        [[value]] = await self.rows(statement, **parameters)
        return value

    async def until(self, condition: str, seconds: float = HANG_SECONDS, **parameters: Any) -> None:
        """Wait until the database says so; it is the server that waits between two looks."""
        try:
            async with asyncio.timeout(seconds):
                while not await self.value(
                    f"SELECT ({condition}) FROM (SELECT pg_sleep(0.02)) AS look", **parameters
                ):
                    continue
        except TimeoutError:
            raise AssertionError(
                [tuple(row) for row in await self.rows("SELECT id, topic, mode, status, reason FROM outbox")]
            ) from None

    async def ended(self, *, workspace: WorkspaceId | None = None, seconds: float = HANG_SECONDS) -> None:
        """Wait until nothing is on its way."""
        await self.until(
            "NOT EXISTS (SELECT FROM outbox WHERE status IN ('pending', 'sending')"
            " AND workspace_id = coalesce(CAST(:workspace AS bigint), workspace_id))",
            seconds,
            workspace=workspace,
        )

    async def intent(self, topic: str, workspace: WorkspaceId, mode: str = "post") -> Row[Any]:
        """The intent of a topic, with the seconds it `took`."""
        [intent] = await self.rows(
            "SELECT *, extract(epoch FROM updated_at - created_at)::float AS took FROM outbox"
            " WHERE topic = :topic AND workspace_id = :workspace AND mode = :mode",
            topic=topic,
            workspace=workspace,
            mode=mode,
        )
        return intent


@pytest.fixture
def eyes(sql: Sql) -> Eyes:
    """The database, looked at from outside."""
    return Eyes(sql)


class Office:
    """One workspace: its Slack, what is known of its people, and things to say there."""

    def __init__(self, database: Database, sandbox: Sandbox, workspace_id: WorkspaceId) -> None:
        self._database = database
        self.sandbox = sandbox
        self.workspace_id = workspace_id
        self.users: dict[str, UserId] = {}

    async def meets(self, slack_id: str, **columns: Any) -> str:
        """The audience that somebody is, who is known from here on."""
        async with self._database.workspace(self.workspace_id) as tx:
            name = self.sandbox.person(slack_id).user.real_name
            self.users[slack_id] = await a_user(tx.session, slack_id=slack_id, name=name, **columns)
        return to_user(self.users[slack_id])

    async def has_team(self, channel: str, manager: str | None = None) -> None:
        """A team that meets in this channel."""
        async with self._database.workspace(self.workspace_id) as tx:
            manager_id = self.users[manager] if manager else None
            await a_team(tx.session, channel=channel, manager_id=manager_id)

    async def posts(
        self, audience: str, words: str = "Hello", *, topic: str = "hello", kind: str = SAID, **facts: Any
    ) -> None:
        """Leave something in the outbox."""
        async with self._database.workspace(self.workspace_id) as tx:
            await outbox.post(tx.session, Saying(kind, audience, Topic(topic), {"words": words, **facts}))

    async def edits(
        self, audience: str, words: str = "Hello", *, topic: str = "hello", kind: str = SAID, **facts: Any
    ) -> None:
        """Leave a change of it."""
        async with self._database.workspace(self.workspace_id) as tx:
            await outbox.edit(tx.session, Saying(kind, audience, Topic(topic), {"words": words, **facts}))

    def seen(self, channel: str) -> list[Message]:
        """What the bot has said in a channel, as everybody sees it."""
        return [one for one in self.sandbox.channel(channel).messages() if one.is_bot]

    def told(self, slack_id: str) -> list[Message]:
        """What it has said to somebody."""
        return [one for one in self.sandbox.person(slack_id).dms() if one.is_bot]


@pytest.fixture(scope="session")
async def _slacks() -> AsyncIterator[list[Sandbox]]:
    sandboxes = [Sandbox(retry_after=()) for _ in range(4)]
    async with SandboxServer(sandboxes[0], others=sandboxes[1:]):
        yield sandboxes


@pytest.fixture
async def offices(_slacks: list[Sandbox], db: Database) -> AsyncIterator[list[Office]]:
    """Four of them, as new."""
    opened = []
    for sandbox in _slacks:
        sandbox.reset()
        sandbox.limits = False
        async with db.everywhere() as tx:
            workspace_id = await a_workspace(tx.session)
        opened.append(Office(db, sandbox, workspace_id))
    yield opened
    for sandbox in _slacks:
        sandbox.faults.clear()


@pytest.fixture
def office(offices: list[Office]) -> Office:
    """One is enough for most."""
    return offices[0]


class Given:
    """Grants of offices, as a table would keep them."""

    def __init__(self, offices: list[Office]) -> None:
        self._served = [office.workspace_id for office in offices]
        self.grants = {office.workspace_id: granted_by(office) for office in offices}
        self.trouble: list[SlackTrouble] = []
        """What the next look-ups end with."""

    async def of_team(self, team_id: str) -> Grant | None:
        return next((grant for grant in self.grants.values() if grant.team_id == team_id), None)

    async def of_workspace(self, workspace_id: WorkspaceId) -> Grant | None:
        if self.trouble:
            raise self.trouble.pop()
        return self.grants.get(workspace_id)

    async def workspaces(self) -> Collection[WorkspaceId]:
        return self._served


def granted_by(office: Office) -> Grant:
    """What an office granted."""
    slack = office.sandbox.slack.workspace
    return Grant(
        office.workspace_id,
        slack.team_id,
        slack.bot_user_id,
        slack.bot_id,
        frozenset(slack.scopes),
        office.sandbox.bot_token,
    )


@asynccontextmanager
async def installed(
    database: Database, offices: list[Office], timing: Timing, given: Given | None = None
) -> AsyncIterator[Installations]:
    """Goalkeeper, as it is installed in these offices."""
    async with connections(offices[0].sandbox.api_url, timing.send) as slack:
        yield Installations(given or Given(offices), slack, database)


@asynccontextmanager
async def at_work(
    database: Database,
    served: Installations,
    timing: Timing = QUICK,
) -> AsyncIterator[Courier]:
    """A courier that goes round while the block lasts."""
    courier = Courier(database, served, RENDERERS, timing)
    rounds = asyncio.create_task(courier.run())
    try:
        yield courier
    finally:
        courier.stop()
        await rounds


Hire = Callable[..., Awaitable[Courier]]


@pytest.fixture
async def hire(db: Database, offices: list[Office]) -> AsyncIterator[Hire]:
    """Puts a courier to work for some offices (all); with a `timing` of its own if need be."""
    async with AsyncExitStack() as stack:

        async def hire(*served: Office, timing: Timing = QUICK) -> Courier:
            here = await stack.enter_async_context(installed(db, list(served) or offices, timing))
            return await stack.enter_async_context(at_work(db, here, timing))

        yield hire


def seconds(span: timedelta) -> float:
    """A span as a number."""
    return span.total_seconds()
