"""Rows of another workspace cannot be read, written or referred to, whoever DATABASE_URL names."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import CursorResult, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.postgres import administrators_sql, create_engine, migrate
from domain.db import Base, Database, WorkspaceId
from domain.outbox.model import Intent
from tests.builders import a_month, a_rep, a_team, a_user, a_workspace, insert
from tests.conftest import Server
from tests.db.models import import_all

import_all()

TENANTS = sorted(name for name, table in Base.metadata.tables.items() if "workspace_id" in table.columns)
FILLED = {
    "activity",
    "activity_totals",
    "bonus_tiers",
    "changes",
    "goal_changes",
    "job_runs",
    "metrics",
    "outbox",
    "rep_stints",
    "rep_monthly_goals",
    "rep_yearly_goals",
    "sales_reps",
    "settings_changes",
    "team_memberships",
    "teams",
    "users",
}
VIEWS = (
    "active_people",
    "current_stints",
    "current_memberships",
    "active_reps",
    "current_teams",
    "team_leaders",
    "leads",
    "reps_today",
    "v_current_month_goals",
    "v_yearly_goals_summary",
    "v_goals_needing_setup",
)


@dataclass(frozen=True)
class Two:
    """A database with two workspaces, each with a row in every table of people and goals."""

    db: Database
    ours: WorkspaceId
    theirs: WorkspaceId


@pytest.fixture(params=["superusers_url", "creators_url", "plain_owners_url"])
async def two(request: pytest.FixtureRequest, bare_server: Server) -> AsyncIterator[Two]:
    """Two workspaces in the database of: a superuser; an owner who makes the roles; one given the roles."""
    url = request.getfixturevalue(request.param)
    if request.param == "plain_owners_url":
        bare_server.execute(administrators_sql("owner"))
    migrate(url)
    engine = create_engine(url)
    db = Database(engine)
    ours, theirs = [await _filled(db) for _ in range(2)]
    yield Two(db, ours, theirs)
    await engine.dispose()
    migrate(url, "base")


async def _filled(db: Database) -> WorkspaceId:
    async with db.everywhere() as tx:
        workspace_id = await a_workspace(tx.session)
    async with db.workspace(workspace_id) as tx:
        user = await a_user(tx.session)
        team = await a_team(tx.session, manager_id=user)
        rep = await a_rep(tx.session, user_id=user, team_id=team)
        await a_month(tx.session, rep, signup_goal=20, signups_actual=1)
        await tx.session.execute(text("UPDATE rep_monthly_goals SET signup_goal = 21"))
        await insert(tx.session, "rep_yearly_goals", sales_rep_id=rep, goal_year=2026, yearly_signup_goal=240)
        await insert(
            tx.session,
            "goal_changes",
            sales_rep_id=rep,
            goal_year=2026,
            goal_month=2,
            door="form",
            to_signup_goal=20,
            to_revenue_goal=0,
        )
        await insert(
            tx.session,
            "outbox",
            kind="x",
            audience="user:1",
            subject="x",
            mode="post",
            dedupe_key="x",
        )
        await insert(tx.session, "job_runs", job="x", period="x")
        await insert(tx.session, "settings_changes", changed_by=user, subject="team", name="x", to_value="1")
    return workspace_id


async def _column(session: AsyncSession, query: str, **parameters: Any) -> list[Any]:
    return list((await session.execute(text(query), parameters)).scalars())


async def _touched(session: AsyncSession, statement: str, **parameters: Any) -> int:
    """How many rows an UPDATE found."""
    result = await session.execute(text(statement), parameters)
    assert isinstance(result, CursorResult)
    return result.rowcount


async def test_the_bot_keeps_to_its_workspace(two: Two) -> None:
    await _sees_only_its_own(two)
    await _sees_nothing_without_a_scope(two)
    await _cannot_touch_the_others_rows(two)
    await _cannot_write_into_the_other(two)
    await _cannot_refer_to_the_other(two)
    await _sees_only_work_everywhere(two)


async def _sees_only_its_own(two: Two) -> None:
    async with two.db.workspace(two.ours) as tx:
        for table in TENANTS:
            seen = set(await _column(tx.session, f"SELECT workspace_id FROM {table}"))
            assert seen == ({two.ours} if table in FILLED else set()), table
            asked = f"SELECT workspace_id FROM {table} WHERE workspace_id = :theirs"
            assert await _column(tx.session, asked, theirs=two.theirs) == [], table
        for view in VIEWS:
            assert await _column(tx.session, f"SELECT workspace_id FROM {view}") == [two.ours], view
        assert await _column(tx.session, "SELECT id FROM workspaces") == [two.ours]


async def _sees_nothing_without_a_scope(two: Two) -> None:
    async with two.db.engine.connect() as connection:
        for table in (*TENANTS, *VIEWS, "workspaces"):
            assert (await connection.execute(text(f"SELECT * FROM {table}"))).all() == [], table
        with pytest.raises(DBAPIError, match=r"row-level security|null value"):
            await connection.execute(text("INSERT INTO users (slack_id, name) VALUES ('U', 'x')"))


_ONLY_GROWS = ("activity", "goal_changes", "goal_progress_snapshots", "settings_changes", "changes")


async def _cannot_touch_the_others_rows(two: Two) -> None:
    async with two.db.workspace(two.ours) as tx:
        for table in TENANTS:
            if table in _ONLY_GROWS:
                continue
            ours = await _column(tx.session, f"SELECT count(*) FROM {table}")
            update = f"UPDATE {table} SET workspace_id = workspace_id"
            assert [await _touched(tx.session, update)] == ours, table
            update += " WHERE workspace_id = :theirs"
            assert await _touched(tx.session, update, theirs=two.theirs) == 0, table
        assert await _touched(tx.session, "UPDATE workspaces SET name = 'ours'") == 1
    for statement in [f"DELETE FROM {table}" for table in (*TENANTS, "workspaces") if table != "changes"]:
        await _is_refused(two, statement, "permission denied")
    async with two.db.workspace(two.ours) as tx:
        others = "DELETE FROM changes WHERE workspace_id = :theirs"
        assert await _touched(tx.session, others, theirs=two.theirs) == 0


async def _cannot_write_into_the_other(two: Two) -> None:
    for statement in (
        "INSERT INTO users (workspace_id, slack_id, name) VALUES (:theirs, 'U', 'x')",
        "INSERT INTO teams (workspace_id, name) VALUES (:theirs, 'x')",
        "INSERT INTO job_runs (workspace_id, job, period) VALUES (:theirs, 'y', 'y')",
        "UPDATE users SET workspace_id = :theirs",
        "UPDATE outbox SET workspace_id = :theirs",
        "UPDATE job_runs SET workspace_id = :theirs",
    ):
        await _is_refused(two, statement, "row-level security|foreign key")
    for statement in (
        "INSERT INTO workspaces (slack_team_id, name) VALUES ('T', 'x')",
        "UPDATE workspaces SET id = :theirs",
        "UPDATE workspaces SET slack_team_id = 'T'",
        "UPDATE business_clock SET clock_offset = '1 day'",
        "TRUNCATE goal_changes",
        "CREATE TABLE mine ()",
    ):
        await _is_refused(two, statement, "permission denied")


async def _cannot_refer_to_the_other(two: Two) -> None:
    async with two.db.workspace(two.theirs) as tx:
        [user] = await _column(tx.session, "SELECT id FROM users")
        [team] = await _column(tx.session, "SELECT id FROM teams")
        [rep] = await _column(tx.session, "SELECT id FROM sales_reps")
    for statement in (
        "UPDATE teams SET manager_id = :user",
        "UPDATE sales_reps SET user_id = :user",
        "UPDATE team_memberships SET team_id = :team",
        "UPDATE team_memberships SET sales_rep_id = :rep",
        "UPDATE rep_monthly_goals SET goal_set_at = NULL, sales_rep_id = :rep",
        "INSERT INTO rep_monthly_goals (sales_rep_id, goal_year, goal_month) VALUES (:rep, 2026, 3)",
        "INSERT INTO rep_yearly_goals (sales_rep_id, goal_year, goal_set_by, yearly_signup_goal)"
        " SELECT id, 2027, :user, 1 FROM sales_reps",
        "INSERT INTO goal_changes (sales_rep_id, goal_year, door, to_signup_goal, to_revenue_goal)"
        " VALUES (:rep, 2026, 'form', 1, 1)",
    ):
        await _is_refused(
            two,
            statement,
            "violates foreign key|There is no sales rep|stays with its rep",
            user=user,
            team=team,
            rep=rep,
        )


async def _sees_only_work_everywhere(two: Two) -> None:
    async with two.db.everywhere() as tx:
        for query in (
            "SELECT id FROM workspaces",
            "SELECT workspace_id FROM outbox",
            "SELECT workspace_id FROM changes",
        ):
            assert set(await _column(tx.session, query)) == {two.ours, two.theirs}
        assert await _touched(tx.session, "UPDATE outbox SET not_before = now()") == 2
    for statement in (
        "SELECT * FROM users",
        "SELECT * FROM job_runs",
        "SELECT * FROM rep_monthly_goals",
        "SELECT * FROM v_current_month_goals",
        "INSERT INTO job_runs (workspace_id, job, period) VALUES (1, 'y', 'y')",
        "SELECT name FROM workspaces",
        "UPDATE workspaces SET name = 'x'",
        "DELETE FROM outbox",
        "SELECT * FROM changes",
        "DELETE FROM changes",
        "INSERT INTO changes (workspace_id, sales_rep_id, year, month) VALUES (1, 1, 2026, 2)",
        "UPDATE outbox_lanes SET parked_at = now(), parked_reason = 'x'",
        "INSERT INTO outbox_lanes (workspace_id, lane, next_at, parked_reason) VALUES (1, 'x', now(), 'x')",
        *(f"UPDATE outbox SET {column} = {column}" for column in sorted(_what_was_said())),
    ):
        with pytest.raises(DBAPIError, match="permission denied"):
            async with two.db.everywhere() as tx:
                await tx.session.execute(text(statement))


def _what_was_said() -> set[str]:
    """The columns of the outbox that claiming has no business with, but for the key made from others."""
    claimed_with = {"status", "token", "leased_until", "not_before", "attempts", "reason"}
    claimed_with |= {"uncertain_since", "uncertain_until"}
    columns = Intent.__table__.columns
    return {str(one.name) for one in columns if one.computed is None} - claimed_with


async def _is_refused(two: Two, statement: str, why: str, **parameters: Any) -> None:
    with pytest.raises(DBAPIError, match=why):
        async with two.db.workspace(two.ours) as tx:
            await tx.session.execute(text(statement), {"theirs": two.theirs, **parameters})


async def test_entering_a_workspace_finds_it_again_and_takes_over_its_name(db: Database) -> None:
    enter = "SELECT goalkeeper_enter_workspace('T1', :name, :bot)"
    async with db.everywhere() as tx:
        [first] = await _column(tx.session, enter, name="Acme", bot="U1")
        [again] = await _column(tx.session, enter, name="Acme Inc", bot=None)
        [other] = await _column(tx.session, "SELECT goalkeeper_enter_workspace('T2', 'Other', NULL)")
    assert first == again != other
    async with db.workspace(first) as tx:
        known = await tx.session.execute(text("SELECT name, bot_user_id FROM workspaces"))
        assert tuple(known.one()) == ("Acme Inc", "U1")
        tiers = await _column(tx.session, "SELECT signups_needed FROM bonus_tiers ORDER BY tier")
        assert tiers == [15, 20, 25, 30, 40, 50]


async def test_inside_one_workspace_no_other_can_be_entered(db: Database) -> None:
    async with db.everywhere() as tx:
        ours = await a_workspace(tx.session)
        [theirs] = await _column(tx.session, "SELECT goalkeeper_enter_workspace('T2', 'Theirs', 'U2')")
    for team in ("T2", "T3"):
        with pytest.raises(DBAPIError, match="only from outside of every workspace"):
            async with db.workspace(ours) as tx:
                await _column(tx.session, "SELECT goalkeeper_enter_workspace(:team, 'Ours', 'U1')", team=team)
    async with db.workspace(theirs) as tx:
        known = (await tx.session.execute(text("SELECT name, bot_user_id FROM workspaces"))).one()
        assert tuple(known) == ("Theirs", "U2")
        [again] = await _column(tx.session, "SELECT goalkeeper_enter_workspace('T2', 'Theirs Inc', NULL)")
        assert again == theirs
