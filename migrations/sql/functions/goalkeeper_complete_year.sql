CREATE OR REPLACE FUNCTION goalkeeper_complete_year() RETURNS trigger
    LANGUAGE plpgsql
AS $$
BEGIN
    IF NEW.status = 'archived' THEN
        RETURN NEW;
    END IF;
    IF NEW.goal_set_at IS NOT NULL AND goalkeeper_is_made(
        NEW.yearly_signup_goal, NEW.yearly_signups_actual, NEW.yearly_revenue_goal, NEW.yearly_revenue_actual
    ) THEN
        IF TG_OP = 'UPDATE' AND OLD.status = 'completed' THEN
            NEW.completed_at := OLD.completed_at;
        END IF;
        NEW.status := 'completed';
        NEW.completed_at := coalesce(NEW.completed_at, goalkeeper_now());
    ELSE
        IF NEW.status = 'completed' THEN
            NEW.status := CASE
                WHEN goalkeeper_now() >= goalkeeper_year_end(NEW.workspace_id, NEW.sales_rep_id, NEW.goal_year)
                THEN 'missed'
                ELSE 'active'
            END;
        END IF;
        NEW.completed_at := NULL;
    END IF;
    RETURN NEW;
END
$$;

COMMENT ON FUNCTION goalkeeper_complete_year() IS
    'Completes a set year that is made, and takes that back when it no longer is; leaves archived ones.';
