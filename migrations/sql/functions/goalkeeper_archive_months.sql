CREATE OR REPLACE FUNCTION goalkeeper_archive_months() RETURNS trigger
    LANGUAGE plpgsql
AS $$
BEGIN
    UPDATE rep_monthly_goals m
    SET status = 'archived'
    FROM rows_after a
    JOIN rows_before b ON b.workspace_id = a.workspace_id AND b.id = a.id
    WHERE b.ended_on IS NULL AND a.ended_on IS NOT NULL
      AND m.workspace_id = a.workspace_id AND m.sales_rep_id = a.sales_rep_id AND m.status IN ('active', 'missed')
      AND make_date(m.goal_year, m.goal_month, 1) + interval '1 month' > a.ended_on;
    RETURN NULL;
END
$$;

COMMENT ON FUNCTION goalkeeper_archive_months() IS
    'Archives the months in which a rep has left, unless they are made: those stay completed.';
