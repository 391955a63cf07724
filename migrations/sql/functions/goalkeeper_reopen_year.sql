CREATE OR REPLACE FUNCTION goalkeeper_reopen_year() RETURNS trigger
    LANGUAGE plpgsql
AS $$
BEGIN
    IF NEW.status = 'archived' AND NEW.completed_at IS NOT NULL THEN
        NEW.status := 'completed';
    END IF;
    RETURN NEW;
END
$$;

COMMENT ON FUNCTION goalkeeper_reopen_year() IS
    'Has a made year be completed again when it is reopened, so that corrections can take that back.';
