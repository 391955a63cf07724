-- Everybody who moves a month's totals holds its row first, and then takes the totals in the order of their key:
-- so neither two batches nor a batch and a direct update of a month wait for each other in a circle.
CREATE OR REPLACE FUNCTION goalkeeper_move_totals() RETURNS trigger
    LANGUAGE plpgsql
AS $$
DECLARE
    closed record;
BEGIN
    PERFORM goalkeeper_month_lock(e.workspace_id, e.first_day, true)
    FROM (
        SELECT DISTINCT e.workspace_id, e.first_day
        FROM (
            SELECT DISTINCT workspace_id, sales_rep_id, date_trunc('month', occurred_on)::date AS first_day
            FROM entries
            WHERE metric IN ('signups', 'revenue')
        ) e
        WHERE NOT EXISTS (
            SELECT FROM rep_monthly_goals m
            WHERE m.workspace_id = e.workspace_id AND m.sales_rep_id = e.sales_rep_id
              AND m.goal_year + 0 = extract(year FROM e.first_day)
              AND m.goal_month + 0 = extract(month FROM e.first_day)
        )
        ORDER BY 1, 2
    ) e;
    FOR closed IN
        SELECT m.sales_rep_id, m.goal_year, m.goal_month, m.frozen_at
        FROM rep_monthly_goals m
        JOIN (
            SELECT DISTINCT workspace_id, sales_rep_id, extract(year FROM occurred_on)::smallint AS goal_year,
                   extract(month FROM occurred_on)::smallint AS goal_month
            FROM entries
        ) e ON e.workspace_id = m.workspace_id AND e.sales_rep_id = m.sales_rep_id
           AND e.goal_year = m.goal_year + 0 AND e.goal_month = m.goal_month + 0
        ORDER BY m.workspace_id, m.sales_rep_id, m.goal_year, m.goal_month
        FOR NO KEY UPDATE OF m
    LOOP
        IF closed.frozen_at IS NOT NULL THEN
            RAISE EXCEPTION 'Rep %: %-% is closed, so it takes no more entries.', closed.sales_rep_id,
                closed.goal_year, lpad(closed.goal_month::text, 2, '0')
                USING ERRCODE = 'restrict_violation', TABLE = TG_TABLE_NAME, COLUMN = 'occurred_on',
                      HINT = 'Enter it on a day of an open month, naming the entry that it corrects.';
        END IF;
    END LOOP;
    INSERT INTO activity_totals AS t (workspace_id, sales_rep_id, team_id, metric, grain, starts_on, amount)
    SELECT workspace_id, sales_rep_id, team_id, metric,
           CASE WHEN occurred_on IS NULL THEN 'month' ELSE 'day' END,
           coalesce(occurred_on, first_day), sum(amount)
    FROM (
        SELECT workspace_id, sales_rep_id, team_id, metric, occurred_on,
               date_trunc('month', occurred_on)::date AS first_day, amount
        FROM entries
    ) e
    GROUP BY GROUPING SETS (
        (workspace_id, sales_rep_id, metric, team_id, occurred_on),
        (workspace_id, sales_rep_id, metric, team_id, first_day)
    )
    ORDER BY 1, 2, 4, 5, 6, 3
    ON CONFLICT (workspace_id, sales_rep_id, metric, grain, starts_on, team_id)
    DO UPDATE SET amount = t.amount + excluded.amount;
    PERFORM goalkeeper_take_totals(e.workspace_id, e.first_day, e.rep_ids)
    FROM (
        SELECT workspace_id, date_trunc('month', occurred_on)::date AS first_day,
               array_agg(DISTINCT sales_rep_id) AS rep_ids
        FROM entries
        WHERE metric IN ('signups', 'revenue')
        GROUP BY 1, 2
        ORDER BY 1, 2
    ) e;
    RETURN NULL;
END
$$;

COMMENT ON FUNCTION goalkeeper_move_totals() IS
    'Moves the totals of new entries in one statement, and the actuals of their months with them.';
