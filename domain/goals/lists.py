"""Goals in lists, as dashboards read them: the views' own definitions, a page at a time."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from domain.goals.model import GoalStatus
from domain.people import sight
from domain.people.model import RepId
from domain.people.rules import Person
from domain.rows import rows

ALL_MONTHS = 9999 * 12 + 11
"""A month that comes after every other, counted as `year × 12 + month - 1`."""


@dataclass(frozen=True, slots=True)
class CurrentMonth:
    """A rep's current month; its goals are null while it isn't open, and proposed while `goal_set_at` is."""

    sales_rep_id: int
    rep_name: str
    team: str | None
    goal_year: int
    goal_month: int
    signup_goal: int | None
    signups_actual: int | None
    signup_progress_percent: Decimal | None
    revenue_goal: Decimal | None
    revenue_actual: Decimal | None
    revenue_progress_percent: Decimal | None
    goal_progress: Decimal | None
    bonus_tier_goal: int | None
    bonus_tier_actual: int | None
    bonus_triggered: bool | None
    bonus_amount: Decimal | None
    status: GoalStatus | None
    health_status: str
    goal_set_at: datetime | None
    set_by_deadline: bool | None
    deadline: datetime
    days_until_deadline: int
    time_zone: str


@dataclass(frozen=True, slots=True)
class CurrentYear:
    """A rep's current year; its goals are null while it isn't open."""

    sales_rep_id: int
    rep_name: str
    team: str | None
    goal_year: int
    yearly_signup_goal: int | None
    yearly_signups_actual: int | None
    yearly_signup_progress_percent: Decimal | None
    yearly_revenue_goal: Decimal | None
    yearly_revenue_actual: Decimal | None
    yearly_revenue_progress_percent: Decimal | None
    monthly_signup_target: Decimal | None
    monthly_revenue_target: Decimal | None
    current_month: int
    months_remaining: int
    status: GoalStatus | None
    goal_set_at: datetime | None


@dataclass(frozen=True, slots=True)
class PendingDeadline:
    """A rep who hasn't set the current month's goals, and the last reminder that wasn't answered."""

    sales_rep_id: int
    rep_name: str
    team: str | None
    goal_year: int
    goal_month: int
    deadline: datetime
    deadline_status: str
    """`not_set`: the month isn't open; `pending` before the deadline, `overdue` after it."""
    days_until_deadline: int
    reminder_id: int | None
    time_zone: str


@dataclass(frozen=True, slots=True)
class MonthOfHistory:
    """One month of a rep's history; its goals are only proposed while `goal_set_at` is null."""

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
    bonus_triggered: bool
    bonus_amount: Decimal
    status: GoalStatus
    goal_set_at: datetime | None
    set_by_deadline: bool | None
    deadline: datetime
    completed_at: datetime | None
    frozen_at: datetime | None


_MONTH_COLUMNS = """goal_year, goal_month, signup_goal, signups_actual, signup_progress_percent, revenue_goal,
       revenue_actual, revenue_progress_percent, bonus_tier_goal, bonus_tier_actual, bonus_triggered,
       bonus_amount, status, goal_set_at, set_by_deadline, deadline"""
_ONE_PAGE = f"""
 WHERE v.sales_rep_id > :after AND {sight.seen("v")}
   AND (CAST(:rep_id AS bigint) IS NULL OR v.sales_rep_id = :rep_id)
"""
_IN_ORDER = " ORDER BY v.sales_rep_id LIMIT :most"

# Which reps' current month, from a rep on.
_CURRENT_MONTHS = text(f"""
SELECT sales_rep_id, rep_name, team, {_MONTH_COLUMNS}, goal_progress, health_status, days_until_deadline,
       time_zone
  FROM v_current_month_goals v {_ONE_PAGE} {_IN_ORDER}
""")
# Which reps' current year, from a rep on.
_CURRENT_YEARS = text(f"""
SELECT sales_rep_id, rep_name, team, goal_year, yearly_signup_goal, yearly_signups_actual,
       yearly_signup_progress_percent, yearly_revenue_goal, yearly_revenue_actual,
       yearly_revenue_progress_percent, monthly_signup_target, monthly_revenue_target, current_month,
       months_remaining, status, goal_set_at
  FROM v_yearly_goals_summary v {_ONE_PAGE} {_IN_ORDER}
""")
# Who hasn't set the goals yet, and which reminder still waits for an answer.
_PENDING = text(f"""
SELECT v.sales_rep_id, v.rep_name, v.team, v.goal_year, v.goal_month, v.deadline, v.deadline_status,
       v.days_until_deadline, v.time_zone,
       (SELECT g.id FROM goal_deadline_reminders g
         WHERE g.workspace_id = v.workspace_id AND g.sales_rep_id = v.sales_rep_id
           AND g.target_year = v.goal_year AND g.target_month = v.goal_month
           AND g.sent AND NOT g.acknowledged
         ORDER BY g.due_at DESC LIMIT 1) AS reminder_id
  FROM v_goals_needing_setup v {_ONE_PAGE} AND v.goal_set_at IS NULL {_IN_ORDER}
""")
# A rep's months, newest first.
_HISTORY = text(f"""
SELECT sales_rep_id, {_MONTH_COLUMNS}, completed_at, frozen_at
  FROM rep_monthly_goals
 WHERE sales_rep_id = :rep_id AND goal_year * 12 + goal_month - 1 < :before
 ORDER BY goal_year DESC, goal_month DESC LIMIT :most
""")


async def current_months(
    session: AsyncSession, person: Person, after: int, most: int, rep_id: int | None = None
) -> list[CurrentMonth]:
    """Return the current months of reps whom the person may see, by rep id, beginning after `after`."""
    keys = {"after": after, "most": most, "rep_id": rep_id, **sight.keys(person)}
    return await rows(session, _CURRENT_MONTHS, CurrentMonth, **keys)


async def current_years(
    session: AsyncSession, person: Person, after: int, most: int, rep_id: int | None = None
) -> list[CurrentYear]:
    """Return the current years of reps whom the person may see, by rep id, beginning after `after`."""
    keys = {"after": after, "most": most, "rep_id": rep_id, **sight.keys(person)}
    return await rows(session, _CURRENT_YEARS, CurrentYear, **keys)


async def pending(
    session: AsyncSession, person: Person, after: int, most: int, rep_id: int | None = None
) -> list[PendingDeadline]:
    """Return the reps who still have to set the current month's goals, beginning after `after`."""
    keys = {"after": after, "most": most, "rep_id": rep_id, **sight.keys(person)}
    return await rows(session, _PENDING, PendingDeadline, **keys)


async def history(
    session: AsyncSession, sales_rep_id: RepId, most: int, before: int = ALL_MONTHS
) -> list[MonthOfHistory]:
    """Return a rep's months, the newest first, before the month counted as `year × 12 + month - 1`."""
    return await rows(session, _HISTORY, MonthOfHistory, rep_id=sales_rep_id, before=before, most=most)
