CREATE OR REPLACE FUNCTION goalkeeper_keep_snapshot() RETURNS trigger
    LANGUAGE plpgsql
AS $$
BEGIN
    RAISE EXCEPTION 'A snapshot stays as it was written: it says what was known then.'
        USING ERRCODE = 'restrict_violation', TABLE = TG_TABLE_NAME,
              HINT = 'Insert one of type ad_hoc for how it stands now.';
END
$$;

COMMENT ON FUNCTION goalkeeper_keep_snapshot() IS 'Refuses to rewrite or delete snapshots other than those on demand.';
