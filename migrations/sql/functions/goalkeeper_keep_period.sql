CREATE OR REPLACE FUNCTION goalkeeper_keep_period() RETURNS trigger
    LANGUAGE plpgsql
AS $$
BEGIN
    RAISE EXCEPTION 'A goal stays with its rep and its period.'
        USING ERRCODE = 'restrict_violation', TABLE = TG_TABLE_NAME,
              HINT = 'Insert a row for the other rep or period instead.';
END
$$;

COMMENT ON FUNCTION goalkeeper_keep_period() IS
    'Refuses to move a goal to another rep or period: its zone, bounds and figures would be wrong there.';
