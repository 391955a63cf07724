-- A ledger entry for a month that isn't open yet holds the month's lock shared (goalkeeper_move_totals), so a
-- month that opens meanwhile waits here until it can see the entry's total.
CREATE OR REPLACE FUNCTION goalkeeper_open_actuals() RETURNS trigger
    LANGUAGE plpgsql
AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM opened) THEN
        RETURN NULL;
    END IF;
    PERFORM goalkeeper_month_lock(o.workspace_id, o.first_day, false)
    FROM (
        SELECT DISTINCT workspace_id, make_date(goal_year, goal_month, 1) AS first_day
        FROM opened
        ORDER BY 1, 2
    ) o;
    INSERT INTO activity (
        workspace_id, sales_rep_id, team_id, metric, amount, currency, occurred_on, stated_on, source, kind
    )
    SELECT d.workspace_id, d.sales_rep_id, goalkeeper_team_on(d.workspace_id, d.sales_rep_id, d.day),
           d.metric, d.amount, d.currency, d.day, d.day, 'sql', 'absolute'
    FROM (
        SELECT o.workspace_id, o.sales_rep_id, f.metric, f.actual - goalkeeper_month_total(
                   o.workspace_id, o.sales_rep_id, f.metric, make_date(o.goal_year, o.goal_month, 1)) AS amount,
               CASE f.metric WHEN 'revenue' THEN w.currency END AS currency,
               goalkeeper_last_allowed_day(o.goal_year, o.goal_month, o.time_zone) AS day
        FROM opened o
        JOIN workspaces w ON w.id = o.workspace_id
        CROSS JOIN LATERAL (VALUES
            ('signups', o.signups_actual::numeric), ('revenue', o.revenue_actual)
        ) AS f (metric, actual)
        WHERE f.actual <> 0
    ) d
    WHERE d.amount <> 0
    ORDER BY d.workspace_id, d.sales_rep_id, d.day, d.metric;
    PERFORM goalkeeper_take_totals(o.workspace_id, o.first_day, o.rep_ids)
    FROM (
        SELECT workspace_id, make_date(goal_year, goal_month, 1) AS first_day,
               array_agg(sales_rep_id ORDER BY sales_rep_id) AS rep_ids
        FROM opened
        GROUP BY 1, 2
    ) o
    WHERE EXISTS (
        SELECT FROM activity_totals t
        WHERE t.workspace_id = o.workspace_id AND lower(t.metric) IN ('signups', 'revenue') AND t.grain = 'month'
          AND t.starts_on = o.first_day
    );
    RETURN NULL;
END
$$;

COMMENT ON FUNCTION goalkeeper_open_actuals() IS
    'Gives a new month the totals that the ledger already has, and records actuals that it was inserted with.';
