"""Posting boards: their rows are written down and their posts queued, set-based, in a tick."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from domain.jobs import allow_nested_loops
from domain.leaderboards import queries
from domain.leaderboards.schedule import BoardKind, Due
from domain.leaderboards.standings import Ranking, shown_sql, values_of
from domain.outbox.service import edit_of, intent
from domain.people.model import TeamId
from domain.periods import Period

BOARD = "leaderboards.board"
"""Facts: snapshot_id."""
COMPANY = "company"
"""What stands in a topic in place of a team's id."""

_CLAIM = text("""
INSERT INTO job_runs (job, period, ran_at)
SELECT 'boards', :period, CAST(:now AS timestamptz)
 WHERE NOT EXISTS (SELECT FROM job_runs WHERE job = 'boards' AND period = :period)
    ON CONFLICT (workspace_id, job, period) DO NOTHING
RETURNING id
""")
# The teams and the company (null) that have somewhere to post and, for final boards, whose months have all
# ended by then and that have no final board yet.
_TARGETS = text("""
WITH places AS (
    SELECT t.id AS team_id FROM teams t WHERE t.channel IS NOT NULL
    UNION ALL
    SELECT NULL FROM workspaces w WHERE w.id = goalkeeper_workspace() AND w.company_channel IS NOT NULL
), unended AS (
    SELECT DISTINCT t.team_id
      FROM rep_monthly_goals m
      LEFT JOIN team_memberships t
        ON t.workspace_id = m.workspace_id AND t.sales_rep_id = m.sales_rep_id
       AND t.started_on <= CAST(:last_day AS date)
       AND (t.ended_on IS NULL OR t.ended_on > CAST(:last_day AS date))
     WHERE m.goal_year = :year AND m.goal_month = :month AND m.ends_at > CAST(:due_at AS timestamptz)
)
SELECT p.team_id
  FROM places p
 WHERE :kind = 'weekly'
    OR NOT EXISTS (SELECT FROM unended u WHERE p.team_id IS NULL OR u.team_id = p.team_id)
   AND NOT EXISTS (SELECT FROM leaderboard_snapshots s
                    WHERE s.team_id IS NOT DISTINCT FROM p.team_id AND s.year = :year AND s.month = :month
                      AND s.kind = 'final')
 ORDER BY p.team_id
""")
_ROWS = """
jsonb_agg(jsonb_build_object(
    'sales_rep_id', sales_rep_id, 'place', place, 'value', value::text, 'signups', signups::text,
    'signup_goal', signup_goal::text, 'revenue', revenue::text, 'revenue_goal', revenue_goal::text,
    'pace', pace) ORDER BY number)"""
_POST = intent(
    mode="'post'",
    kind=f"'{BOARD}'",
    audience="'channel:' || coalesce(t.channel, w.company_channel)",
    subject="'board'",
    period=":period",
    stage=":stage",
    part=f"coalesce(s.team_id::text, '{COMPANY}')",
    facts="jsonb_build_object('snapshot_id', s.id)",
)
# Written down where it is queued: every copy and every try sends the same board, and movement is told from
# what people saw rather than from figures that came in between. A board nobody is on isn't posted.
_WRITE = """
{shown}, written AS (
    INSERT INTO leaderboard_snapshots (team_id, metric, year, month, kind, posted_on, rows, listed)
    SELECT board, :code, :year, :first_month, :kind, :posted_on, {rows}, max(listed)
      FROM lines
     GROUP BY board
    RETURNING id, workspace_id, team_id
)
SELECT goalkeeper_say(array_agg({post} ORDER BY s.id))
  FROM written s
  JOIN workspaces w ON w.id = s.workspace_id
  LEFT JOIN teams t ON t.workspace_id = s.workspace_id AND t.id = s.team_id
"""


async def post(session: AsyncSession, now: datetime, due: Due, ranking: Ranking) -> int:
    """Post the boards that are due, once; return how many. A fixed number of statements."""
    period = f"{due.kind} {due.month} {due.day}"
    claimed = await session.execute(_CLAIM, {"period": period, "now": now})
    if claimed.one_or_none() is None:
        return 0
    targets = await _targets(session, due)
    teams = [team_id for team_id in targets if team_id is not None]
    await allow_nested_loops(session, True)
    posted = await _write(session, now, due, ranking, teams) if teams else 0
    posted += await _write(session, now, due, ranking, None) if None in targets else 0
    await allow_nested_loops(session, False)
    return posted


async def _targets(session: AsyncSession, due: Due) -> list[TeamId | None]:
    keys = {
        "kind": due.kind.value,
        "year": due.month.start.year,
        "month": due.month.start.month,
        "last_day": due.month.last_day,
        "due_at": due.at,
    }
    return list((await session.execute(_TARGETS, keys)).scalars())


async def _write(
    session: AsyncSession, now: datetime, due: Due, ranking: Ranking, teams: list[TeamId] | None
) -> int:
    statement = _WRITE.format(shown=shown_sql(ranking, of_teams=teams is not None), rows=_ROWS, post=_POST)
    about = {
        "code": ranking.code,
        "kind": due.kind.value,
        "posted_on": due.day,
        "period": str(due.month),
        "stage": stage(due.kind, due.day),
    }
    values = {**values_of(ranking, due.month, teams), **about, "now": now}
    said: int = (await session.execute(text(statement), values)).scalar_one()
    return said


def stage(kind: BoardKind, day: date) -> str:
    """Return what stands in the topic of a board: `weekly 2026-11-16`."""
    return f"{kind} {day}"


_UNSETTLED = text("""
SELECT year, month, metric
  FROM leaderboard_snapshots s
 WHERE kind = 'final' AND settled_at IS NULL
   AND EXISTS (SELECT FROM rep_monthly_goals m WHERE m.goal_year = s.year AND m.goal_month = s.month)
   AND NOT EXISTS (SELECT FROM rep_monthly_goals m
                    WHERE m.goal_year = s.year AND m.goal_month = s.month AND m.frozen_at IS NULL)
 ORDER BY year, month, metric
 LIMIT 1
""")
_SETTLE = """
{shown}, fresh AS (
    SELECT board, {rows} AS rows, max(listed) AS listed FROM lines GROUP BY board
), settled AS (
    UPDATE leaderboard_snapshots s
       SET rows = coalesce(f.rows, '[]'), listed = coalesce(f.listed, 0),
           settled_at = CAST(:now AS timestamptz)
      FROM leaderboard_snapshots old
      LEFT JOIN fresh f ON f.board IS NOT DISTINCT FROM old.team_id
     WHERE old.id = s.id AND s.kind = 'final' AND s.settled_at IS NULL AND s.metric = :code
       AND s.year = :year AND s.month = :first_month AND (s.team_id IS NOT NULL) = :of_teams
    RETURNING s.id, s.team_id, s.kind || ' ' || s.posted_on AS stage
)
SELECT goalkeeper_say(array_agg({edit} ORDER BY s.id)), count(*)
  FROM settled s
  JOIN outbox o ON o.subject = 'board' AND o.mode = 'post' AND o.period = :period AND o.stage = s.stage
   AND o.part = coalesce(s.team_id::text, '{company}')
"""
_TEAMS_OF_FINALS = text("""
SELECT DISTINCT team_id FROM leaderboard_snapshots
 WHERE kind = 'final' AND settled_at IS NULL AND metric = :code AND year = :year AND month = :month
 ORDER BY team_id
""")


async def settle(session: AsyncSession, now: datetime) -> int:
    """Bring the final boards of a month up to date once it takes no more corrections; return how many."""
    unsettled: Any = (await session.execute(_UNSETTLED)).one_or_none()
    if unsettled is None:
        return 0
    month = Period.of_month(unsettled.year, unsettled.month)
    ranking = await queries.recorded_ranking(session, unsettled.metric)
    keys = {"code": unsettled.metric, "year": unsettled.year, "month": unsettled.month}
    targets: list[TeamId | None] = list((await session.execute(_TEAMS_OF_FINALS, keys)).scalars())
    teams = [team_id for team_id in targets if team_id is not None]
    await allow_nested_loops(session, True)
    done = await _settle(session, now, month, ranking, teams) if teams else 0
    done += await _settle(session, now, month, ranking, None) if None in targets else 0
    await allow_nested_loops(session, False)
    return done


async def _settle(
    session: AsyncSession, now: datetime, month: Period, ranking: Ranking, teams: list[TeamId] | None
) -> int:
    shown = shown_sql(ranking, of_teams=teams is not None)
    statement = _SETTLE.format(shown=shown, rows=_ROWS, edit=edit_of("o"), company=COMPANY)
    about = {"code": ranking.code, "period": str(month), "of_teams": teams is not None}
    values = {**values_of(ranking, month, teams), **about, "now": now}
    done: int = (await session.execute(text(statement), values)).one()[1]
    return done
