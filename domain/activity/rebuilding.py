"""Rebuilding every figure from the ledger, which is the truth, and saying what differed."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

# Writers hold the row of a month before they move a total, so both tables are taken in that order. Who has
# written and not committed is waited for; who comes later waits for us.
_HOLD = text("LOCK TABLE rep_monthly_goals IN EXCLUSIVE MODE")
_HOLD_TOTALS = text("LOCK TABLE activity_totals IN SHARE ROW EXCLUSIVE MODE")

_TOTALS = text("""
WITH truth AS (
    SELECT sales_rep_id, team_id, metric, CASE WHEN occurred_on IS NULL THEN 'month' ELSE 'day' END AS grain,
           coalesce(occurred_on, first_day) AS starts_on, sum(amount) AS amount
      FROM (SELECT *, date_trunc('month', occurred_on)::date AS first_day FROM activity) AS e
     GROUP BY GROUPING SETS ((sales_rep_id, metric, team_id, occurred_on),
                             (sales_rep_id, metric, team_id, first_day))
),
wrong AS MATERIALIZED (
    SELECT coalesce(e.sales_rep_id, t.sales_rep_id) AS sales_rep_id,
           coalesce(e.team_id, t.team_id) AS team_id,
           coalesce(e.metric, t.metric) AS metric, coalesce(e.grain, t.grain) AS grain,
           coalesce(e.starts_on, t.starts_on) AS starts_on,
           coalesce(t.amount, 0) AS was, coalesce(e.amount, 0) AS amount
      FROM truth e
      FULL JOIN activity_totals t
        ON t.sales_rep_id = e.sales_rep_id AND t.metric = e.metric AND t.grain = e.grain
       AND t.starts_on = e.starts_on AND coalesce(t.team_id, 0) = coalesce(e.team_id, 0)
     WHERE coalesce(t.amount, 0) <> coalesce(e.amount, 0)
),
mended AS (
    INSERT INTO activity_totals (sales_rep_id, team_id, metric, grain, starts_on, amount)
    SELECT sales_rep_id, team_id, metric, grain, starts_on, amount FROM wrong
        ON CONFLICT (workspace_id, sales_rep_id, metric, grain, starts_on, team_id)
        DO UPDATE SET amount = excluded.amount
)
SELECT 'the total of the ' || w.grain AS what, r.name, w.metric, w.starts_on, w.was, w.amount AS now
  FROM wrong w JOIN sales_reps r ON r.id = w.sales_rep_id
 ORDER BY w.starts_on, r.name, w.metric, w.grain
""")

# Frozen months keep what they say: they are compared, and told, but not changed.
_MONTHS = text("""
WITH wrong AS MATERIALIZED (
    SELECT m.id, m.sales_rep_id, m.frozen_at, make_date(m.goal_year, m.goal_month, 1) AS starts_on,
           m.signups_actual, m.revenue_actual, t.signups, t.revenue
      FROM rep_monthly_goals m
      CROSS JOIN LATERAL (
          SELECT coalesce(sum(amount) FILTER (WHERE metric = 'signups'), 0) AS signups,
                 coalesce(sum(amount) FILTER (WHERE metric = 'revenue'), 0) AS revenue
            FROM activity_totals t
           WHERE t.workspace_id = m.workspace_id AND t.sales_rep_id = m.sales_rep_id
             AND t.metric IN ('signups', 'revenue') AND t.grain = 'month'
             AND t.starts_on = make_date(m.goal_year, m.goal_month, 1)) AS t
     WHERE (m.signups_actual, m.revenue_actual) IS DISTINCT FROM (t.signups, t.revenue)
),
mended AS (
    UPDATE rep_monthly_goals m SET signups_actual = w.signups, revenue_actual = w.revenue
      FROM wrong w WHERE m.id = w.id AND w.frozen_at IS NULL
)
SELECT CASE WHEN w.frozen_at IS NULL THEN 'the month''s actual' ELSE 'the closed month''s actual (kept)' END
       AS what, r.name, f.metric, w.starts_on, f.was, f.now
  FROM wrong w
  JOIN sales_reps r ON r.id = w.sales_rep_id
  CROSS JOIN LATERAL (VALUES ('signups', w.signups_actual::numeric, w.signups::numeric),
                             ('revenue', w.revenue_actual, w.revenue)) AS f (metric, was, now)
 WHERE f.was <> f.now
 ORDER BY w.starts_on, r.name, f.metric
""")


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure that wasn't what the ledger says."""

    what: str
    rep_name: str
    metric: str
    starts_on: date
    """The day, or the 1st of the month."""
    was: Decimal
    now: Decimal


async def rebuild(session: AsyncSession) -> list[Difference]:
    """Set totals and actuals to what the workspace's ledger says, and return what differed; four statements.

    Nobody writes a number meanwhile. Percents, tiers, statuses and years follow by their triggers.
    """
    for lock in (_HOLD, _HOLD_TOTALS):
        await session.execute(lock)
    found = [*await session.execute(_TOTALS), *await session.execute(_MONTHS)]
    return [Difference(*row) for row in found]
