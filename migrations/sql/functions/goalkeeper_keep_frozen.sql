CREATE OR REPLACE FUNCTION goalkeeper_keep_frozen() RETURNS trigger
    LANGUAGE plpgsql
AS $$
BEGIN
    RAISE EXCEPTION 'This period is closed, so its goals and actuals no longer change.'
        USING ERRCODE = 'restrict_violation', TABLE = TG_TABLE_NAME, COLUMN = 'frozen_at',
              HINT = 'An admin can reopen it for three days. By SQL, set frozen_at of the month to null first.';
END
$$;

COMMENT ON FUNCTION goalkeeper_keep_frozen() IS 'Refuses to change the goals and actuals of a frozen period.';
