CREATE OR REPLACE FUNCTION goalkeeper_note_absence() RETURNS trigger
    LANGUAGE plpgsql
AS $$
BEGIN
    IF NEW.is_active AND NEW.standing = 'member' THEN
        NEW.away_since := NULL;
    ELSE
        NEW.away_since := coalesce(NEW.away_since, goalkeeper_now());
    END IF;
    RETURN NEW;
END
$$;

COMMENT ON FUNCTION goalkeeper_note_absence() IS
    'Keeps since when somebody has taken no part: deactivated in Slack, or no longer a member.';
