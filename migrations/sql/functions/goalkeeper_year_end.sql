CREATE OR REPLACE FUNCTION goalkeeper_year_end(workspace_id bigint, sales_rep_id bigint, goal_year integer) RETURNS timestamptz
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT coalesce(
        (
            SELECT december.ends_at
            FROM rep_monthly_goals december
            WHERE december.workspace_id = goalkeeper_year_end.workspace_id
              AND december.sales_rep_id = goalkeeper_year_end.sales_rep_id
              AND december.goal_year = goalkeeper_year_end.goal_year
              AND december.goal_month = 12
        ),
        goalkeeper_local_instant(
            make_date(goalkeeper_year_end.goal_year, 12, 31) + interval '1 day',
            goalkeeper_rep_zone(goalkeeper_year_end.workspace_id, goalkeeper_year_end.sales_rep_id)
        )
    );
END;

COMMENT ON FUNCTION goalkeeper_year_end(bigint, bigint, integer) IS
    'When a rep''s year ends: with its December, or, while that is not open, by the zone the rep is in.';
