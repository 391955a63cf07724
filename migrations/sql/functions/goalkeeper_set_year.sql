CREATE OR REPLACE FUNCTION goalkeeper_set_year() RETURNS trigger
    LANGUAGE plpgsql
AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.yearly_signup_goal = 0 AND NEW.yearly_revenue_goal = 0 THEN
            NEW.goal_set_at := NULL;
        END IF;
    ELSIF OLD.goal_set_at IS NOT NULL THEN
        NEW.goal_set_at := OLD.goal_set_at;
        NEW.goal_set_by := OLD.goal_set_by;
    ELSIF NEW.goal_set_at IS NULL
        AND (NEW.yearly_signup_goal > 0 OR NEW.yearly_revenue_goal > 0)
        AND (NEW.yearly_signup_goal, NEW.yearly_revenue_goal)
            IS DISTINCT FROM (OLD.yearly_signup_goal, OLD.yearly_revenue_goal)
    THEN
        NEW.goal_set_at := goalkeeper_now();
    END IF;
    IF NEW.goal_set_at IS NULL THEN
        NEW.goal_set_by := NULL;
    END IF;
    RETURN NEW;
END
$$;

COMMENT ON FUNCTION goalkeeper_set_year() IS
    'Keeps a year''s first setting for good, and takes a change of an unset year''s figures for one.';
