-- A made month was archived when it froze. It is completed again, so that corrections can take that back.
CREATE OR REPLACE FUNCTION goalkeeper_reopen_month() RETURNS trigger
    LANGUAGE plpgsql
AS $$
BEGIN
    IF NEW.reopened_until IS NOT DISTINCT FROM OLD.reopened_until THEN
        NEW.reopened_until := goalkeeper_now() + interval '3 days';
    END IF;
    IF NEW.status = 'archived' AND NEW.completed_at IS NOT NULL THEN
        NEW.status := 'completed';
    END IF;
    RETURN NEW;
END
$$;

COMMENT ON FUNCTION goalkeeper_reopen_month() IS
    'Has a frozen month take corrections again: for three days, unless reopened_until says otherwise.';
