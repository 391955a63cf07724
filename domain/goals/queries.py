"""Every SELECT about goals."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, TextClause, text
from sqlalchemy.ext.asyncio import AsyncSession

from domain.goals.figures import Figures, Tier
from domain.goals.opening import LAST_MONTH, PREFILLED_MONTH, PREFILLED_YEAR, month_keys
from domain.people.model import RepId, UserId
from domain.periods import Kind, Period


@dataclass(frozen=True, slots=True)
class GoalRow:
    """A goal as it stands, or as it would be opened; a year has no `deadline` and no `ends_at`."""

    figures: Figures
    goal_set_at: datetime | None = None
    deadline: datetime | None = None
    ends_at: datetime | None = None
    tiers: tuple[Tier, ...] = ()


_MONTH = text(f"""
SELECT m.id, m.signup_goal AS signups, m.revenue_goal AS revenue, m.bonus_tier_goal AS tier,
       m.goal_set_at, m.deadline, m.ends_at, {PREFILLED_MONTH},
       coalesce(m.tier_signups, t.tier_signups) AS tier_signups,
       coalesce(m.tier_amounts, t.tier_amounts) AS tier_amounts
  FROM sales_reps r
  JOIN workspaces w ON w.id = r.workspace_id
  JOIN rep_tiers t ON t.workspace_id = r.workspace_id AND t.sales_rep_id = r.id
  LEFT JOIN rep_monthly_goals m
    ON m.workspace_id = r.workspace_id AND m.sales_rep_id = r.id AND m.goal_year = :year
      AND m.goal_month = :month
  {LAST_MONTH}
 WHERE r.id = :sales_rep_id
""")
_MONTH_FOR_UPDATE = text("""
SELECT signup_goal AS signups, revenue_goal AS revenue, bonus_tier_goal AS tier,
       goal_set_at, deadline, ends_at
  FROM rep_monthly_goals
 WHERE sales_rep_id = :sales_rep_id AND goal_year = :year AND goal_month = :month
   FOR NO KEY UPDATE
""")
_YEAR = text(f"""
SELECT coalesce(y.yearly_signup_goal, {PREFILLED_YEAR}) AS signups,
       coalesce(y.yearly_revenue_goal, 0) AS revenue, 0 AS tier, y.goal_set_at
  FROM sales_reps r
  CROSS JOIN LATERAL (SELECT goalkeeper_months_carried(r.joined_on, :year) AS months) AS carried
  LEFT JOIN rep_yearly_goals y
    ON y.workspace_id = r.workspace_id AND y.sales_rep_id = r.id AND y.goal_year = :year
 WHERE r.id = :sales_rep_id
""")
_YEAR_FOR_UPDATE = text("""
SELECT yearly_signup_goal AS signups, yearly_revenue_goal AS revenue, 0 AS tier, goal_set_at
  FROM rep_yearly_goals
 WHERE sales_rep_id = :sales_rep_id AND goal_year = :year
   FOR NO KEY UPDATE
""")


async def goal(session: AsyncSession, sales_rep_id: RepId, period: Period) -> GoalRow:
    """Return the goal, or what it would be opened with; opens nothing."""
    if period.kind is Kind.YEAR:
        return _goal(await _one(session, _YEAR, sales_rep_id, period.columns))
    row = await _one(session, _MONTH, sales_rep_id, month_keys(period))
    if row["id"] is None:
        prefilled = Figures(row["prefilled_signups"], row["prefilled_revenue"], row["prefilled_tier"])
        return GoalRow(prefilled, tiers=_tiers(row))
    return _goal(row)


async def goal_for_update(session: AsyncSession, sales_rep_id: RepId, period: Period) -> GoalRow:
    """Return the goal, open already, locked until the transaction ends."""
    statement = _YEAR_FOR_UPDATE if period.kind is Kind.YEAR else _MONTH_FOR_UPDATE
    return _goal(await _one(session, statement, sales_rep_id, period.columns))


async def _one(
    session: AsyncSession, statement: TextClause, sales_rep_id: RepId, keys: dict[str, Any]
) -> RowMapping:
    return (await session.execute(statement, {"sales_rep_id": sales_rep_id, **keys})).mappings().one()


def _goal(row: RowMapping) -> GoalRow:
    return GoalRow(
        Figures(row["signups"], row["revenue"], row["tier"]),
        row["goal_set_at"],
        row.get("deadline"),
        row.get("ends_at"),
        _tiers(row) if "tier_signups" in row else (),
    )


def _tiers(row: RowMapping) -> tuple[Tier, ...]:
    needed_and_amounts = zip(row["tier_signups"], row["tier_amounts"], strict=True)
    return tuple(Tier(at, *tier) for at, tier in enumerate(needed_and_amounts, start=1))


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


_CHANGE = """
SELECT c.goal_year, c.goal_month, c.reason, coalesce(c.changed_by = r.user_id, false) AS by_rep,
       c.changed_by AS by, b.name AS by_name,
       c.from_signup_goal, c.from_revenue_goal, c.from_bonus_tier_goal,
       c.to_signup_goal, c.to_revenue_goal, c.to_bonus_tier_goal,
       m.deadline, m.set_by_deadline, goalkeeper_now() >= m.deadline AS past_deadline,
       coalesce(u.time_zone, w.time_zone) AS zone,
       w.currency, w.locale
  FROM goal_changes c
  JOIN workspaces w ON w.id = c.workspace_id
  JOIN sales_reps r ON r.workspace_id = c.workspace_id AND r.id = c.sales_rep_id
  JOIN users u ON u.workspace_id = r.workspace_id AND u.id = r.user_id
  LEFT JOIN users b ON b.workspace_id = c.workspace_id AND b.id = c.changed_by
  LEFT JOIN rep_monthly_goals m
    ON m.workspace_id = c.workspace_id AND m.sales_rep_id = c.sales_rep_id
   AND m.goal_year = c.goal_year AND m.goal_month = c.goal_month
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
    row = await session.execute(_LAST_CHANGE, {"sales_rep_id": sales_rep_id, **period.columns})
    return _change(row.mappings().one_or_none())


async def change(session: AsyncSession, change_id: int) -> ChangeMade | None:
    """Return one change by its id."""
    row = await session.execute(_ONE_CHANGE, {"change_id": change_id})
    return _change(row.mappings().one_or_none())


def _change(row: RowMapping | None) -> ChangeMade | None:
    if row is None:
        return None
    before = None
    if row["from_signup_goal"] is not None:
        before = Figures(row["from_signup_goal"], row["from_revenue_goal"], row["from_bonus_tier_goal"])
    return ChangeMade(
        period=Period.of_columns(row["goal_year"], row["goal_month"]),
        figures=Figures(row["to_signup_goal"], row["to_revenue_goal"], row["to_bonus_tier_goal"]),
        before=before,
        by=row["by"],
        by_name=row["by_name"],
        by_rep=row["by_rep"],
        reason=row["reason"],
        zone=row["zone"],
        currency=row["currency"],
        locale=row["locale"],
        deadline=row["deadline"],
        set_by_deadline=row["set_by_deadline"],
        past_deadline=row["past_deadline"],
    )
