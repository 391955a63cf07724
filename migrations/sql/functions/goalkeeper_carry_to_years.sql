-- Set-based: one statement over any number of months is one update of their years.
CREATE OR REPLACE FUNCTION goalkeeper_carry_to_years() RETURNS trigger
    LANGUAGE plpgsql
AS $$
DECLARE
    workspaces bigint[];
    years bigint[];
BEGIN
    -- Two months of one rep may move at once, in two transactions. So the years are locked first, and only
    -- then summed, by a statement that sees what the other has committed. The lock must not ask again
    -- whether the sum differs: after a wait it would compare the other's year with our old sum.
    WITH carried AS MATERIALIZED (
        SELECT y.workspace_id, y.id
        FROM (SELECT DISTINCT workspace_id, sales_rep_id, goal_year FROM changed) c
        JOIN rep_yearly_goals y USING (workspace_id, sales_rep_id, goal_year)
        JOIN LATERAL (
            SELECT coalesce(sum(m.signups_actual), 0) AS signups, coalesce(sum(m.revenue_actual), 0) AS revenue
            FROM rep_monthly_goals m
            -- "+ 0" as in goalkeeper_measure_year.
            WHERE m.workspace_id = y.workspace_id AND m.sales_rep_id = y.sales_rep_id AND m.goal_year + 0 = y.goal_year
        ) s ON (s.signups, s.revenue) IS DISTINCT FROM (y.yearly_signups_actual, y.yearly_revenue_actual)
    ), locked AS (
        SELECT y.workspace_id, y.id
        FROM rep_yearly_goals y
        JOIN carried USING (workspace_id, id)
        ORDER BY y.workspace_id, y.id
        FOR NO KEY UPDATE OF y
    )
    SELECT array_agg(workspace_id), array_agg(id) INTO workspaces, years FROM locked;

    -- The year's own trigger does the sum; the assignment only has it fire.
    UPDATE rep_yearly_goals y
    SET yearly_signups_actual = y.yearly_signups_actual
    FROM unnest(workspaces, years) AS moved (workspace_id, id)
    WHERE y.workspace_id = moved.workspace_id AND y.id = moved.id;
    RETURN NULL;
END
$$;

COMMENT ON FUNCTION goalkeeper_carry_to_years() IS
    'Recomputes the yearly totals of changed months, in one statement, where they differ.';
