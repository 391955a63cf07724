"""Every SELECT about progress: months and years as they stand, the days behind them, and teams' counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from domain.activity.model import Unit
from domain.goals.model import GoalStatus
from domain.people.model import RepId, UserId
from domain.periods import Period
from domain.progress.rules import MonthOutcome, outcome
from domain.rows import row, rows
from domain.workdays import PaceBy, WorkCalendar

MONTHS_ON_A_PAGE = 12


@dataclass(frozen=True, slots=True)
class MonthRow:
    """A rep's month as it stands."""

    signup_goal: int
    signups: int
    revenue_goal: Decimal
    revenue: Decimal
    tier_goal: int
    tier: int
    bonus_amount: Decimal
    tier_signups: tuple[int, ...]
    tier_amounts: tuple[Decimal, ...]
    status: GoalStatus
    goal_set_at: datetime | None
    set_by_deadline: bool | None
    deadline: datetime
    ends_at: datetime
    completed_at: datetime | None
    frozen_at: datetime | None

    @property
    def is_set(self) -> bool:
        """Return True if somebody has set its goals; otherwise they are only proposed."""
        return self.goal_set_at is not None

    @property
    def is_optional(self) -> bool:
        """Return True if its deadline lies beyond its end, for a rep who joined in its last days."""
        return self.deadline > self.ends_at

    @property
    def tiers(self) -> tuple[tuple[int, Decimal], ...]:
        """Signups needed and amount of tiers 1 upwards."""
        return tuple(zip(self.tier_signups, self.tier_amounts, strict=True))

    @property
    def outcome(self) -> MonthOutcome:
        """How it ended, once it is over."""
        return outcome(
            self.status,
            is_set=self.is_set,
            was_made=self.completed_at is not None,
            is_optional=self.is_optional,
        )


@dataclass(frozen=True, slots=True)
class YearRow:
    """A rep's year as it stands."""

    signup_goal: int
    signups: int
    revenue_goal: Decimal
    revenue: Decimal
    months_carried: int
    goal_set_at: datetime | None


@dataclass(frozen=True, slots=True)
class RepStanding:
    """A rep's month, its year, and the calendar they are measured by."""

    today: date
    """On the calendar that rules the month in which it is now."""
    period: Period
    joined_on: date
    """First day of the newest stint."""
    weekdays: frozenset[int]
    pace_by: PaceBy
    month: MonthRow | None = None
    """None: not opened."""
    year: YearRow | None = None

    @property
    def calendar(self) -> WorkCalendar:
        """The days that count."""
        return WorkCalendar(self.weekdays, self.pace_by)


_MONTH_COLUMNS = """
       m.signup_goal AS "month.signup_goal", m.signups_actual AS "month.signups",
       m.revenue_goal AS "month.revenue_goal", m.revenue_actual AS "month.revenue",
       m.bonus_tier_goal AS "month.tier_goal", m.bonus_tier_actual AS "month.tier",
       m.bonus_amount AS "month.bonus_amount", m.tier_signups AS "month.tier_signups",
       m.tier_amounts AS "month.tier_amounts", m.status AS "month.status",
       m.goal_set_at AS "month.goal_set_at", m.set_by_deadline AS "month.set_by_deadline",
       m.deadline AS "month.deadline", m.ends_at AS "month.ends_at",
       m.completed_at AS "month.completed_at", m.frozen_at AS "month.frozen_at"
"""
# The month that is asked for, else the one in which it is now for the rep: by the zone of the month that has
# begun, which whoever moves keeps until it ends.
_STANDING = text(f"""
SELECT t.today, p.year AS "period.year", p.month AS "period.month", r.joined_on,
       w.working_days AS weekdays, w.pace_by, {_MONTH_COLUMNS},
       y.yearly_signup_goal AS "year.signup_goal", y.yearly_signups_actual AS "year.signups",
       y.yearly_revenue_goal AS "year.revenue_goal", y.yearly_revenue_actual AS "year.revenue",
       y.months_carried AS "year.months_carried", y.goal_set_at AS "year.goal_set_at"
  FROM sales_reps r
  JOIN users u ON u.workspace_id = r.workspace_id AND u.id = r.user_id
  JOIN workspaces w ON w.id = r.workspace_id
  CROSS JOIN (SELECT goalkeeper_now() AS now OFFSET 0) AS clock
  CROSS JOIN LATERAL (
      SELECT (clock.now AT TIME ZONE coalesce(
                 (SELECT c.time_zone FROM rep_monthly_goals c
                   WHERE c.workspace_id = r.workspace_id AND c.sales_rep_id = r.id
                     AND c.starts_at <= clock.now AND clock.now < c.ends_at LIMIT 1),
                 u.time_zone, w.time_zone))::date AS today) AS t
  CROSS JOIN LATERAL (
      SELECT coalesce(CAST(:year AS int), extract(year FROM t.today)::int) AS year,
             coalesce(CAST(:month AS int), extract(month FROM t.today)::int) AS month) AS p
  LEFT JOIN rep_monthly_goals m
    ON m.workspace_id = r.workspace_id AND m.sales_rep_id = r.id
   AND m.goal_year = p.year AND m.goal_month = p.month
  LEFT JOIN rep_yearly_goals y
    ON y.workspace_id = r.workspace_id AND y.sales_rep_id = r.id AND y.goal_year = p.year
 WHERE r.id = :sales_rep_id
""")


async def standing(session: AsyncSession, sales_rep_id: RepId, month: Period | None = None) -> RepStanding:
    """Return how a rep stands in a month, the current one unless another is given."""
    keys = {"year": None, "month": None} if month is None else month.columns
    [found] = await rows(session, _STANDING, RepStanding, sales_rep_id=sales_rep_id, **keys)
    return found


@dataclass(frozen=True, slots=True)
class Total:
    """The sum of a metric on one day or in one month."""

    metric: str
    label: str
    unit: Unit
    starts_on: date
    amount: Decimal


# The metrics come first, so that each is a range of the totals' index.
_TOTALS = text("""
SELECT m.code AS metric, m.label, m.unit, t.starts_on, sum(t.amount) AS amount
  FROM metrics m
  JOIN activity_totals t
    ON t.workspace_id = m.workspace_id AND t.sales_rep_id = :sales_rep_id AND t.metric = m.code
   AND t.grain = :grain AND t.starts_on >= :start AND t.starts_on < :end
 WHERE m.kind = 'sum' AND m.is_on
 GROUP BY m.id, m.code, m.label, m.unit, m.position, t.starts_on
 ORDER BY m.position, m.id, t.starts_on
""")


async def by_day(session: AsyncSession, sales_rep_id: RepId, start: date, end: date) -> list[Total]:
    """Return a rep's sums by metric and day, from the totals; days without entries are left out."""
    return await rows(session, _TOTALS, Total, sales_rep_id=sales_rep_id, grain="day", start=start, end=end)


async def by_month(session: AsyncSession, sales_rep_id: RepId, start: date, end: date) -> list[Total]:
    """Return a rep's sums by metric and month, from the totals; months without entries are left out."""
    return await rows(session, _TOTALS, Total, sales_rep_id=sales_rep_id, grain="month", start=start, end=end)


@dataclass(frozen=True, slots=True)
class PastMonth:
    """A month of a rep's history."""

    period: Period
    month: MonthRow


_PAST = text(f"""
SELECT m.goal_year AS "period.year", m.goal_month AS "period.month", {_MONTH_COLUMNS}
  FROM rep_monthly_goals m
 WHERE m.sales_rep_id = :sales_rep_id
   AND (m.goal_year, m.goal_month) < (CAST(:year AS int), CAST(:month AS int))
 ORDER BY m.goal_year DESC, m.goal_month DESC
 LIMIT :most
""")


async def months_before(
    session: AsyncSession, sales_rep_id: RepId, month: Period, most: int = MONTHS_ON_A_PAGE
) -> list[PastMonth]:
    """Return a rep's last months before this one, newest first."""
    return await rows(session, _PAST, PastMonth, sales_rep_id=sales_rep_id, most=most, **month.columns)


@dataclass(frozen=True, slots=True)
class Count:
    """How many reps have set the goals of the month it is for them, and how many have made them."""

    reps: int
    goals_set: int
    made: int


@dataclass(frozen=True, slots=True)
class Counts:
    """The counts of the reps that somebody manages, and of the whole company."""

    team: Count
    company: Count


# Reps who joined in the last days of their month needn't set goals, so they count only once they have.
_COUNTS = text("""
WITH reps AS (
    SELECT s.sales_rep_id, m.goal_set_at IS NOT NULL AS is_set, m.status = 'completed' AS is_made,
           EXISTS (SELECT FROM leads l
                    WHERE l.workspace_id = s.workspace_id AND l.sales_rep_id = s.sales_rep_id
                      AND l.manager_id = :manager_id AND l.leader_id = :manager_id) AS is_led
      FROM reps_today s
      LEFT JOIN rep_monthly_goals m
        ON m.workspace_id = s.workspace_id AND m.sales_rep_id = s.sales_rep_id
       AND m.goal_year = s.year AND m.goal_month = s.month
     WHERE m.deadline IS NULL OR m.deadline <= m.ends_at OR m.goal_set_at IS NOT NULL
)
SELECT count(*) FILTER (WHERE is_led) AS "team.reps",
       count(*) FILTER (WHERE is_led AND is_set) AS "team.goals_set",
       count(*) FILTER (WHERE is_led AND is_made) AS "team.made",
       count(*) AS "company.reps",
       count(*) FILTER (WHERE is_set) AS "company.goals_set",
       count(*) FILTER (WHERE is_made) AS "company.made"
  FROM reps
 WHERE is_led OR :everybody
""")


async def counts(session: AsyncSession, manager_id: UserId, *, everybody: bool) -> Counts:
    """Return how many reps have set and made their goals: a manager's and, if asked for, everybody's."""
    found = await row(session, _COUNTS, Counts, manager_id=manager_id, everybody=everybody)
    assert found is not None
    return found


def sums(totals: Sequence[Total], metric: str, first: date, last: date) -> Decimal:
    """Return the sum of a metric from the first day to the last, both included."""
    found = (each.amount for each in totals if each.metric == metric and first <= each.starts_on <= last)
    return sum(found, Decimal(0))
