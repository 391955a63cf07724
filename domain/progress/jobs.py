"""The job of progress: snapshots of each local day that has ended, and of those that nobody was up for."""

from datetime import date, datetime, timedelta

from sqlalchemy import CursorResult, text
from sqlalchemy.ext.asyncio import AsyncSession

from domain.jobs import QUARTER_HOUR, Job, allow_nested_loops

_JOB = "snapshots"
"""Its runs are named by local day and zone, e.g. `2026-11-20 America/New_York`."""

_SINCE = text(f"""
SELECT coalesce(
    (SELECT left(max(period), 10)::date - 1 FROM job_runs WHERE job = '{_JOB}'),
    (SELECT (min(created_at) AT TIME ZONE 'UTC')::date - 1 FROM rep_monthly_goals))
""")
# The zones of the months since then, by jumping through an index: a scan would read every rep's month at each
# tick, to find a few dozen zones.
_CLAIM = text(f"""
WITH RECURSIVE zones AS (
    (SELECT goal_year, goal_month, time_zone
       FROM rep_monthly_goals
      WHERE (goal_year, goal_month) >= (:year, :month)
      ORDER BY goal_year, goal_month, time_zone LIMIT 1)
    UNION ALL
    SELECT following.*
      FROM zones z
      CROSS JOIN LATERAL (
          SELECT m.goal_year, m.goal_month, m.time_zone
            FROM rep_monthly_goals m
           WHERE (m.goal_year, m.goal_month, m.time_zone) > (z.goal_year, z.goal_month, z.time_zone)
           ORDER BY m.goal_year, m.goal_month, m.time_zone LIMIT 1) AS following
), ended AS (
    SELECT z.time_zone AS zone, day::date AS day
      FROM zones z
      CROSS JOIN LATERAL (SELECT make_date(z.goal_year, z.goal_month, 1) AS first_day) AS month
      CROSS JOIN LATERAL generate_series(
          greatest(first_day, CAST(:since AS date)),
          least(first_day + interval '1 month - 1 day',
                (CAST(:now AS timestamptz) AT TIME ZONE z.time_zone)::date - 1),
          interval '1 day') AS day
)
INSERT INTO job_runs (job, period, ran_at)
SELECT '{_JOB}', day || ' ' || zone, CAST(:now AS timestamptz)
  FROM ended
 WHERE NOT EXISTS (SELECT FROM job_runs r WHERE r.job = '{_JOB}' AND r.period = day || ' ' || zone)
 ORDER BY 2
    ON CONFLICT (workspace_id, job, period) DO NOTHING
RETURNING left(period, 10)::date AS day, substr(period, 12) AS zone
""")
# Behind the claim a plain INSERT will do. Those that somebody has inserted by SQL before stay as they are.
_TAKE = text("""
INSERT INTO goal_progress_snapshots (
    workspace_id, sales_rep_id, monthly_goal_id, snapshot_type, snapshot_date, signups_to_date, signup_goal,
    signup_progress_percent, revenue_to_date, revenue_goal, revenue_progress_percent, bonus_tier,
    days_remaining, on_pace, pace_indicator, created_at)
SELECT p.workspace_id, p.sales_rep_id, p.monthly_goal_id, t.snapshot_type, p.snapshot_date, p.signups_to_date,
       p.signup_goal, p.signup_progress_percent, p.revenue_to_date, p.revenue_goal,
       p.revenue_progress_percent, p.bonus_tier, p.days_remaining, p.on_pace, p.pace_indicator,
       CAST(:now AS timestamptz)
  FROM goalkeeper_progress(CAST(:zones AS text[]), CAST(:days AS date[]), CAST(:untils AS date[]), NULL) AS p
  JOIN unnest(CAST(:types AS text[]), CAST(:typed_days AS date[])) AS t (snapshot_type, day)
    ON t.day = p.snapshot_date
 WHERE p.is_carried
   AND NOT EXISTS (
       SELECT FROM goal_progress_snapshots s
        WHERE s.workspace_id = p.workspace_id AND s.sales_rep_id = p.sales_rep_id
          AND s.snapshot_date = p.snapshot_date AND s.snapshot_type = t.snapshot_type)
""")


async def take_snapshots(session: AsyncSession, now: datetime) -> int:
    """Write the snapshots of each local day that has ended since the last one; return how many.

    Four statements at the most. A day that nobody was up for gets the sums by entry day, as known now.
    """
    since: date | None = (await session.execute(_SINCE)).scalar_one()
    if since is None:
        return 0
    keys = {"since": since, "year": since.year, "month": since.month, "now": now}
    ended = (await session.execute(_CLAIM, keys)).all()
    if not ended:
        return 0
    days = sorted({each.day for each in ended})
    typed = [(kind, day) for day in days for kind in _types(day)]
    await allow_nested_loops(session, False)
    taken = await session.execute(
        _TAKE,
        {
            "now": now,
            "zones": [each.zone for each in ended],
            "days": [each.day for each in ended],
            "untils": [each.day + timedelta(days=1) for each in ended],
            "types": [kind for kind, _ in typed],
            "typed_days": [day for _, day in typed],
        },
    )
    assert isinstance(taken, CursorResult)
    return taken.rowcount


def _types(day: date) -> list[str]:
    """The snapshots that are taken of a day."""
    types = ["daily"]
    if day.isoweekday() == 7:
        types.append("weekly")
    if (day + timedelta(days=1)).day == 1:
        types.append("monthly")
    return types


TAKE_SNAPSHOTS = Job(_JOB, take_snapshots, QUARTER_HOUR)
