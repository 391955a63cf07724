-- "+ 0" keeps the planner, while it has no statistics, from reading everybody's month for each rep.
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
        SELECT reps.id,
               coalesce(sum(t.amount) FILTER (WHERE t.metric = 'signups'), 0) AS signups,
               coalesce(sum(t.amount) FILTER (WHERE t.metric = 'revenue'), 0) AS revenue
        FROM unnest($3) AS reps (id)
        LEFT JOIN activity_totals t
          ON t.workspace_id = $1 AND t.sales_rep_id = reps.id AND t.metric IN ('signups', 'revenue')
         AND t.grain = 'month' AND t.starts_on = $2
        GROUP BY reps.id
    ) t
    WHERE m.workspace_id = $1 AND m.sales_rep_id = t.id
      AND m.goal_year + 0 = extract(year FROM $2) AND m.goal_month + 0 = extract(month FROM $2)
      AND (m.signups_actual, m.revenue_actual) IS DISTINCT FROM (t.signups, t.revenue);
    GET DIAGNOSTICS moved = ROW_COUNT;
    RETURN moved;
END
$$;

COMMENT ON FUNCTION goalkeeper_take_totals(bigint, date, bigint[]) IS
    'Sets the actuals of these reps'' month to the ledger''s totals where they differ; returns how many did.';
