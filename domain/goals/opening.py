"""Opening months and years: the rows in which goals are then set."""

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from domain.people.model import RepId
from domain.people.rules import Person, Rep
from domain.periods import Kind, MonthBounds, Period, local_date, midnight, month_bounds

# What a month or a year starts with before anybody has set it.
PREFILLED_MONTH = """
coalesce(
    goalkeeper_prefilled_signups(
        r.monthly_signup_goal, r.ramp, r.joined_on, make_date(:year, :month, 1), w.working_days),
    p.signup_goal, 0) AS prefilled_signups,
coalesce(p.revenue_goal, 0) AS prefilled_revenue,
coalesce(p.bonus_tier_goal, 0) AS prefilled_tier
"""
PREFILLED_YEAR = "ceil(coalesce(r.yearly_signup_goal, 0) * carried.months / 12.0)::integer"
LAST_MONTH = """
LEFT JOIN rep_monthly_goals p
  ON p.workspace_id = r.workspace_id AND p.sales_rep_id = r.id
 AND p.goal_year = :last_year AND p.goal_month = :last_month
"""

# Bounds come from periods.py, one row for each zone and settling day that occurs, since Postgres and
# zoneinfo differ on times that come twice. A rep without one, because Slack has just reported a new zone,
# gets theirs from the table's trigger. A month is opened unset: `goal_set_at` is given
# as null, where leaving it out would count as setting it. What the trigger and the defaults would look up
# row by row is given here, once.
_OPEN_MONTHS = text(f"""
INSERT INTO rep_monthly_goals
       (workspace_id, sales_rep_id, goal_year, goal_month, time_zone, starts_at, ends_at, deadline,
        signup_goal, revenue_goal, bonus_tier_goal, goal_set_at,
        tier_signups, tier_amounts, created_at, updated_at)
SELECT workspace_id, sales_rep_id, :year, :month, zone, starts_at, ends_at, deadline,
       prefilled_signups, prefilled_revenue, prefilled_tier, NULL,
       tier_signups, tier_amounts, opened_at, opened_at
  FROM (SELECT r.workspace_id, r.id AS sales_rep_id, b.zone, b.starts_at, b.ends_at, b.deadline,
       {PREFILLED_MONTH},
               t.tier_signups, t.tier_amounts, clock.opened_at
          FROM (SELECT goalkeeper_now() AS opened_at OFFSET 0) AS clock
          CROSS JOIN sales_reps r
          JOIN people u ON u.workspace_id = r.workspace_id AND u.id = r.user_id
          JOIN workspaces w ON w.id = r.workspace_id
          LEFT JOIN current_stints s ON s.workspace_id = r.workspace_id AND s.sales_rep_id = r.id
          LEFT JOIN jsonb_to_recordset(CAST(:bounds AS jsonb))
               AS b(zone text, settles_from date, starts_at timestamptz, ends_at timestamptz,
                    deadline timestamptz)
            ON b.zone = u.zone
           AND b.settles_from = greatest(s.settles_from, CAST(:first_day AS date))
          LEFT JOIN rep_tiers t ON t.workspace_id = r.workspace_id AND t.sales_rep_id = r.id
          {LAST_MONTH}
         WHERE r.id = ANY(:rep_ids)
         ORDER BY r.id) AS opened
    ON CONFLICT (workspace_id, sales_rep_id, goal_year, goal_month) DO NOTHING
""")
# A year that comes from a default counts as set: nobody asks for years.
_OPEN_YEARS = text(f"""
INSERT INTO rep_yearly_goals
       (workspace_id, sales_rep_id, goal_year, months_carried, yearly_signup_goal, goal_set_at,
        created_at, updated_at)
SELECT r.workspace_id, r.id, :year, carried.months, prefilled.signups,
       CASE WHEN prefilled.signups > 0 THEN opened_at END, opened_at, opened_at
  FROM (SELECT goalkeeper_now() AS opened_at OFFSET 0) AS clock
  CROSS JOIN sales_reps r
  CROSS JOIN LATERAL (SELECT goalkeeper_months_carried(r.joined_on, :year) AS months) AS carried
  CROSS JOIN LATERAL (SELECT {PREFILLED_YEAR} AS signups) AS prefilled
 WHERE r.id = ANY(:rep_ids)
 ORDER BY r.id
    ON CONFLICT (workspace_id, sales_rep_id, goal_year) DO NOTHING
""")

# A rep who has moved again meanwhile is left out: their bounds aren't among those given.
_TAKE_ALONG = text("""
UPDATE rep_monthly_goals m
   SET time_zone = b.to_zone, starts_at = b.starts_at, ends_at = b.ends_at, deadline = b.deadline
  FROM sales_reps r
  JOIN people u ON u.workspace_id = r.workspace_id AND u.id = r.user_id
  JOIN jsonb_to_recordset(CAST(:moves AS jsonb))
       AS b(year int, month int, from_zone text, old_deadline timestamptz, to_zone text,
            starts_at timestamptz, ends_at timestamptz, deadline timestamptz)
    ON b.to_zone = u.zone
 WHERE r.id = ANY(:rep_ids) AND m.workspace_id = r.workspace_id AND m.sales_rep_id = r.id
   AND m.goal_year = b.year AND m.goal_month = b.month
   AND m.time_zone = b.from_zone AND m.deadline = b.old_deadline AND m.created_at < m.starts_at
""")


def month_keys(month: Period) -> dict[str, Any]:
    """Return the bind parameters for a month and the one before it."""
    last = {f"last_{name}": value for name, value in month.previous.columns.items()}
    return {**month.columns, **last}


async def open_goal(session: AsyncSession, person: Person, rep: Rep, period: Period) -> None:
    """Open a rep's month or year where it is not open yet."""
    if period.kind is Kind.YEAR:
        await open_years(session, period, [rep.id])
    else:
        calendar, deadline_day = (person.zone, rep.settles_from), person.deadline_day_in(period)
        await open_months(session, period, [rep.id], [calendar], deadline_day)


async def open_months(
    session: AsyncSession,
    month: Period,
    rep_ids: Collection[RepId],
    calendars: Iterable[tuple[str, date]],
    deadline_day: int,
) -> None:
    """Open a month and its year for these reps where they are not open yet; two statements, however many.

    `calendars` are the zones, and the days from which their deadlines count, that occur among the reps.
    """
    distinct = {(zone, max(settles_from, month.start)) for zone, settles_from in calendars}
    bounds = [_bounds(month, zone, settles_from, deadline_day) for zone, settles_from in sorted(distinct)]
    keys = {**month_keys(month), "first_day": month.start, "rep_ids": list(rep_ids)}
    await session.execute(_OPEN_MONTHS, {**keys, "bounds": json.dumps(bounds)})
    await open_years(session, Period.containing(month.start, Kind.YEAR), rep_ids)


async def open_years(session: AsyncSession, year: Period, rep_ids: Collection[RepId]) -> None:
    """Open a year for these reps where it is not open yet."""
    await session.execute(_OPEN_YEARS, {**year.columns, "rep_ids": list(rep_ids)})


@dataclass(frozen=True, slots=True)
class Moved:
    """A month that was opened before it began, in a zone that its rep has left since."""

    month: Period
    from_zone: str
    old_deadline: datetime
    to_zone: str

    @property
    def bounds(self) -> MonthBounds:
        """The bounds in the new zone; the deadline's last day stays the same."""
        last_day = local_date(self.old_deadline - timedelta(seconds=1), self.from_zone)
        return MonthBounds(
            starts_at=midnight(self.month.start, self.to_zone),
            ends_at=midnight(self.month.end, self.to_zone),
            deadline=midnight(last_day + timedelta(days=1), self.to_zone),
        )


async def take_along(session: AsyncSession, moves: Iterable[Moved], rep_ids: Collection[RepId]) -> None:
    """Give months opened early the zones to which these reps have moved; one statement, however many.

    The zone of the 1st rules the whole month, so the caller makes sure that it is that day. No goal
    changes by it, so the history doesn't record it.
    """
    rows = [
        {
            **move.month.columns,
            "from_zone": move.from_zone,
            "old_deadline": move.old_deadline.isoformat(),
            "to_zone": move.to_zone,
            **_instants(move.bounds),
        }
        for move in moves
    ]
    await session.execute(_TAKE_ALONG, {"moves": json.dumps(rows), "rep_ids": list(rep_ids)})


def _bounds(month: Period, zone: str, settles_from: date, deadline_day: int) -> dict[str, str]:
    bounds = month_bounds(month, zone, deadline_day, settles_from)
    return {"zone": zone, "settles_from": settles_from.isoformat(), **_instants(bounds)}


def _instants(bounds: MonthBounds) -> dict[str, str]:
    return {
        "starts_at": bounds.starts_at.isoformat(),
        "ends_at": bounds.ends_at.isoformat(),
        "deadline": bounds.deadline.isoformat(),
    }
