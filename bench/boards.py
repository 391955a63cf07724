"""Boards among very many reps: a team's board and an own place in the company, beside bare index scans."""

from datetime import UTC, datetime

from rich.table import Table
from sqlalchemy import text

from bench.ground import Ground, Measured, table, usual
from bench.ticks import _ENTER, _PEOPLE
from domain.db import WorkspaceId
from domain.leaderboards import queries, standings
from domain.people.model import RepId, TeamId
from domain.periods import Period

NOW = datetime(2026, 10, 28, 19, tzinfo=UTC)
OCTOBER = Period.of_month(2026, 10)

_TEAMS = """
INSERT INTO teams (workspace_id, name) SELECT :home, 'Team ' || n FROM generate_series(1, :teams) AS n
"""
_MEMBERS = """
INSERT INTO team_memberships (workspace_id, sales_rep_id, team_id, started_on)
SELECT r.workspace_id, r.id, (SELECT min(id) FROM teams WHERE workspace_id = :home) + r.id % :teams,
       '2024-01-01'
  FROM sales_reps r
 WHERE r.workspace_id = :home
"""
_MONTHS = """
INSERT INTO rep_monthly_goals (workspace_id, sales_rep_id, goal_year, goal_month, signup_goal)
SELECT workspace_id, id, 2026, 10, 20 FROM sales_reps WHERE workspace_id = :home
"""
_TOTALS = """
INSERT INTO activity_totals (workspace_id, sales_rep_id, team_id, metric, grain, starts_on, amount)
SELECT m.workspace_id, m.sales_rep_id, m.team_id, metric, 'month', make_date(2026, month, 1),
       1 + m.sales_rep_id % 40
  FROM team_memberships m, unnest(ARRAY['signups', 'calls']) AS metric, generate_series(8, 10) AS month
 WHERE m.workspace_id = :home
"""
_BARE_COMPANY = text("""
SELECT sum(amount) FROM activity_totals
 WHERE lower(metric) = 'calls' AND grain = 'month' AND starts_on = '2026-10-01'
""")
_BARE_TEAM = text("""
SELECT sum(amount) FROM activity_totals
 WHERE team_id = :team AND metric = 'calls' AND grain = 'month' AND starts_on = '2026-10-01'
""")


async def boards(ground: Ground, reps: int, teams: int) -> Table:
    """A team's board and an own place in the company, by a metric, beside reading the same totals."""
    [[home]] = await ground.sql(_ENTER, team=f"BOARD{reps}")
    await ground.sql(_PEOPLE, home=home, reps=reps)
    await ground.sql(_TEAMS, home=home, teams=teams)
    for rows in (_MEMBERS, _MONTHS, _TOTALS):
        await ground.sql(rows, home=home, **({"teams": teams} if rows is _MEMBERS else {}))
    await ground.vacuum()
    [[rep, team]] = await ground.sql(
        "SELECT sales_rep_id, team_id FROM team_memberships WHERE workspace_id = :home LIMIT 1", home=home
    )
    return await _measured(
        ground, WorkspaceId(home), RepId(rep), TeamId(team), f"{reps:,} reps, {teams:,} teams"
    )


async def _measured(ground: Ground, home: WorkspaceId, rep: RepId, team: TeamId, title: str) -> Table:
    async with ground.db.workspace(home, at=NOW) as tx:
        by_calls = await queries.ranking(tx.session, "calls")

    async def board() -> None:
        async with ground.db.workspace(home, at=NOW) as tx:
            assert (await standings.standing(tx.session, NOW, by_calls, OCTOBER, team)).lines

    async def bare_team() -> None:
        async with ground.db.workspace(home, at=NOW) as tx:
            await tx.session.execute(_BARE_TEAM, {"team": team})

    async def place() -> None:
        async with ground.db.workspace(home, at=NOW, patience="60s") as tx:
            assert await standings.own_place(tx.session, by_calls, OCTOBER, None, rep)

    async def place_by_attainment() -> None:
        async with ground.db.workspace(home, at=NOW, patience="60s") as tx:
            await standings.own_place(tx.session, standings.ATTAINMENT, OCTOBER, None, rep)

    async def bare_company() -> None:
        async with ground.db.workspace(home, at=NOW, patience="60s") as tx:
            await tx.session.execute(_BARE_COMPANY)

    scanned = await usual(bare_company, 20)
    same = "scan of the month's totals"
    return table(
        f"Leaderboards among {title}",
        [
            Measured("a team's board", await usual(board), "scan of the team's", await usual(bare_team)),
            Measured("own place in the company, by calls", await usual(place, 20), same, scanned),
            Measured("by attainment", await usual(place_by_attainment, 20), same, scanned),
        ],
    )
