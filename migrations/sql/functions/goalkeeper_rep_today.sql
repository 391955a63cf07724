CREATE OR REPLACE FUNCTION goalkeeper_rep_today(workspace_id bigint, sales_rep_id bigint) RETURNS date
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN (goalkeeper_now() AT TIME ZONE goalkeeper_rep_zone(workspace_id, sales_rep_id))::date;

COMMENT ON FUNCTION goalkeeper_rep_today(bigint, bigint) IS 'The date on a rep''s calendar now.';
