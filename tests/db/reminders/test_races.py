"""Several copies at once, and copies that die: every reminder and digest exactly once.

Real connections and real ticks; a copy dies by losing its connection to the database at a statement.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime, timedelta
from typing import Any

import psycopg
import pytest
from sqlalchemy import Connection, event
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.postgres import create_engine
from bot.ticker import Ticker
from domain import flow
from domain.db import Database, WorkspaceId
from tests.builders import a_workspace
from tests.conftest import Sql
from tests.db.reminders.office import Office

ZONES = ("America/Los_Angeles", "America/New_York", "Europe/Berlin", "Asia/Kathmandu", "Pacific/Kiritimati")
REPS = 20
STEP = timedelta(hours=3)
BEGIN = datetime(2026, 10, 1, tzinfo=UTC)
MONTH = [BEGIN + STEP * step for step in range(-4, 8 * 9)]
"""From the first midnight of the 1st to the last overdue digest."""


@pytest.fixture
async def acme(db: Database) -> WorkspaceId:
    """Twenty reps in five zones; Kim and Lee manage a team each."""
    async with db.everywhere() as tx:
        acme = await a_workspace(tx.session)
    async with db.workspace(acme, at=MONTH[0]) as tx:
        office = Office(tx)
        for name in ("Kim", "Lee"):
            await office.user(name)
        teams = await office.team("West", "Kim"), await office.team("East", "Lee")
        for number in range(REPS):
            await office.rep(
                f"R{number}", teams[number % 2], zone=ZONES[number % 5], joined_on=date(2026, 10, 1)
            )
    return acme


@pytest.fixture
async def copies(database_url: str) -> AsyncIterator[list[Database]]:
    """Four copies' own pools."""
    engines = [create_engine(database_url, pool_size=1, max_overflow=0) for _ in range(4)]
    yield [Database(engine, settle=flow.settle) for engine in engines]
    for engine in engines:
        await engine.dispose()


async def ticked(copy: Database, acme: WorkspaceId, at: datetime) -> None:
    async with copy.workspace(acme, at=at, patience="20s") as tx:
        await flow.tick(tx.session, tx.now)


async def said(db: Database, acme: WorkspaceId) -> Counter[str]:
    """What has been said how often: `R7 goal_overdue`, `Kim overdue`."""
    async with db.workspace(acme, at=MONTH[-1]) as tx:
        lines = await Office(tx).said()
    return Counter(f"{line.split()[0]} {line.split()[-1]}" for line in lines)


EVERYTHING = Counter(
    [f"R{number} {stage}" for number in range(REPS) for stage in (
        "goal_deadline_3days", "goal_deadline_1day", "goal_deadline_day", "goal_overdue",
    )]
    + [f"{manager} {stage}" for manager in ("Kim", "Lee") for stage in ("day_before", "last_day", "overdue")]
)  # fmt: skip


@pytest.mark.parametrize("count", [2, 4])
async def test_copies_that_all_tick_at_once_say_each_thing_once(
    db: Database, acme: WorkspaceId, copies: list[Database], count: int, sql: Sql
) -> None:
    for moment in MONTH:
        await asyncio.gather(*(ticked(copy, acme, moment) for copy in copies[:count]))
    assert await said(db, acme) == EVERYTHING
    assert await sql.value("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()") == 0
    assert await sql.value("SELECT count(*) FROM rep_monthly_goals WHERE goal_month = 10") == REPS


async def test_copies_share_the_work_by_the_clock_and_log_no_error(
    db: Database, acme: WorkspaceId, copies: list[Database], sql: Sql, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger="bot.ticker")
    tickers = [Ticker(copy) for copy in copies]
    done = 0
    for moment in MONTH:
        await sql("UPDATE business_clock SET clock_offset = :at - clock_timestamp()", at=moment)
        done += sum(await asyncio.gather(*(ticker.tick() for ticker in tickers)))
    assert await said(db, acme) == EVERYTHING
    assert done == len(MONTH)
    assert [record.message for record in caplog.records if record.levelno > logging.INFO] == []


async def test_a_tick_leaves_to_the_other_what_the_other_is_at(
    db: Database, acme: WorkspaceId, copies: list[Database]
) -> None:
    noon = datetime(2026, 10, 6, 19, tzinfo=UTC)
    async with copies[0].workspace(acme, at=noon) as tx:
        assert (await flow.tick(tx.session, tx.now))["months"] == REPS
        async with copies[1].workspace(acme, at=noon) as other:
            assert not await flow.tick(other.session, other.now)


@contextmanager
def once_planned(
    engine: AsyncEngine, url: str, statement: str, then: Callable[[], object] = lambda: None
) -> Iterator[None]:
    """Somebody else commits this while a tick is at work that has opened its months and planned them."""
    waits = [statement]

    def interfere(_connection: Connection, _cursor: object, made: str, *_: object) -> None:
        if waits and "NOT g.sent" in made:
            with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as somebody:
                somebody.execute(waits.pop())
            then()

    event.listen(engine.sync_engine, "before_cursor_execute", interfere)
    yield
    event.remove(engine.sync_engine, "before_cursor_execute", interfere)


JOINS = """
WITH joining AS (UPDATE sales_reps SET is_active = true WHERE name = 'R7' RETURNING workspace_id)
UPDATE workspaces w SET tick_at = '-infinity' FROM joining j WHERE w.id = j.workspace_id
"""


@pytest.fixture
async def r7_away(acme: WorkspaceId, sql: Sql) -> None:
    """At noon of the 3rd R7 does not carry goals yet."""
    await sql("UPDATE sales_reps SET is_active = false WHERE name = 'R7'")
    noon = datetime(2026, 10, 3, 19, tzinfo=UTC)
    await sql("UPDATE business_clock SET clock_offset = :at - clock_timestamp()", at=noon)


async def test_who_joins_while_a_tick_is_at_work_has_the_month_at_once(
    db: Database, engine: AsyncEngine, r7_away: None, database_url: str, sql: Sql
) -> None:
    with once_planned(engine, database_url, JOINS):
        assert await Ticker(db).tick() == 2
    assert await sql.value("SELECT count(*) FROM rep_monthly_goals WHERE goal_month = 10") == REPS
    assert await Ticker(db).tick() == 0


async def test_who_asks_for_a_tick_while_one_is_at_work_waits_for_what_has_come_due_since(
    db: Database, engine: AsyncEngine, r7_away: None, database_url: str, sql: Sql
) -> None:
    ticker = Ticker(db)
    asked: list[asyncio.Task[int]] = []
    with once_planned(engine, database_url, JOINS, lambda: asked.append(asyncio.create_task(ticker.tick()))):
        await ticker.tick()
    await asked[0]
    assert await sql.value("SELECT count(*) FROM rep_monthly_goals WHERE goal_month = 10") == REPS


# --- the clock --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("back", [timedelta(hours=1), timedelta(days=31)])
async def test_a_clock_set_back_by_anybody_does_not_stop_the_ticks(
    db: Database, acme: WorkspaceId, sql: Sql, back: timedelta
) -> None:
    ticker = Ticker(db)
    await sql("UPDATE business_clock SET clock_offset = :at - clock_timestamp()", at=BEGIN)
    assert await ticker.tick() == 1
    assert await ticker.tick() == 0
    await sql("UPDATE business_clock SET clock_offset = clock_offset - :back", back=back)
    assert await ticker.tick() == 1
    assert await ticker.tick() == 0


async def test_one_workspaces_trouble_is_its_own(
    db: Database, acme: WorkspaceId, sql: Sql, caplog: pytest.LogCaptureFixture
) -> None:
    async with db.everywhere() as tx:
        other = await a_workspace(tx.session)
    async with db.workspace(other, at=BEGIN) as tx:
        await Office(tx).rep("Sam")
    # A month that cannot be opened: no row has room for seven tiers.
    await sql("ALTER TABLE bonus_tiers DROP CONSTRAINT ck_bonus_tiers_tier")
    await sql("INSERT INTO bonus_tiers (workspace_id, tier, signups_needed) VALUES (:acme, 7, 60)", acme=acme)
    await sql("UPDATE business_clock SET clock_offset = :at - clock_timestamp()", at=BEGIN)
    assert await Ticker(db).tick() == 2
    opened = await sql("SELECT DISTINCT workspace_id FROM rep_monthly_goals")
    assert [row.workspace_id for row in opened] == [other]
    assert [record.message for record in caplog.records if record.levelno > logging.INFO] == [
        f"workspace {acme}: a tick failed; it is tried again within a minute"
    ]


# --- dying ------------------------------------------------------------------------------------------------


@contextmanager
def dying_at(engine: AsyncEngine, url: str, statement: int, *, after: bool) -> Iterator[None]:
    """The server ends the copy's connection before its nth statement, or once that has been made."""
    seen: Counter[str] = Counter()

    def count(connection: Connection, *_: object) -> None:
        seen["statements"] += 1
        if seen["statements"] == statement:
            driver: Any = connection.connection.driver_connection
            with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as killer:
                killer.execute("SELECT pg_terminate_backend(%s, 5000)", [driver.info.backend_pid])

    name = "after_cursor_execute" if after else "before_cursor_execute"
    event.listen(engine.sync_engine, name, count)
    yield
    event.remove(engine.sync_engine, name, count)


@pytest.mark.parametrize("after", [False, True])
async def test_a_tick_killed_at_any_statement_is_made_good_by_the_next(
    db: Database, acme: WorkspaceId, database_url: str, after: bool
) -> None:
    """On the 6th at 14:00 in Berlin after a silence: months open, reminders go out, digests go out."""
    moment = datetime(2026, 10, 6, 12, tzinfo=UTC)
    nth, deaths = 1, 0
    while True:
        engine = create_engine(database_url, pool_size=1, max_overflow=0)
        lived = False
        with dying_at(engine, database_url, nth, after=after), suppress(OperationalError):
            await ticked(Database(engine, settle=flow.settle), acme, moment)
            lived = True
        await engine.dispose()
        if lived:
            break
        nth, deaths = nth + 1, deaths + 1
    assert deaths >= 10
    once = await said(db, acme)
    assert set(once.values()) == {1}
    assert once["Kim last_day"] == once["Lee last_day"] == 1
    await ticked(db, acme, moment)
    assert await said(db, acme) == once
