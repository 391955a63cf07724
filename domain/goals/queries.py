"""Every SELECT about goals."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from domain.goals.figures import Figures, Tier
from domain.goals.opening import LAST_MONTH, PREFILLED_MONTH, PREFILLED_YEAR, month_keys
from domain.people.model import RepId, UserId
from domain.periods import Kind, Period
from domain.rows import row, rows


@dataclass(frozen=True, slots=True)
class GoalRow:
    """A goal as it stands, or as it would be opened; a year has no `deadline` and no `ends_at`."""

    figures: Figures
    goal_set_at: datetime | None = None
    deadline: datetime | None = None
    ends_at: datetime | None = None
    tier_signups: tuple[int, ...] = ()
    tier_amounts: tuple[Decimal, ...] = ()

    @property
    def tiers(self) -> tuple[Tier, ...]:
        """The month's bonus tiers; a year has none."""
        needed_and_amounts = zip(self.tier_signups, self.tier_amounts, strict=True)
        return tuple(Tier(number, *tier) for number, tier in enumerate(needed_and_amounts, start=1))


_MONTH = text(f"""
SELECT coalesce(m.signup_goal, proposed.prefilled_signups) AS "figures.signups",
       coalesce(m.revenue_goal, proposed.prefilled_revenue) AS "figures.revenue",
       coalesce(m.bonus_tier_goal, proposed.prefilled_tier) AS "figures.tier",
       m.goal_set_at, m.deadline, m.ends_at,
       coalesce(m.tier_signups, t.tier_signups) AS tier_signups,
       coalesce(m.tier_amounts, t.tier_amounts) AS tier_amounts
  FROM sales_reps r
  JOIN workspaces w ON w.id = r.workspace_id
  JOIN rep_tiers t ON t.workspace_id = r.workspace_id AND t.sales_rep_id = r.id
  LEFT JOIN rep_monthly_goals m
    ON m.workspace_id = r.workspace_id AND m.sales_rep_id = r.id AND m.goal_year = :year
      AND m.goal_month = :month
  {LAST_MONTH}
  CROSS JOIN LATERAL (SELECT {PREFILLED_MONTH}) AS proposed
 WHERE r.id = :sales_rep_id
""")
_MONTH_FOR_UPDATE = text("""
SELECT signup_goal AS "figures.signups", revenue_goal AS "figures.revenue", bonus_tier_goal AS "figures.tier",
       goal_set_at, deadline, ends_at
  FROM rep_monthly_goals
 WHERE sales_rep_id = :sales_rep_id AND goal_year = :year AND goal_month = :month
   FOR NO KEY UPDATE
""")
_YEAR = text(f"""
SELECT coalesce(y.yearly_signup_goal, {PREFILLED_YEAR}) AS "figures.signups",
       coalesce(y.yearly_revenue_goal, 0) AS "figures.revenue", y.goal_set_at
  FROM sales_reps r
  CROSS JOIN LATERAL (SELECT goalkeeper_months_carried(r.joined_on, :year) AS months) AS carried
  LEFT JOIN rep_yearly_goals y
    ON y.workspace_id = r.workspace_id AND y.sales_rep_id = r.id AND y.goal_year = :year
 WHERE r.id = :sales_rep_id
""")
_YEAR_FOR_UPDATE = text("""
SELECT yearly_signup_goal AS "figures.signups", yearly_revenue_goal AS "figures.revenue", goal_set_at
  FROM rep_yearly_goals
 WHERE sales_rep_id = :sales_rep_id AND goal_year = :year
   FOR NO KEY UPDATE
""")


async def goal(session: AsyncSession, sales_rep_id: RepId, period: Period) -> GoalRow:
    """Return the goal, or what it would be opened with; opens nothing."""
    is_year = period.kind is Kind.YEAR
    keys = period.columns if is_year else month_keys(period)
    [found] = await rows(session, _YEAR if is_year else _MONTH, GoalRow, sales_rep_id=sales_rep_id, **keys)
    return found


async def goal_for_update(session: AsyncSession, sales_rep_id: RepId, period: Period) -> GoalRow:
    """Return the goal, open already, locked until the transaction ends."""
    statement = _YEAR_FOR_UPDATE if period.kind is Kind.YEAR else _MONTH_FOR_UPDATE
    [found] = await rows(session, statement, GoalRow, sales_rep_id=sales_rep_id, **period.columns)
    return found


@dataclass(frozen=True, slots=True)
class ChangeMade:
    """One change of a goal, with the values of the message about it."""

    period: Period
    figures: Figures
    before: Figures | None
    """None: a first setting."""
    by: UserId | None
    by_name: str | None
    by_rep: bool
    reason: str | None
    zone: str
    """The rep's own time zone."""
    currency: str
    locale: str
    deadline: datetime | None = None
    set_by_deadline: bool | None = None
    past_deadline: bool | None = None
    """True if it is too late for the rep to change it now; None for a year, as are the two above."""
    months_carried: int | None = None
    """The months that a year's goals are spread over; None for a month."""


_CHANGE = """
SELECT c.goal_year AS "period.year", c.goal_month AS "period.month", c.reason,
       coalesce(c.changed_by = r.user_id, false) AS by_rep, c.changed_by AS by, b.name AS by_name,
       c.from_signup_goal AS "before.signups", c.from_revenue_goal AS "before.revenue",
       c.from_bonus_tier_goal AS "before.tier", c.to_signup_goal AS "figures.signups",
       c.to_revenue_goal AS "figures.revenue", c.to_bonus_tier_goal AS "figures.tier",
       m.deadline, m.set_by_deadline, goalkeeper_now() >= m.deadline AS past_deadline,
       u.zone, w.currency, w.locale, y.months_carried
  FROM goal_changes c
  JOIN workspaces w ON w.id = c.workspace_id
  JOIN sales_reps r ON r.workspace_id = c.workspace_id AND r.id = c.sales_rep_id
  JOIN people u ON u.workspace_id = r.workspace_id AND u.id = r.user_id
  LEFT JOIN users b ON b.workspace_id = c.workspace_id AND b.id = c.changed_by
  LEFT JOIN rep_monthly_goals m
    ON m.workspace_id = c.workspace_id AND m.sales_rep_id = c.sales_rep_id
   AND m.goal_year = c.goal_year AND m.goal_month = c.goal_month
  LEFT JOIN rep_yearly_goals y
    ON y.workspace_id = c.workspace_id AND y.sales_rep_id = c.sales_rep_id
   AND y.goal_year = c.goal_year AND c.goal_month IS NULL
"""
_LAST_CHANGE = text(
    _CHANGE
    + """
 WHERE c.sales_rep_id = :sales_rep_id AND c.goal_year = :year AND c.goal_month IS NOT DISTINCT FROM :month
 ORDER BY c.id DESC LIMIT 1
"""
)
_ONE_CHANGE = text(_CHANGE + " WHERE c.id = :change_id")


async def last_change(session: AsyncSession, sales_rep_id: RepId, period: Period) -> ChangeMade | None:
    """Return the newest change of a goal."""
    return await row(session, _LAST_CHANGE, ChangeMade, sales_rep_id=sales_rep_id, **period.columns)


async def change(session: AsyncSession, change_id: int) -> ChangeMade | None:
    """Return one change by its id."""
    return await row(session, _ONE_CHANGE, ChangeMade, change_id=change_id)
