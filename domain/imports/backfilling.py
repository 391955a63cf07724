"""Months from before Goalkeeper's time: made by a backfill, without goals, and closed from the start."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

_MISSING = """
SELECT DISTINCT g.sales_rep_id, date_trunc('month', g.day)::date AS first_day
  FROM given_entries g
 WHERE NOT EXISTS (SELECT FROM rep_monthly_goals m
                    WHERE m.sales_rep_id = g.sales_rep_id AND m.goal_year + 0 = extract(year FROM g.day)
                      AND m.goal_month + 0 = extract(month FROM g.day))
"""
# Held before the entries are written, in the order in which everybody takes these locks.
_HOLD = text(f"""
SELECT goalkeeper_month_lock(goalkeeper_workspace(), first_day, false)
  FROM (SELECT DISTINCT first_day FROM ({_MISSING}) AS missing ORDER BY 1) AS months
""")
# With their totals at once, because a closed month's actuals don't change. They owe nobody a bonus, whatever
# the tiers are today, and nobody was late or missed.
_MAKE = text(f"""
INSERT INTO rep_monthly_goals (sales_rep_id, goal_year, goal_month, signup_goal, signups_actual, revenue_goal,
                               revenue_actual, goal_set_at, tier_amounts, status, frozen_at)
SELECT n.sales_rep_id, extract(year FROM n.first_day), extract(month FROM n.first_day), 0,
       coalesce(sum(t.amount) FILTER (WHERE t.metric = 'signups'), 0), 0,
       coalesce(sum(t.amount) FILTER (WHERE t.metric = 'revenue'), 0), NULL,
       array_fill(0::numeric, ARRAY[6]), 'archived', goalkeeper_now()
  FROM ({_MISSING}) AS n
  LEFT JOIN activity_totals t
    ON t.sales_rep_id = n.sales_rep_id AND t.metric IN ('signups', 'revenue') AND t.grain = 'month'
   AND t.starts_on = n.first_day
 GROUP BY n.sales_rep_id, n.first_day
 ORDER BY n.sales_rep_id, n.first_day
""")


async def hold_missing_months(session: AsyncSession) -> None:
    """Keep others from opening, or writing into, the months that the staged entries are to make."""
    await session.execute(_HOLD)


async def make_missing_months(session: AsyncSession) -> None:
    """Make the months that the entries just written lie in."""
    await session.execute(_MAKE)
