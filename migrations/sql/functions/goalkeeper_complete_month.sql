CREATE OR REPLACE FUNCTION goalkeeper_complete_month() RETURNS trigger
    LANGUAGE plpgsql
AS $$
BEGIN
    IF NEW.status = 'archived' THEN
        RETURN NEW;
    END IF;
    IF NEW.goal_set_at IS NOT NULL AND goalkeeper_is_made(
        NEW.signup_goal, NEW.signups_actual, NEW.revenue_goal, NEW.revenue_actual
    ) THEN
        IF TG_OP = 'UPDATE' AND OLD.status = 'completed' THEN
            NEW.completed_at := OLD.completed_at;
        END IF;
        NEW.status := 'completed';
        NEW.completed_at := coalesce(NEW.completed_at, goalkeeper_now());
    ELSE
        IF NEW.status = 'completed' THEN
            NEW.status := CASE WHEN goalkeeper_now() < NEW.ends_at THEN 'active' ELSE 'missed' END;
        END IF;
        NEW.completed_at := NULL;
    END IF;
    RETURN NEW;
END
$$;

COMMENT ON FUNCTION goalkeeper_complete_month() IS
    'Completes a set month that is made, and takes that back when it no longer is; leaves archived ones.';
