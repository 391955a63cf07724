"""The daily sweep: a net for what was achieved without being recorded, or recorded without being posted."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import CursorResult, text
from sqlalchemy.ext.asyncio import AsyncSession

from domain.jobs import Job, Planned, allow_nested_loops
from domain.outbox import queries as outbox
from domain.recognition import announcing, badges

_CLAIM = text("""
INSERT INTO job_runs (job, period)
VALUES ('recognition', (CAST(:now AS timestamptz) AT TIME ZONE 'UTC')::date)
    ON CONFLICT (workspace_id, job, period) DO NOTHING
""")
# Only what is missing: a record that somebody wrote by hand stays until its figures move.
_RECORD_MONTHS = text("""
SELECT goalkeeper_recognise_months(
           array_agg(m.workspace_id), array_agg(m.id), array_agg(m.goal_set_at IS NULL))
  FROM rep_monthly_goals m
 WHERE m.workspace_id = goalkeeper_workspace() AND m.frozen_at IS NULL
   AND EXISTS (
       SELECT FROM month_awards w
        WHERE w.workspace_id = m.workspace_id AND w.monthly_goal_id = m.id
          AND NOT EXISTS (
              SELECT FROM goal_achievements a
               WHERE a.workspace_id = m.workspace_id AND a.monthly_goal_id = m.id
                 AND a.achievement_type = w.achievement_type AND a.step = w.step
                 AND a.reversed_at IS NULL))
HAVING count(*) > 0
""")
_RECORD_STREAKS = text("""
SELECT goalkeeper_recognise_streaks(array_agg(workspace_id), array_agg(sales_rep_id))
  FROM (SELECT DISTINCT m.workspace_id, m.sales_rep_id
          FROM rep_monthly_goals m
         WHERE m.workspace_id = goalkeeper_workspace() AND m.frozen_at IS NULL
           AND m.completed_at IS NOT NULL) AS made
HAVING count(*) > 0
""")
_RECORD_YEARS = text("""
SELECT goalkeeper_recognise_years(array_agg(y.workspace_id), array_agg(y.id), array_agg(false))
  FROM rep_yearly_goals y
 WHERE y.workspace_id = goalkeeper_workspace() AND y.frozen_at IS NULL
   AND EXISTS (
       SELECT FROM year_awards w
        WHERE w.workspace_id = y.workspace_id AND w.yearly_goal_id = y.id
          AND NOT EXISTS (
              SELECT FROM goal_achievements a
               WHERE a.workspace_id = y.workspace_id AND a.yearly_goal_id = y.id
                 AND a.achievement_type = w.achievement_type AND a.reversed_at IS NULL))
HAVING count(*) > 0
""")
_TOUCHED_BY_RULES = text("""
SELECT DISTINCT t.sales_rep_id, t.starts_on
  FROM activity_totals t
 WHERE t.workspace_id = goalkeeper_workspace() AND t.grain = 'month'
   AND t.starts_on >= date_trunc('month', CAST(:now AS timestamptz) - interval '1 month')::date
   AND t.metric IN (SELECT metric FROM badge_rules WHERE ended_at IS NULL)
""")
_UNPOSTED = text("""
SELECT a.sales_rep_id
  FROM goal_achievements a
 WHERE a.workspace_id = goalkeeper_workspace()
   AND (a.announced_in IS NULL AND a.reversed_at IS NULL AND NOT a.is_quiet
        OR a.announced_in IS NOT NULL AND a.is_shown <> (a.reversed_at IS NULL))
UNION
SELECT r.id
  FROM achievements b
  JOIN sales_reps r ON r.workspace_id = b.workspace_id AND r.user_id = b.user_id
 WHERE b.workspace_id = goalkeeper_workspace()
   AND (b.announced_in IS NULL AND b.reversed_at IS NULL
        OR b.announced_in IS NOT NULL AND b.is_shown <> (b.reversed_at IS NULL))
""")


async def sweep(session: AsyncSession, now: datetime) -> int:
    """Record what figures say and no record has, and post what has no post; once a day.

    Return how many reps there was something to post or to edit for.
    """
    claimed = await session.execute(_CLAIM, {"now": now})
    assert isinstance(claimed, CursorResult)
    if claimed.rowcount == 0:
        return 0
    # The functions that record fire triggers, which look up single rows.
    await allow_nested_loops(session, True)
    for statement in (_RECORD_MONTHS, _RECORD_STREAKS, _RECORD_YEARS):
        await session.execute(statement)
    months = await session.execute(_TOUCHED_BY_RULES, {"now": now})
    await badges.award_of(session, [(row.sales_rep_id, row.starts_on) for row in months])
    rep_ids = list((await session.execute(_UNPOSTED)).scalars())
    if rep_ids:
        await announcing.announce_of(session, now, sorted(rep_ids))
    await allow_nested_loops(session, False)
    return len(rep_ids)


async def explain_posts(session: AsyncSession, since: int) -> Sequence[Planned]:
    """Say whose achievements are posted, and where."""
    said = await outbox.said_since(session, since, announcing.ACHIEVEMENT)
    return [Planned(each.to, each.kind, "a rep has achieved something") for each in said]


SWEEP_ACHIEVEMENTS = Job(
    "achievements",
    sweep,
    "(date_trunc('day', goalkeeper_now() AT TIME ZONE 'UTC') + interval '1 day') AT TIME ZONE 'UTC'",
    explain_posts,
)
