-- When the ledger itself updates a month, the difference is 0 and nothing is written, so this ends.
-- The UPDATE holds the month's row, as every writer of the ledger does before it moves the month's totals.
CREATE OR REPLACE FUNCTION goalkeeper_record_actuals() RETURNS trigger
    LANGUAGE plpgsql
AS $$
BEGIN
    IF NOT EXISTS (
        SELECT
        FROM rows_after a
        JOIN rows_before b ON b.workspace_id = a.workspace_id AND b.id = a.id
        WHERE (a.signups_actual, a.revenue_actual) IS DISTINCT FROM (b.signups_actual, b.revenue_actual)
    ) THEN
        RETURN NULL;
    END IF;
    INSERT INTO activity (
        workspace_id, sales_rep_id, team_id, metric, amount, currency, occurred_on, stated_on, source, kind
    )
    SELECT d.workspace_id, d.sales_rep_id, goalkeeper_team_on(d.workspace_id, d.sales_rep_id, d.day),
           d.metric, d.amount, d.currency, d.day, d.day, 'sql', 'absolute'
    FROM (
        SELECT a.workspace_id, a.sales_rep_id, f.metric, f.actual - goalkeeper_month_total(
                   a.workspace_id, a.sales_rep_id, f.metric, make_date(a.goal_year, a.goal_month, 1)) AS amount,
               CASE f.metric WHEN 'revenue' THEN w.currency END AS currency,
               goalkeeper_last_allowed_day(a.goal_year, a.goal_month, a.time_zone) AS day
        FROM rows_after a
        JOIN rows_before b ON b.workspace_id = a.workspace_id AND b.id = a.id
        JOIN workspaces w ON w.id = a.workspace_id
        CROSS JOIN LATERAL (VALUES
            ('signups', a.signups_actual::numeric, b.signups_actual::numeric),
            ('revenue', a.revenue_actual, b.revenue_actual)
        ) AS f (metric, actual, before)
        WHERE f.actual <> f.before
    ) d
    WHERE d.amount <> 0
    ORDER BY d.workspace_id, d.sales_rep_id, d.day, d.metric;
    RETURN NULL;
END
$$;

COMMENT ON FUNCTION goalkeeper_record_actuals() IS
    'Records a direct update of a month''s actuals as an entry of source sql: the new actual less the total.';
