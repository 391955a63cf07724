"""A rep's month measured: what is done, what is expected, and where it leads."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from domain.goals.model import GoalStatus
from domain.people.model import RepId
from domain.periods import Period
from domain.progress.rules import Aim, Indicator, MetricPace, Pace, days_of_month, pace
from domain.rows import row
from domain.workdays import PaceBy, WorkCalendar


@dataclass(frozen=True, slots=True)
class _Measured:
    sales_rep_id: int
    goal_year: int
    goal_month: int
    signup_goal: int
    signups_actual: int
    signup_progress_percent: Decimal | None
    revenue_goal: Decimal
    revenue_actual: Decimal
    revenue_progress_percent: Decimal | None
    bonus_tier_goal: int
    bonus_tier_actual: int
    bonus_amount: Decimal
    status: GoalStatus
    goal_set_at: datetime | None
    today: date
    first_day: date
    weekdays: frozenset[int]
    pace_by: PaceBy
    signups_until_today: Decimal
    revenue_until_today: Decimal


@dataclass(frozen=True, slots=True)
class MonthMeasured:
    """A rep's month with its pace; `pace` is empty while the goals aren't set."""

    sales_rep_id: int
    goal_year: int
    goal_month: int
    signup_goal: int
    signups_actual: int
    signup_progress_percent: Decimal | None
    revenue_goal: Decimal
    revenue_actual: Decimal
    revenue_progress_percent: Decimal | None
    bonus_tier_goal: int
    bonus_tier_actual: int
    bonus_amount: Decimal
    status: GoalStatus
    goal_set_at: datetime | None
    days_completed: int
    days_total: int
    on_pace: bool | None
    pace_indicator: Indicator | None
    pace: tuple[MetricPace, ...]


# What is in the month, and what was in it by the end of yesterday on the month's own calendar.
_MEASURED = text("""
SELECT m.sales_rep_id, m.goal_year, m.goal_month, m.signup_goal, m.signups_actual, m.signup_progress_percent,
       m.revenue_goal, m.revenue_actual, m.revenue_progress_percent, m.bonus_tier_goal, m.bonus_tier_actual,
       m.bonus_amount, m.status, m.goal_set_at, own.today, r.joined_on AS first_day,
       w.working_days AS weekdays, w.pace_by,
       coalesce(before.signups, 0) AS signups_until_today, coalesce(before.revenue, 0) AS revenue_until_today
  FROM rep_monthly_goals m
  JOIN sales_reps r ON r.workspace_id = m.workspace_id AND r.id = m.sales_rep_id
  JOIN workspaces w ON w.id = m.workspace_id
  CROSS JOIN LATERAL (SELECT (goalkeeper_now() AT TIME ZONE m.time_zone)::date AS today) AS own
  LEFT JOIN LATERAL (
      SELECT sum(t.amount) FILTER (WHERE t.metric = 'signups') AS signups,
             sum(t.amount) FILTER (WHERE t.metric = 'revenue') AS revenue
        FROM activity_totals t
       WHERE t.workspace_id = m.workspace_id AND t.sales_rep_id = m.sales_rep_id
         AND t.metric IN ('signups', 'revenue') AND t.grain = 'day'
         AND t.starts_on >= :start AND t.starts_on < least(CAST(:end AS date), own.today)) AS before ON true
 WHERE m.sales_rep_id = :sales_rep_id AND m.goal_year = :year AND m.goal_month = :month
""")


async def measured(session: AsyncSession, sales_rep_id: RepId, month: Period) -> MonthMeasured | None:
    """Return how a rep's month goes; None if it isn't open."""
    keys = {"sales_rep_id": sales_rep_id, **month.columns, "start": month.start, "end": month.end}
    found = await row(session, _MEASURED, _Measured, **keys)
    if found is None:
        return None
    going = _pace(found, month)
    return MonthMeasured(
        sales_rep_id=found.sales_rep_id,
        goal_year=found.goal_year,
        goal_month=found.goal_month,
        signup_goal=found.signup_goal,
        signups_actual=found.signups_actual,
        signup_progress_percent=found.signup_progress_percent,
        revenue_goal=found.revenue_goal,
        revenue_actual=found.revenue_actual,
        revenue_progress_percent=found.revenue_progress_percent,
        bonus_tier_goal=found.bonus_tier_goal,
        bonus_tier_actual=found.bonus_tier_actual,
        bonus_amount=found.bonus_amount,
        status=found.status,
        goal_set_at=found.goal_set_at,
        days_completed=going.days.completed,
        days_total=going.days.total,
        on_pace=going.on_pace,
        pace_indicator=going.indicator,
        pace=going.metrics,
    )


def _pace(found: _Measured, month: Period) -> Pace:
    days = days_of_month(month, found.today, found.first_day, WorkCalendar(found.weekdays, found.pace_by))
    if found.goal_set_at is None:
        return pace((), days)
    signups = Aim(
        "signups", Decimal(found.signup_goal), Decimal(found.signups_actual), found.signups_until_today
    )
    revenue = Aim(
        "revenue", found.revenue_goal, found.revenue_actual, found.revenue_until_today, is_count=False
    )
    return pace((signups, revenue), days)
