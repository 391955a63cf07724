CREATE OR REPLACE FUNCTION goalkeeper_rep_zone(workspace_id bigint, sales_rep_id bigint) RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT u.zone
    FROM sales_reps r
    JOIN people u ON u.workspace_id = r.workspace_id AND u.id = r.user_id
    WHERE r.workspace_id = goalkeeper_rep_zone.workspace_id AND r.id = goalkeeper_rep_zone.sales_rep_id;
END;

COMMENT ON FUNCTION goalkeeper_rep_zone(bigint, bigint) IS 'The time zone a rep is in now: their own, else the workspace''s.';
