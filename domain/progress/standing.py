"""A rep's month as it stands, with what an answer about it needs: figures, tiers, and days that count."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from domain.people.model import RepId
from domain.periods import Period
from domain.progress.rules import Aim, NextTier, Pace, days_of_month, next_tier, pace
from domain.rows import row
from domain.workdays import PaceBy, WorkCalendar


@dataclass(frozen=True, slots=True)
class MonthStanding:
    """One rep's month."""

    month: Period
    is_set: bool
    """Whether somebody has confirmed the goals."""
    signups: int
    signup_goal: int
    signup_percent: Decimal | None
    revenue: Decimal
    revenue_goal: Decimal
    revenue_percent: Decimal | None
    tier_signups: tuple[int, ...]
    tier_amounts: tuple[Decimal, ...]
    is_over: bool
    today: date
    """In the month's zone."""
    joined_on: date
    weekdays: frozenset[int]
    pace_by: PaceBy

    @property
    def pace(self) -> Pace | None:
        """The pace of the goals; None if they aren't set, or the month is over."""
        if not self.is_set or self.is_over:
            return None
        calendar = WorkCalendar(self.weekdays, self.pace_by)
        signups, goal = Decimal(self.signups), Decimal(self.signup_goal)
        aims = (
            Aim("signups", goal, signups, signups),
            Aim("revenue", self.revenue_goal, self.revenue, self.revenue, is_count=False),
        )
        return pace(aims, days_of_month(self.month, self.today, self.joined_on, calendar))

    @property
    def next_tier(self) -> NextTier | None:
        """The next bonus tier; None on the highest one, or when the month is over."""
        tiers = list(zip(self.tier_signups, self.tier_amounts, strict=True))
        return None if self.is_over else next_tier(self.signups, tiers)


_MONTH = text("""
SELECT m.goal_year AS "month.year", m.goal_month AS "month.month", m.goal_set_at IS NOT NULL AS is_set,
       m.signups_actual AS signups, m.signup_goal, m.signup_progress_percent AS signup_percent,
       m.revenue_actual AS revenue, m.revenue_goal, m.revenue_progress_percent AS revenue_percent,
       m.tier_signups, m.tier_amounts, goalkeeper_now() >= m.ends_at AS is_over,
       (goalkeeper_now() AT TIME ZONE m.time_zone)::date AS today, r.joined_on,
       w.working_days AS weekdays, w.pace_by
  FROM rep_monthly_goals m
  JOIN workspaces w ON w.id = m.workspace_id
  JOIN sales_reps r ON r.workspace_id = m.workspace_id AND r.id = m.sales_rep_id
 WHERE m.sales_rep_id = :sales_rep_id AND m.goal_year = :year AND m.goal_month = :month
""")


async def month(session: AsyncSession, sales_rep_id: RepId, period: Period) -> MonthStanding | None:
    """Return a rep's month as it stands now; None if it isn't open."""
    return await row(session, _MONTH, MonthStanding, sales_rep_id=sales_rep_id, **period.columns)
