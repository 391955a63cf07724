CREATE OR REPLACE FUNCTION goalkeeper_stamp_reminder() RETURNS trigger
    LANGUAGE plpgsql
AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.sent AND NOT NEW.sent THEN
        NEW.sent_at := NULL;
    ELSIF NEW.sent OR NEW.sent_at IS NOT NULL THEN
        NEW.sent := true;
        NEW.sent_at := coalesce(NEW.sent_at, goalkeeper_now());
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.acknowledged AND NOT NEW.acknowledged THEN
        NEW.acknowledged_at := NULL;
    ELSIF NEW.acknowledged OR NEW.acknowledged_at IS NOT NULL THEN
        NEW.acknowledged := true;
        NEW.acknowledged_at := coalesce(NEW.acknowledged_at, goalkeeper_now());
        NEW.snoozed_until := NULL;
    END IF;
    RETURN NEW;
END
$$;

COMMENT ON FUNCTION goalkeeper_stamp_reminder() IS
    'Notes when a reminder was sent and acknowledged; an acknowledged one does not come back.';
