"""Numbers that somebody has logged, as the ledger has them."""

from collections.abc import Awaitable, Callable
from datetime import date
from decimal import Decimal

import pytest

from bot.app import Bot
from bot.ticker import Ticker
from domain import flow
from domain.activity.recording import Entry
from domain.db import Database
from domain.people import queries as people
from domain.people.model import Door
from sandbox import Person
from sandbox.interactions import Answer
from sandbox.sandbox import Sandbox
from tests.conftest import Sql

Logs = Callable[..., Awaitable[int]]


@pytest.fixture
def logs(bot: Bot, db: Database) -> Logs:
    """Log an amount for somebody, by themselves unless `by` says otherwise; returns the entry's id."""

    async def log(
        rep: Person,
        amount: str,
        day: date | None = None,
        metric: str = "signups",
        note: str | None = None,
        by: Person | None = None,
    ) -> int:
        author = by or rep
        async with db.workspace(bot.workspace_id) as tx:
            known = await people.by_slack_id(tx.session, [rep.id, author.id])
            found = known[rep.id].rep
            assert found is not None
            entry = Entry(found.id, metric, Decimal(amount), day, note=note)
            actor = known[author.id].through(Door.COMMAND)
            [became] = await flow.record_activity(tx.session, tx.now, actor, [entry])
        assert became.entry_id is not None, became.refusal
        return became.entry_id

    return log


Asks = Callable[[Person, str], Awaitable[Answer]]


@pytest.fixture
def asks(sandbox: Sandbox) -> Asks:
    """Type a command whose answer may come after the acknowledgement, and wait for it."""

    async def ask(person: Person, line: str) -> Answer:
        answer = await person.types(line)
        await sandbox.wait_for(lambda: answer.message)
        return answer

    return ask


Opens = Callable[[], Awaitable[None]]


@pytest.fixture
def opens(db: Database, sql: Sql, bot: Bot) -> Opens:
    """Open this month for everybody, as a tick does."""

    async def tick() -> None:
        await sql("UPDATE workspaces SET tick_at = '-infinity'")
        await Ticker(db).tick()

    return tick
