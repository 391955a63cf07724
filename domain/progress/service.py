"""Snapshots on demand: the use case takes a session and never commits."""

from collections.abc import Collection

from sqlalchemy import CursorResult, text
from sqlalchemy.ext.asyncio import AsyncSession

from domain.people.model import RepId

# The table's trigger replaces an earlier one of the day, once it can see it: so one at a time.
_TAKE = text("""
WITH today AS MATERIALIZED (
    SELECT zone, (goalkeeper_now() AT TIME ZONE zone)::date AS day
      FROM (SELECT DISTINCT time_zone AS zone FROM rep_monthly_goals
             WHERE sales_rep_id = ANY(CAST(:rep_ids AS bigint[]))
               AND starts_at <= goalkeeper_now() AND ends_at > goalkeeper_now()) AS zones
)
INSERT INTO goal_progress_snapshots (
    workspace_id, sales_rep_id, monthly_goal_id, snapshot_type, snapshot_date, signups_to_date, signup_goal,
    signup_progress_percent, revenue_to_date, revenue_goal, revenue_progress_percent, bonus_tier,
    days_remaining, on_pace, pace_indicator)
SELECT p.workspace_id, p.sales_rep_id, p.monthly_goal_id, 'ad_hoc', p.snapshot_date, p.signups_to_date,
       p.signup_goal, p.signup_progress_percent, p.revenue_to_date, p.revenue_goal,
       p.revenue_progress_percent, p.bonus_tier, p.days_remaining, p.on_pace, p.pace_indicator
  FROM goalkeeper_progress(
           (SELECT array_agg(zone ORDER BY zone) FROM today),
           (SELECT array_agg(day ORDER BY zone) FROM today),
           (SELECT array_agg(day ORDER BY zone) FROM today),
           CAST(:rep_ids AS bigint[])) AS p
 ORDER BY p.sales_rep_id
""")
_TURN = text("SELECT pg_advisory_xact_lock(hashtextextended('goalkeeper.ad_hoc', goalkeeper_workspace()))")


async def take_ad_hoc(session: AsyncSession, rep_ids: Collection[RepId]) -> int:
    """Write how these reps stand right now, in place of what was taken on demand earlier today.

    Returns how many that was; reps without a current month have none.
    """
    await session.execute(_TURN)
    taken = await session.execute(_TAKE, {"rep_ids": list(rep_ids)})
    assert isinstance(taken, CursorResult)
    return taken.rowcount
