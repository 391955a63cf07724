"""Stints that end by themselves: those of reps who have been gone from Slack for long."""

from datetime import datetime, timedelta

from sqlalchemy import CursorResult, text
from sqlalchemy.ext.asyncio import AsyncSession

ABSENCE_THAT_ENDS = timedelta(days=7)
"""A rep who takes no part for this long has left, as of the day on which the absence began."""

# Reps are locked before their stints, as by the triggers.
_END_ABSENT = text("""
WITH gone AS MATERIALIZED (
    SELECT r.workspace_id, r.id AS sales_rep_id,
           (u.away_since AT TIME ZONE u.zone)::date AS left_on
      FROM people u
      JOIN sales_reps r ON r.workspace_id = u.workspace_id AND r.user_id = u.id AND r.is_active
     WHERE u.away_since <= CAST(:now AS timestamptz) - CAST(:long AS interval)
     ORDER BY r.id
       FOR NO KEY UPDATE OF r
)
UPDATE current_stints s SET ended_on = greatest(s.started_on, g.left_on), ended_by_absence = true
  FROM gone g
 WHERE s.workspace_id = g.workspace_id AND s.sales_rep_id = g.sales_rep_id
""")


async def end_absent(session: AsyncSession, now: datetime) -> int:
    """End the stints of reps who have been away for seven days; they begin another when they come back.

    Return how many ended.
    """
    ended = await session.execute(_END_ABSENT, {"now": now, "long": ABSENCE_THAT_ENDS})
    assert isinstance(ended, CursorResult)
    return ended.rowcount
