CREATE OR REPLACE FUNCTION goalkeeper_check_zone() RETURNS trigger
    LANGUAGE plpgsql
AS $$
BEGIN
    IF NOT goalkeeper_is_zone(NEW.time_zone) THEN
        RAISE EXCEPTION 'There is no time zone "%".', NEW.time_zone
            USING ERRCODE = 'check_violation', TABLE = TG_TABLE_NAME, COLUMN = 'time_zone',
                  HINT = 'Use an IANA name such as Europe/Berlin or America/New_York.';
    END IF;
    RETURN NEW;
END
$$;

COMMENT ON FUNCTION goalkeeper_check_zone() IS
    'Refuses an unknown time zone, which would later abort every statement that reads its row.';
