"""What the triggers keep true of a year: the sum of its months, its progress and its status."""

import asyncio
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Row, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from domain.db import Database, Transaction, WorkspaceId
from domain.people.model import RepId
from tests.builders import NULL, a_month, a_rep, a_workspace, insert, moved_to
from tests.conftest import BLOCKED, HANG_SECONDS, Sql


@pytest.fixture
def fresh() -> bool:
    """Plans for few months are not those for ten thousand."""
    return True


@pytest.fixture
async def rep(session: AsyncSession) -> RepId:
    """Somebody in New York who joined long ago."""
    return await a_rep(session, time_zone="America/New_York")


async def a_year(session: AsyncSession, rep: RepId, **columns: Any) -> int:
    return await insert(session, "rep_yearly_goals", sales_rep_id=rep, goal_year=2026, **columns)


async def the_year(session: AsyncSession, year: int = 2026) -> Row[Any]:
    query = text("SELECT * FROM rep_yearly_goals WHERE goal_year = :year")
    return (await session.execute(query, {"year": year})).one()


async def execute(session: AsyncSession, statement: str, **parameters: Any) -> None:
    await session.execute(text(statement), parameters)


async def test_a_year_is_the_sum_of_its_months_through_every_change(
    session: AsyncSession, rep: RepId
) -> None:
    await a_month(session, rep, month=1, signups_actual=10, revenue_actual=Decimal("100.50"))
    await a_year(session, rep, yearly_signup_goal=240, yearly_revenue_goal=1000)
    assert tuple(await _actuals(session)) == (10, Decimal("100.50"))

    await a_month(session, rep, month=2, signups_actual=5, revenue_actual=50)
    assert tuple(await _actuals(session)) == (15, Decimal("150.50"))

    await execute(session, "UPDATE rep_monthly_goals SET signups_actual = signups_actual + 1")
    assert tuple(await _actuals(session)) == (17, Decimal("150.50"))

    await execute(
        session, "UPDATE rep_yearly_goals SET yearly_signups_actual = 999, yearly_revenue_actual = 0"
    )
    year = await the_year(session)
    assert (year.yearly_signups_actual, year.yearly_revenue_actual) == (17, Decimal("150.50"))
    assert (year.yearly_signup_progress_percent, year.yearly_revenue_progress_percent) == (
        Decimal("7.08"),
        Decimal("15.05"),
    )


async def _actuals(session: AsyncSession) -> tuple[int, Decimal]:
    year = await the_year(session)
    return year.yearly_signups_actual, year.yearly_revenue_actual


async def test_other_years_reps_and_workspaces_do_not_count(sql: Sql) -> None:
    for team in ("T1", "T2"):
        await sql("SELECT set_config('goalkeeper.workspace', '', false)")
        workspace = await sql.value("SELECT goalkeeper_enter_workspace(:team, 'x', NULL)", team=team)
        await sql("SELECT set_config('goalkeeper.workspace', :id, false)", id=str(workspace))
        for name in ("Ann", "Ben"):
            await sql("INSERT INTO users (slack_id, name) VALUES (:name, :name)", name=name)
    # The same ids everywhere: keys carry the workspace.
    await sql("""
        INSERT INTO sales_reps (workspace_id, id, user_id, name)
        SELECT workspace_id, id % 2, id, name FROM users
    """)
    await sql("""
        INSERT INTO rep_yearly_goals (workspace_id, sales_rep_id, goal_year)
        SELECT workspace_id, id, year FROM sales_reps, generate_series(2025, 2026) AS year
    """)
    await sql("""
        INSERT INTO rep_monthly_goals (workspace_id, sales_rep_id, goal_year, goal_month, signups_actual)
        SELECT workspace_id, id, year, 1, workspace_id * 100 + id * 10 + year % 10
        FROM sales_reps, generate_series(2025, 2026) AS year
    """)
    wrong = await sql("""
        SELECT * FROM rep_yearly_goals
        WHERE yearly_signups_actual <> workspace_id * 100 + sales_rep_id * 10 + goal_year % 10
    """)
    assert wrong == []
    await sql(
        "DELETE FROM rep_monthly_goals WHERE workspace_id = 1 AND sales_rep_id = 1 AND goal_year = 2026"
    )
    empty = await sql(
        "SELECT workspace_id, sales_rep_id, goal_year FROM rep_yearly_goals WHERE yearly_signups_actual = 0"
    )
    assert [tuple(row) for row in empty] == [(1, 1, 2026)]


async def test_a_year_completes_and_is_taken_back(tx: Transaction, rep: RepId) -> None:
    await a_year(tx.session, rep, yearly_signup_goal=20)
    await a_month(tx.session, rep, month=2, signup_goal=20, signups_actual=20)
    year = await the_year(tx.session)
    assert (year.status, year.completed_at) == ("completed", tx.now)

    await moved_to(tx, datetime(2026, 6, 1, tzinfo=UTC))
    await execute(tx.session, "UPDATE rep_monthly_goals SET signups_actual = 30")
    assert (await the_year(tx.session)).completed_at == tx.now
    await execute(tx.session, "UPDATE rep_monthly_goals SET signups_actual = 19")
    year = await the_year(tx.session)
    assert (year.status, year.completed_at) == ("active", None)


@pytest.mark.parametrize(
    ("moment", "status"), [("2027-01-01T04:59:59Z", "active"), ("2027-01-01T05:00:00Z", "missed")]
)
@pytest.mark.parametrize("december", [False, True])
async def test_a_correction_after_the_years_end_makes_it_missed(
    tx: Transaction, rep: RepId, moment: str, status: str, december: bool
) -> None:
    await a_year(tx.session, rep, yearly_signup_goal=20)
    await a_month(tx.session, rep, signups_actual=20)
    if december:
        await a_month(tx.session, rep, month=12)
    await moved_to(tx, datetime.fromisoformat(moment))
    await execute(tx.session, "UPDATE rep_monthly_goals SET signups_actual = 0")
    assert (await the_year(tx.session)).status == status


async def test_an_archived_year_is_left_alone(tx: Transaction, rep: RepId) -> None:
    await a_year(tx.session, rep, yearly_signup_goal=20)
    await a_month(tx.session, rep, signups_actual=20)
    await execute(tx.session, "UPDATE rep_yearly_goals SET status = 'archived'")
    await execute(tx.session, "UPDATE rep_monthly_goals SET signups_actual = 0")
    year = await the_year(tx.session)
    assert (year.status, year.completed_at, year.yearly_signups_actual) == ("archived", tx.now, 0)


async def test_a_year_opened_is_not_set_and_a_change_of_figures_sets_it_for_good(
    tx: Transaction, rep: RepId
) -> None:
    await a_year(tx.session, rep, yearly_signup_goal=240, goal_set_at=NULL)
    await execute(tx.session, "UPDATE rep_yearly_goals SET yearly_signup_goal = 240")
    assert (await the_year(tx.session)).goal_set_at is None
    await execute(tx.session, "UPDATE rep_yearly_goals SET yearly_revenue_goal = 5")
    assert (await the_year(tx.session)).goal_set_at == tx.now
    await execute(tx.session, "UPDATE rep_yearly_goals SET goal_set_at = NULL, yearly_signup_goal = 1")
    assert (await the_year(tx.session)).goal_set_at == tx.now


async def test_a_year_without_a_goal_is_not_set(session: AsyncSession, rep: RepId) -> None:
    await a_year(session, rep)
    assert (await the_year(session)).goal_set_at is None


@pytest.mark.parametrize(
    ("signups", "revenue", "targets"),
    [
        (240, "0", ("20.00", "0.00")),
        (100, "1000000", ("8.33", "83333.33")),
        (1, "0.06", ("0.08", "0.01")),
    ],
)
async def test_monthly_targets_are_a_twelfth(
    session: AsyncSession, rep: RepId, signups: int, revenue: str, targets: tuple[str, str]
) -> None:
    await a_year(session, rep, yearly_signup_goal=signups, yearly_revenue_goal=Decimal(revenue))
    year = await the_year(session)
    assert (str(year.monthly_signup_target), str(year.monthly_revenue_target)) == targets


async def test_monthly_targets_cannot_be_written(session: AsyncSession, rep: RepId) -> None:
    with pytest.raises(DBAPIError, match="monthly_signup_target"):
        await a_year(session, rep, monthly_signup_target=5)


async def test_a_year_stays_with_its_rep_and_period(session: AsyncSession, rep: RepId) -> None:
    await a_year(session, rep)
    with pytest.raises(IntegrityError, match="A goal stays with its rep and its period"):
        await execute(session, "UPDATE rep_yearly_goals SET goal_year = 2027")


# --- many and at once ----------------------------------------------------------------------------------


async def test_ten_thousand_months_are_one_update_of_their_years(sql: Sql) -> None:
    await sql("SELECT goalkeeper_enter_workspace('T1', 'x', NULL)")
    await sql("INSERT INTO users (slack_id, name) SELECT 'U' || n, 'x' FROM generate_series(1, 10000) AS n")
    await sql("INSERT INTO sales_reps (user_id, name, joined_on) SELECT id, name, '2024-01-01' FROM users")
    await sql("INSERT INTO rep_yearly_goals (sales_rep_id, goal_year) SELECT id, 2026 FROM sales_reps")

    # Without statistics, as after an import: a nested loop would take minutes.
    await sql("SET statement_timeout = '30s'")
    await sql("""
        INSERT INTO rep_monthly_goals (sales_rep_id, goal_year, goal_month)
        SELECT id, 2026, month FROM sales_reps, generate_series(1, 2) AS month
    """)
    await sql("UPDATE rep_monthly_goals SET signups_actual = goal_month")
    assert await sql.value("SELECT sum(yearly_signups_actual) FROM rep_yearly_goals") == 30_000


@pytest.fixture
async def workspace_id(db: Database) -> WorkspaceId:
    """A workspace of its own with one rep, who has two months and a year."""
    async with db.everywhere() as tx:
        workspace_id = await a_workspace(tx.session)
    async with db.workspace(workspace_id) as tx:
        rep = await a_rep(tx.session)
        await a_year(tx.session, rep)
        for month in (1, 2):
            await a_month(tx.session, rep, month=month)
    return workspace_id


async def test_two_months_moved_at_once_by_the_same_are_both_in_the_sum(
    db: Database, workspace_id: WorkspaceId
) -> None:
    moved = "UPDATE rep_monthly_goals SET signups_actual = signups_actual + 1 WHERE goal_month = :month"
    async with db.workspace(workspace_id) as first:
        await execute(first.session, moved, month=1)
        waiting = asyncio.create_task(_in_its_own_transaction(db, workspace_id, moved, month=2))
        await _until_somebody_waits(first.session)
    await waiting
    async with db.workspace(workspace_id) as tx:
        assert (await the_year(tx.session)).yearly_signups_actual == 2


async def test_a_year_opened_while_a_month_moves_counts_it(
    db: Database, workspace_id: WorkspaceId, sql: Sql
) -> None:
    await sql("DELETE FROM rep_yearly_goals")
    opened = "INSERT INTO rep_yearly_goals (sales_rep_id, goal_year) SELECT id, 2026 FROM sales_reps"
    async with db.workspace(workspace_id) as first:
        await execute(first.session, "UPDATE rep_monthly_goals SET signups_actual = 7 WHERE goal_month = 1")
        waiting = asyncio.create_task(_in_its_own_transaction(db, workspace_id, opened))
        await _until_somebody_waits(first.session)
    await waiting
    async with db.workspace(workspace_id) as tx:
        assert (await the_year(tx.session)).yearly_signups_actual == 7


async def _in_its_own_transaction(
    db: Database, workspace_id: WorkspaceId, statement: str, **parameters: Any
) -> None:
    async with db.workspace(workspace_id) as tx:
        await execute(tx.session, statement, **parameters)


async def _until_somebody_waits(session: AsyncSession) -> None:
    """Until another transaction waits for a lock of this one."""
    async with asyncio.timeout(HANG_SECONDS):
        while not (await session.execute(text(BLOCKED))).scalar_one():
            continue
