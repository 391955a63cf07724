CREATE OR REPLACE FUNCTION goalkeeper_check_memberships() RETURNS trigger
    LANGUAGE plpgsql
AS $$
BEGIN
    -- Two transactions do not see each other's memberships: those of one rep wait for one another here.
    PERFORM FROM sales_reps r
    WHERE (r.workspace_id, r.id) IN (SELECT workspace_id, sales_rep_id FROM changed)
    ORDER BY r.workspace_id, r.id
    FOR NO KEY UPDATE;
    IF EXISTS (
        SELECT
        FROM changed c
        JOIN team_memberships m
          ON m.workspace_id = c.workspace_id AND m.sales_rep_id = c.sales_rep_id AND m.id <> c.id
         AND daterange(m.started_on, m.ended_on) && daterange(c.started_on, c.ended_on)
    ) THEN
        RAISE EXCEPTION 'A rep is in one team on any day: these memberships overlap.'
            USING ERRCODE = 'exclusion_violation', TABLE = TG_TABLE_NAME,
                  HINT = 'End the old one (ended_on is the first day in the other team) before the other begins.';
    END IF;
    RETURN NULL;
END
$$;

COMMENT ON FUNCTION goalkeeper_check_memberships() IS 'Refuses two memberships of a rep that share a day.';
