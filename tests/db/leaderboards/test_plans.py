"""Boards and own places are read through an index, in one statement each."""

import pytest
from sqlalchemy import text

from domain.db import Database, WorkspaceId
from domain.leaderboards import queries, standings
from domain.leaderboards.standings import Ranking
from domain.people.model import TeamId
from domain.periods import Period
from tests.builders import a_workspace
from tests.conftest import Sql

MAY = Period.of_month(2026, 5)
FLOOR = """
WITH people AS (
    INSERT INTO users (slack_id, name) SELECT 'U' || n, 'x' FROM generate_series(1, 1000) AS n RETURNING id
), groups AS (
    INSERT INTO teams (name) SELECT 'Team ' || n FROM generate_series(1, 40) AS n RETURNING id
), reps AS (
    INSERT INTO sales_reps (user_id, name, joined_on) SELECT id, 'x', '2024-01-01' FROM people RETURNING id
)
INSERT INTO team_memberships (sales_rep_id, team_id, started_on)
SELECT r.id, (SELECT min(id) FROM groups) + r.id % 40, '2024-01-01' FROM reps r
"""
TOTALS = """
INSERT INTO activity_totals (sales_rep_id, team_id, metric, grain, starts_on, amount)
SELECT m.sales_rep_id, m.team_id, metric, 'month', make_date(2026, month, 1), 5
  FROM team_memberships m, unnest(ARRAY['signups', 'revenue', 'calls']) AS metric,
       generate_series(1, 12) AS month
"""
MONTHS = """
INSERT INTO rep_monthly_goals (sales_rep_id, goal_year, goal_month, signup_goal)
SELECT id, 2026, month, 20 FROM sales_reps, generate_series(1, 12) AS month
"""


@pytest.fixture
async def home(db: Database, sql: Sql) -> WorkspaceId:
    """A workspace of a thousand reps in forty teams, with a year of goals and totals."""
    async with db.everywhere() as tx:
        home = await a_workspace(tx.session)
    for statement in (FLOOR, TOTALS, MONTHS, "ANALYZE"):
        await sql(statement)
    return home


@pytest.mark.parametrize(
    ("code", "of_team", "index"),
    [
        ("attainment", True, "ix_team_memberships_team_id"),
        ("attainment", False, "ix_rep_monthly_goals_period"),
        ("calls", True, "ix_activity_totals_team"),
        ("calls", False, "ix_activity_totals_company"),
    ],
)
@pytest.mark.parametrize("what", ["board", "own place"])
async def test_a_month_comes_from_an_index(
    db: Database, home: WorkspaceId, code: str, of_team: bool, index: str, what: str
) -> None:
    async with db.workspace(home) as tx:
        ranking: Ranking = await queries.ranking(tx.session, code)
        team_id = None
        if of_team:
            team_id = TeamId((await tx.session.execute(text("SELECT max(id) FROM teams"))).scalar_one())
        statement = (standings.board_statement if what == "board" else standings.own_statement)(
            ranking, team_id
        )
        rep_id = (await tx.session.execute(text("SELECT max(id) FROM sales_reps"))).scalar_one()
        values = standings.values_of(ranking, MAY, None if team_id is None else [team_id])
        more = {"now": tx.now} if what == "board" else {"sales_rep_id": rep_id}
        explained = await tx.session.execute(text("EXPLAIN " + statement.text), {**values, **more})
        plan = "\n".join(explained.scalars())
    assert index in plan, plan
    assert "Seq Scan on activity_totals" not in plan
    assert "Seq Scan on rep_monthly_goals" not in plan
