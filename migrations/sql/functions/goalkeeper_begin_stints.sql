CREATE OR REPLACE FUNCTION goalkeeper_begin_stints() RETURNS trigger
    LANGUAGE plpgsql
AS $$
BEGIN
    INSERT INTO rep_stints (workspace_id, sales_rep_id, started_on, settles_from, present_since)
    SELECT workspace_id, id, joined_on, joined_on, created_at
    FROM rows_after
    WHERE is_active
    ORDER BY workspace_id, id;
    RETURN NULL;
END
$$;

COMMENT ON FUNCTION goalkeeper_begin_stints() IS 'Begins the first stint of reps who are new.';
