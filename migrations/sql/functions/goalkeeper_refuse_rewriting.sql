CREATE OR REPLACE FUNCTION goalkeeper_refuse_rewriting() RETURNS trigger
    LANGUAGE plpgsql
AS $$
BEGIN
    RAISE EXCEPTION 'The table % only grows: what happened is not changed or deleted afterwards.', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation', TABLE = TG_TABLE_NAME,
              HINT = 'Write a further row that says what is true now.';
END
$$;

COMMENT ON FUNCTION goalkeeper_refuse_rewriting() IS 'Keeps a table append-only, whoever tries.';
