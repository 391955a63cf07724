"""The jobs of goals: opening each rep's month and year when they begin, and closing them when they end."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from domain.goals.closing import close_periods
from domain.goals.opening import open_months
from domain.jobs import QUARTER_HOUR, Coming, Job, allow_nested_loops
from domain.people.model import RepId
from domain.periods import Period, oldest_month

# Reps whose current local month has no row, by calendar: reps who joined, or whose 1st has come. Local dates
# are computed once a zone.
_UNOPENED = text("""
WITH reps AS MATERIALIZED (
    SELECT r.id, r.workspace_id, r.started_on, r.settles_from, r.zone,
           w.deadline_day, w.former_deadline_day, w.deadline_day_from
      FROM active_reps r
      JOIN workspaces w ON w.id = r.workspace_id
     WHERE r.present_since >= coalesce(CAST(:present_since AS timestamptz), '-infinity')
), calendars AS MATERIALIZED (
    SELECT zone, today, date_trunc('month', today)::date AS first_day,
           extract(year FROM today)::int AS year, extract(month FROM today)::int AS month
      FROM (SELECT zone, (CAST(:now AS timestamptz) AT TIME ZONE zone)::date AS today
              FROM (SELECT DISTINCT zone FROM reps) AS zones) AS today
)
SELECT c.zone, greatest(r.settles_from, c.first_day) AS settles_from, c.year, c.month,
       goalkeeper_deadline_day(r.deadline_day, r.former_deadline_day, r.deadline_day_from, c.first_day)
       AS deadline_day,
       array_agg(r.id) AS rep_ids
  FROM reps r
  JOIN calendars c ON c.zone = r.zone
 WHERE r.started_on <= c.today
   AND NOT EXISTS (
       SELECT FROM rep_monthly_goals m
        WHERE m.workspace_id = r.workspace_id AND m.sales_rep_id = r.id
          AND (m.goal_year, m.goal_month) >= (:year, :month)
          AND m.goal_year = c.year AND m.goal_month = c.month)
 GROUP BY 1, 2, 3, 4, 5
""")


async def open_current_months(session: AsyncSession, now: datetime) -> int:
    """Open this month for every active rep who has none; return how many were opened."""
    opened = await open_missing_months(session, now)
    await allow_nested_loops(session, False)
    return opened


async def open_for_joiners(session: AsyncSession, now: datetime) -> None:
    """Open this month for reps who have joined or come back in this transaction."""
    await open_missing_months(session, now, present_since=now)


async def open_missing_months(
    session: AsyncSession, now: datetime, *, present_since: datetime | None = None
) -> int:
    """Open this month for active reps who have none, or only for those present since then, and count them."""
    keys = {**oldest_month(now).columns, "now": now, "present_since": present_since}
    calendars = (await session.execute(_UNOPENED, keys)).mappings().all()
    if not calendars:
        return 0
    await allow_nested_loops(session, True)
    months: dict[Period, list[Any]] = defaultdict(list)
    for calendar in calendars:
        months[Period.of_month(calendar["year"], calendar["month"])].append(calendar)
    # Two at most, while it is the 1st somewhere on earth and not yet elsewhere.
    for month, of_month in months.items():
        rep_ids = [RepId(sales_rep_id) for calendar in of_month for sales_rep_id in calendar["rep_ids"]]
        zones = [(calendar["zone"], calendar["settles_from"]) for calendar in of_month]
        await open_months(session, month, rep_ids, zones, of_month[0]["deadline_day"])
    return sum(len(calendar["rep_ids"]) for calendar in calendars)


_NEW_MONTHS = text("""
SELECT m.ends_at, array_agg(r.name ORDER BY r.name) AS names
  FROM rep_monthly_goals m
  JOIN active_reps r ON r.workspace_id = m.workspace_id AND r.id = m.sales_rep_id
 WHERE m.starts_at <= goalkeeper_now() AND m.ends_at > goalkeeper_now()
 GROUP BY m.ends_at
 ORDER BY m.ends_at LIMIT :most
""")


async def new_months(session: AsyncSession, _now: datetime, most: int) -> Sequence[Coming]:
    """List when the reps' next months begin."""
    rows = await session.execute(_NEW_MONTHS, {"most": most})
    return [Coming(row.ends_at, "new month", tuple(row.names)) for row in rows]


OPEN_MONTHS = Job("months", open_current_months, QUARTER_HOUR, coming=new_months)
CLOSE_PERIODS = Job("closing", close_periods, QUARTER_HOUR)
