CREATE OR REPLACE FUNCTION goalkeeper_month_total(
    workspace_id bigint, sales_rep_id bigint, metric text, first_day date
) RETURNS numeric
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT coalesce(sum(t.amount), 0)
    FROM activity_totals t
    WHERE t.workspace_id = goalkeeper_month_total.workspace_id
      AND t.sales_rep_id = goalkeeper_month_total.sales_rep_id AND t.metric = goalkeeper_month_total.metric
      AND t.grain = 'month' AND t.starts_on = goalkeeper_month_total.first_day;
END;

COMMENT ON FUNCTION goalkeeper_month_total(bigint, bigint, text, date) IS
    'The ledger''s total of a rep''s metric in a month, over all teams.';
