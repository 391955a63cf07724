CREATE OR REPLACE FUNCTION goalkeeper_keep_metric() RETURNS trigger
    LANGUAGE plpgsql
AS $$
BEGIN
    RAISE EXCEPTION 'A metric keeps its code, kind and unit, because its entries are counted by them.'
        USING ERRCODE = 'restrict_violation', TABLE = TG_TABLE_NAME,
              HINT = 'Switch it off and add another one.';
END
$$;

COMMENT ON FUNCTION goalkeeper_keep_metric() IS 'Refuses to make another metric of one that may have entries.';
