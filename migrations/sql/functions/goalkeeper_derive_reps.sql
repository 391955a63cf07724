CREATE OR REPLACE FUNCTION goalkeeper_derive_reps() RETURNS trigger
    LANGUAGE plpgsql
AS $$
BEGIN
    UPDATE sales_reps r
    SET is_active = last.ended_on IS NULL, joined_on = last.started_on
    FROM (
        SELECT DISTINCT ON (s.workspace_id, s.sales_rep_id) s.workspace_id, s.sales_rep_id, s.started_on, s.ended_on
        FROM rep_stints s
        WHERE (s.workspace_id, s.sales_rep_id) IN (SELECT workspace_id, sales_rep_id FROM changed)
        ORDER BY s.workspace_id, s.sales_rep_id, s.ended_on IS NULL DESC, s.started_on DESC, s.id DESC
    ) last
    WHERE r.workspace_id = last.workspace_id AND r.id = last.sales_rep_id
      AND (r.is_active, r.joined_on) IS DISTINCT FROM (last.ended_on IS NULL, last.started_on);
    RETURN NULL;
END
$$;

COMMENT ON FUNCTION goalkeeper_derive_reps() IS
    'A rep is active while a stint is open, and joined on the first day of the last one.';
