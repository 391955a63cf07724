"""Several copies at once, and copies that die: each month closes, and each day's snapshot is taken, once."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy.exc import OperationalError

from bot.postgres import create_engine
from domain import flow
from domain.db import Database, WorkspaceId
from tests.builders import a_workspace
from tests.conftest import Sql
from tests.db.goals.desk import counted
from tests.db.progress.months import Months
from tests.db.reminders.test_cost import MANY
from tests.db.reminders.test_races import dying_at

ZONES = ("America/Los_Angeles", "America/New_York", "Europe/Berlin", "Asia/Kathmandu", "Pacific/Kiritimati")
REPS = 10
BEGIN = datetime(2026, 10, 25, tzinfo=UTC)
MOMENTS = [BEGIN + timedelta(hours=6) * step for step in range(4 * 16)]
"""Until the last of the months has frozen."""
LATER = MOMENTS[-1]
BEGUN, OVER, FROZEN = (
    datetime(2026, month, day, hour, tzinfo=UTC) for month, day, hour in ((10, 1, 0), (11, 1, 9), (11, 8, 0))
)


@pytest.fixture
async def acme(db: Database) -> WorkspaceId:
    """Ten reps in five zones whose October is set; half of them make it."""
    async with db.everywhere() as tx:
        acme = await a_workspace(tx.session)
    async with db.workspace(acme, at=BEGIN) as tx:
        months = Months(tx)
        await months.user("Kim")
        west = await months.team("West", "Kim")
        for number in range(REPS):
            name = f"R{number}"
            await months.rep(name, west, zone=ZONES[number % 5], joined_on=date(2026, 10, 1))
        await flow.tick(tx.session, tx.now)
        for number in range(REPS):
            await months.aims(f"R{number}", 10)
            await months.logs(f"R{number}", 10 + number % 2 - 1, "2026-10-24")
    return acme


@pytest.fixture
async def copies(database_url: str) -> AsyncIterator[list[Database]]:
    """Four copies' own pools."""
    engines = [create_engine(database_url, pool_size=1, max_overflow=0) for _ in range(4)]
    yield [Database(engine) for engine in engines]
    for engine in engines:
        await engine.dispose()


async def ticked(copy: Database, acme: WorkspaceId, at: datetime) -> None:
    async with copy.workspace(acme, at=at, patience="20s") as tx:
        await flow.tick(tx.session, tx.now)


async def check_closed(sql: Sql) -> None:
    """October is closed for everybody, each local day was taken once, and Kim knows."""
    closed = await sql(
        "SELECT status, count(*) FROM rep_monthly_goals"
        " WHERE goal_month = 10 AND frozen_at IS NOT NULL GROUP BY 1 ORDER BY 1"
    )
    assert [tuple(row) for row in closed] == [("archived", REPS // 2), ("missed", REPS // 2)]
    days = await sql(
        "SELECT count(*) AS taken, max(snapshot_date) - min(snapshot_date) + 1 AS wanted"
        " FROM goal_progress_snapshots"
        " WHERE snapshot_type = 'daily' GROUP BY sales_rep_id"
    )
    assert len(days) == REPS
    assert all(row.taken == row.wanted > 13 for row in days)
    said = await sql("SELECT mode, count(*) FROM outbox WHERE kind = 'reports.monthly' GROUP BY 1 ORDER BY 1")
    assert [tuple(row) for row in said] == [("edit", 1), ("post", 1)]


async def test_four_copies_at_once_close_each_month_and_take_each_day_once(
    acme: WorkspaceId, copies: list[Database], sql: Sql
) -> None:
    for moment in MOMENTS:
        await asyncio.gather(*(ticked(copy, acme, moment) for copy in copies))
    await check_closed(sql)
    assert await sql.value("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()") == 0


@pytest.mark.parametrize("after", [False, True])
async def test_a_tick_killed_at_any_statement_is_made_good_by_the_next(
    db: Database, acme: WorkspaceId, sql: Sql, database_url: str, after: bool
) -> None:
    """One tick after a silence takes two weeks of snapshots, closes, freezes and reports."""
    deaths = 0
    while True:
        engine = create_engine(database_url, pool_size=1, max_overflow=0)
        lived = False
        with dying_at(engine, database_url, deaths + 1, after=after), suppress(OperationalError):
            await ticked(Database(engine, settle=flow.settle), acme, LATER)
            lived = True
        await engine.dispose()
        if lived:
            break
        deaths += 1
        assert await sql.value("SELECT count(*) FROM goal_progress_snapshots") == 0
    assert deaths >= 15
    assert await sql.value("SELECT count(*) FROM rep_monthly_goals WHERE frozen_at IS NOT NULL") == REPS
    assert await sql.value("SELECT count(*) FROM outbox WHERE kind = 'reports.monthly'") == 1


async def test_the_end_of_a_month_is_as_many_statements_for_a_thousand_reps_as_for_ten(
    db: Database, sql: Sql
) -> None:
    counts: dict[int, list[int]] = {}
    for count in (10, 1_000):
        async with db.everywhere() as tx:
            home = await a_workspace(tx.session)
        await sql(MANY, acme=home, count=count)
        counts[count] = []
        for day in (BEGUN, OVER, FROZEN):
            async with db.workspace(home, at=day, patience="60s") as tx:
                with counted(tx.session) as statements:
                    done = await flow.tick(tx.session, tx.now)
            counts[count].append(len(statements))
            assert done["closing"] == (0 if day.month == 10 else count)
            assert (done["snapshots"] >= count) == (day.month == 11)
    assert counts[10] == counts[1_000]
    assert max(counts[10]) <= 40
