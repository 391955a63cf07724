CREATE OR REPLACE FUNCTION goalkeeper_set_month() RETURNS trigger
    LANGUAGE plpgsql
AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.signup_goal = 0 AND NEW.revenue_goal = 0 THEN
            NEW.goal_set_at := NULL;
        END IF;
    ELSIF OLD.goal_set_at IS NOT NULL THEN
        NEW.goal_set_at := OLD.goal_set_at;
        NEW.goal_set_by := OLD.goal_set_by;
    ELSIF NEW.goal_set_at IS NULL
        AND (NEW.signup_goal > 0 OR NEW.revenue_goal > 0)
        AND (NEW.signup_goal, NEW.revenue_goal, NEW.bonus_tier_goal)
            IS DISTINCT FROM (OLD.signup_goal, OLD.revenue_goal, OLD.bonus_tier_goal)
    THEN
        NEW.goal_set_at := goalkeeper_now();
    END IF;
    IF NEW.goal_set_at IS NULL THEN
        NEW.goal_set_by := NULL;
    END IF;
    NEW.set_by_deadline := NEW.goal_set_at < NEW.deadline;
    RETURN NEW;
END
$$;

COMMENT ON FUNCTION goalkeeper_set_month() IS
    'Keeps the first setting for good, takes a change of an unset month''s figures for one, and judges it '
    'against the deadline.';
