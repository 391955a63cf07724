"""Planning the reminders of months that have begun, in the zone that their reps are in on the 1st.

A tick plans a month when its 1st has come to its rep: that its reminders are planned says that the zone which
rules it is settled. It plans them again, as another round, only when the deadline has moved since, because
the rep left and returned.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from domain.goals.opening import Moved, take_along
from domain.jobs import allow_nested_loops
from domain.periods import Period, oldest_month
from domain.reminders import rules


def _as_of(now: datetime) -> dict[str, Any]:
    """Return the parameters that all statements here share; months before the oldest need not be read."""
    return {**oldest_month(now).columns, "now": now}


_UNPLANNED = """
 m.ends_at > CAST(:now AS timestamptz) AND m.status IN ('active', 'completed')
   AND NOT EXISTS (
       SELECT FROM goal_deadline_reminders g
        WHERE g.workspace_id = m.workspace_id AND g.sales_rep_id = m.sales_rep_id
          AND (g.target_year, g.target_month) >= (:year, :month)
          AND g.target_year = m.goal_year AND g.target_month = m.goal_month
          {planned})
"""
# A reminder that somebody has inserted by hand does not make its month a planned one.
_LAST = "AND g.reminder_type = 'goal_overdue'"
_OUTDATED = _UNPLANNED.format(planned=f"{_LAST} AND g.deadline = m.deadline")
_NEVER_PLANNED = _UNPLANNED.format(planned=_LAST)
# By the zone of the month, and by that of its rep, who may have moved since it was opened. `moved`: whose
# months were opened before they began, in another zone. Local dates are reckoned once a zone.
_BEGUN = text(f"""
WITH unplanned AS MATERIALIZED (
    SELECT m.workspace_id, m.sales_rep_id, m.goal_year AS year, m.goal_month AS month, m.time_zone AS zone,
           m.deadline, m.created_at < m.starts_at AND {_NEVER_PLANNED} AS opened_early
      FROM rep_monthly_goals m
     WHERE {_OUTDATED}
), theirs AS MATERIALIZED (
    SELECT n.*, u.zone AS reps_zone, w.reminder_time
      FROM unplanned n
      JOIN sales_reps r ON r.workspace_id = n.workspace_id AND r.id = n.sales_rep_id
      JOIN people u ON u.workspace_id = r.workspace_id AND u.id = r.user_id
      JOIN workspaces w ON w.id = r.workspace_id
), calendars AS MATERIALIZED (
    SELECT reps_zone, (CAST(:now AS timestamptz) AT TIME ZONE reps_zone)::date AS today
      FROM (SELECT DISTINCT reps_zone FROM theirs) AS zones
)
SELECT year, month, zone, deadline, reps_zone, reminder_time,
       array_agg(sales_rep_id) FILTER (WHERE opened_early AND zone <> reps_zone) AS moved
  FROM theirs
  JOIN calendars USING (reps_zone)
 WHERE today >= make_date(year, month, 1)
 GROUP BY 1, 2, 3, 4, 5, 6
""")
_PLAN = text(f"""
INSERT INTO goal_deadline_reminders AS g
       (workspace_id, sales_rep_id, target_year, target_month, reminder_type, deadline, due_at,
        skipped_at, skip_reason, created_at, updated_at)
SELECT m.workspace_id, m.sales_rep_id, m.goal_year, m.goal_month, t.stage, m.deadline, t.due_at,
       CASE WHEN t.due_at < s.present_since THEN CAST(:now AS timestamptz) END,
       CASE WHEN t.due_at < s.present_since THEN 'it was due before the rep joined' END,
       CAST(:now AS timestamptz), CAST(:now AS timestamptz)
  FROM rep_monthly_goals m
  JOIN sales_reps r ON r.workspace_id = m.workspace_id AND r.id = m.sales_rep_id
  JOIN people u ON u.workspace_id = r.workspace_id AND u.id = r.user_id
  LEFT JOIN current_stints s ON s.workspace_id = r.workspace_id AND s.sales_rep_id = r.id
  JOIN jsonb_to_recordset(CAST(:times AS jsonb))
       AS t(year int, month int, deadline timestamptz, zone text, reps_zone text, stage text,
            due_at timestamptz)
    ON t.year = m.goal_year AND t.month = m.goal_month AND t.deadline = m.deadline
   AND t.zone = m.time_zone AND t.reps_zone = u.zone
 WHERE {_OUTDATED}
 ORDER BY m.sales_rep_id, t.due_at
    ON CONFLICT (workspace_id, target_year, target_month, sales_rep_id, reminder_type) DO UPDATE
   SET round = g.round + 1, deadline = excluded.deadline, due_at = excluded.due_at,
       sent = false, sent_at = NULL, acknowledged = false, acknowledged_at = NULL, snoozed_until = NULL,
       skipped_at = excluded.skipped_at, skip_reason = excluded.skip_reason
 WHERE g.deadline <> excluded.deadline
""")


async def plan_reminders(session: AsyncSession, now: datetime) -> None:
    """Give every month that has begun its four reminders; those due before the rep joined are skipped.

    Whose month was opened from the 25th on and who has moved since takes it along first. Who moves
    while this is at work is left to the next tick.
    """
    begun: Sequence[Any] = (await session.execute(_BEGUN, _as_of(now))).mappings().all()
    if not begun:
        return
    months = [*begun, *await _take_along(session, begun)]
    # Those who have moved from several zones into one have the same times.
    times = {json.dumps(row) for month in months for row in _times(month)}
    await session.execute(_PLAN, {**_as_of(now), "times": f"[{','.join(sorted(times))}]"})


async def _take_along(session: AsyncSession, begun: Sequence[Any]) -> list[Any]:
    """The months of those who have moved, as they are now."""
    moves = [
        (each, Moved(_month(each), each["zone"], each["deadline"], each["reps_zone"]))
        for each in begun
        if each["moved"]
    ]
    if not moves:
        return []
    await allow_nested_loops(session, True)
    rep_ids = [sales_rep_id for each, _ in moves for sales_rep_id in each["moved"]]
    await take_along(session, [move for _, move in moves], rep_ids)
    await allow_nested_loops(session, False)
    return [{**each, "zone": each["reps_zone"], "deadline": move.bounds.deadline} for each, move in moves]


def _month(each: Any) -> Period:
    return Period.of_month(each["year"], each["month"])


def _times(month: Any) -> Iterable[dict[str, Any]]:
    due_times = rules.due_times(month["deadline"], month["zone"], month["reminder_time"])
    for stage, due_at in due_times.items():
        yield {
            "year": month["year"],
            "month": month["month"],
            "deadline": month["deadline"].isoformat(),
            "zone": month["zone"],
            "reps_zone": month["reps_zone"],
            "stage": stage.value,
            "due_at": due_at.isoformat(),
        }
