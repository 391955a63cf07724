CREATE OR REPLACE FUNCTION goalkeeper_check_stints() RETURNS trigger
    LANGUAGE plpgsql
AS $$
BEGIN
    -- Two transactions do not see each other's stints: those of one rep wait for one another here.
    PERFORM FROM sales_reps r
    WHERE (r.workspace_id, r.id) IN (SELECT workspace_id, sales_rep_id FROM changed)
    ORDER BY r.workspace_id, r.id
    FOR NO KEY UPDATE;
    IF EXISTS (
        SELECT
        FROM changed c
        JOIN rep_stints s
          ON s.workspace_id = c.workspace_id AND s.sales_rep_id = c.sales_rep_id AND s.id <> c.id
         AND daterange(s.started_on, s.ended_on) && daterange(c.started_on, c.ended_on)
    ) THEN
        RAISE EXCEPTION 'A rep carries goals once on any day: these stints overlap.'
            USING ERRCODE = 'exclusion_violation', TABLE = TG_TABLE_NAME,
                  HINT = 'End the one (ended_on is the first day no longer) before the other begins.';
    END IF;
    RETURN NULL;
END
$$;

COMMENT ON FUNCTION goalkeeper_check_stints() IS 'Refuses two stints of a rep that share a day.';
