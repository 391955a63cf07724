CREATE OR REPLACE FUNCTION goalkeeper_month_lock(workspace_id bigint, first_day date, shared boolean) RETURNS void
    LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    key bigint := hashtextextended('goalkeeper.month:' || first_day, workspace_id);
BEGIN
    IF shared THEN
        PERFORM pg_advisory_xact_lock_shared(key);
    ELSE
        PERFORM pg_advisory_xact_lock(key);
    END IF;
END
$$;

COMMENT ON FUNCTION goalkeeper_month_lock(bigint, date, boolean) IS
    'Keeps opening a month (exclusive) and writing entries for it before it is open (shared) apart.';
