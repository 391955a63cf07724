"""Opening months and years: the rows in which goals are then set (SPEC 2 and 3)."""

import json
from collections.abc import Collection, Iterable
from datetime import date

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from domain.goals.queries import LAST_MONTH, PREFILLED_MONTH, month_keys
from domain.people.model import RepId
from domain.periods import Month, month_bounds

# Bounds come from periods.py, one row for each zone and joining day that occurs, since Postgres and
# zoneinfo differ on times that come twice. Who has none of them, since Slack told of a new zone meanwhile,
# gets theirs from the table's trigger rather than no month. A month is opened unset: `goal_set_at` is given
# as null, where leaving it out would count as setting it. What the trigger and the defaults would look up
# row by row is given here, once.
_OPEN_MONTHS = text(f"""
INSERT INTO rep_monthly_goals
       (workspace_id, rep_id, goal_year, goal_month, time_zone, starts_at, ends_at, deadline,
        signup_goal, revenue_goal, bonus_tier_goal, goal_set_at,
        tier_signups, tier_amounts, created_at, updated_at)
SELECT workspace_id, rep_id, :year, :month, zone, starts_at, ends_at, deadline,
       prefilled_signups, prefilled_revenue, prefilled_tier, NULL,
       (SELECT array_agg(signups_needed ORDER BY tier) FROM bonus_tiers),
       (SELECT array_agg(amount ORDER BY tier) FROM bonus_tiers), opened_at, opened_at
  FROM (SELECT r.workspace_id, r.id AS rep_id, b.zone, b.starts_at, b.ends_at, b.deadline, {PREFILLED_MONTH},
               clock.opened_at
          FROM (SELECT goalkeeper_now() AS opened_at OFFSET 0) AS clock
          CROSS JOIN sales_reps r
          JOIN users u ON u.workspace_id = r.workspace_id AND u.id = r.user_id
          JOIN workspaces w ON w.id = r.workspace_id
          LEFT JOIN jsonb_to_recordset(CAST(:bounds AS jsonb))
               AS b(zone text, joined_on date, starts_at timestamptz, ends_at timestamptz,
                    deadline timestamptz)
            ON b.zone = coalesce(u.time_zone, w.time_zone)
           AND b.joined_on = greatest(r.joined_on, CAST(:first_day AS date))
          {LAST_MONTH}
         WHERE r.id = ANY(:rep_ids)
         ORDER BY r.id) AS opened
    ON CONFLICT (workspace_id, rep_id, goal_year, goal_month) DO NOTHING
""")
_OPEN_YEARS = text("""
INSERT INTO rep_yearly_goals
       (workspace_id, rep_id, goal_year, yearly_signup_goal, goal_set_at, created_at, updated_at)
SELECT r.workspace_id, r.id, :year, coalesce(r.yearly_signup_goal, 0), NULL, opened_at, opened_at
  FROM (SELECT goalkeeper_now() AS opened_at OFFSET 0) AS clock
  CROSS JOIN sales_reps r
 WHERE r.id = ANY(:rep_ids)
 ORDER BY r.id
    ON CONFLICT (workspace_id, rep_id, goal_year) DO NOTHING
""")


async def open_months(
    session: AsyncSession,
    month: Month,
    rep_ids: Collection[RepId],
    calendars: Iterable[tuple[str, date]],
    deadline_day: int,
) -> None:
    """Open a month and its year for these reps where they are not open yet; two statements, however many.

    `calendars` are the zones and joining days that occur among the reps.
    """
    first_day = month.first_day
    distinct = {(zone, max(joined_on, first_day)) for zone, joined_on in calendars}
    bounds = [_bounds(month, zone, joined_on, deadline_day) for zone, joined_on in sorted(distinct)]
    keys = {**month_keys(month), "first_day": first_day, "rep_ids": list(rep_ids)}
    await session.execute(_OPEN_MONTHS, {**keys, "bounds": json.dumps(bounds)})
    await open_years(session, month.year, rep_ids)


async def open_years(session: AsyncSession, year: int, rep_ids: Collection[RepId]) -> None:
    """Open a year for these reps where it is not open yet."""
    await session.execute(_OPEN_YEARS, {"year": year, "rep_ids": list(rep_ids)})


def _bounds(month: Month, zone: str, joined_on: date, deadline_day: int) -> dict[str, str]:
    bounds = month_bounds(month, zone, deadline_day, joined_on)
    return {
        "zone": zone,
        "joined_on": joined_on.isoformat(),
        "starts_at": bounds.starts_at.isoformat(),
        "ends_at": bounds.ends_at.isoformat(),
        "deadline": bounds.deadline.isoformat(),
    }
