-- Months and totals are grouped by rep rather than joined: while the planner has no statistics it would join them
-- in a nested loop, which took minutes for ten thousand reps. "+ 0" keeps it from reading everybody's month.
CREATE OR REPLACE FUNCTION goalkeeper_take_totals(workspace_id bigint, first_day date, rep_ids bigint[]) RETURNS integer
    LANGUAGE plpgsql VOLATILE
AS $$
#variable_conflict use_column
DECLARE
    moved integer;
BEGIN
    UPDATE rep_monthly_goals m
    SET signups_actual = t.signups, revenue_actual = t.revenue
    FROM (
        SELECT max(f.month_id) AS id, sum(f.signups) AS signups, sum(f.revenue) AS revenue
        FROM (
            SELECT g.sales_rep_id, g.id AS month_id, 0.00 AS signups, 0.00 AS revenue
            FROM rep_monthly_goals g
            WHERE g.workspace_id = $1 AND g.sales_rep_id = ANY ($3)
              AND g.goal_year + 0 = extract(year FROM $2) AND g.goal_month + 0 = extract(month FROM $2)
            UNION ALL
            SELECT a.sales_rep_id, NULL, CASE a.metric WHEN 'signups' THEN a.amount ELSE 0 END,
                   CASE a.metric WHEN 'revenue' THEN a.amount ELSE 0 END
            FROM activity_totals a
            WHERE a.workspace_id = $1 AND a.sales_rep_id = ANY ($3) AND a.metric IN ('signups', 'revenue')
              AND a.grain = 'month' AND a.starts_on = $2
        ) f
        GROUP BY f.sales_rep_id
    ) t
    WHERE m.workspace_id = $1 AND m.id = t.id
      AND (m.signups_actual, m.revenue_actual) IS DISTINCT FROM (t.signups, t.revenue);
    GET DIAGNOSTICS moved = ROW_COUNT;
    RETURN moved;
END
$$;

COMMENT ON FUNCTION goalkeeper_take_totals(bigint, date, bigint[]) IS
    'Sets the actuals of these reps'' month to the ledger''s totals where they differ; returns how many did.';
