CREATE OR REPLACE FUNCTION goalkeeper_fill_achievement() RETURNS trigger
    LANGUAGE plpgsql
AS $$
DECLARE
    goal record;
BEGIN
    -- What the recording functions write is complete, and is let through at once.
    IF NEW.achievement_date IS NULL OR NEW.achievement_year IS NULL
       OR num_nonnulls(NEW.monthly_goal_id, NEW.yearly_goal_id) = 0 THEN
        NEW.achievement_date := coalesce(
            NEW.achievement_date, goalkeeper_rep_today(NEW.workspace_id, NEW.sales_rep_id));
        NEW.achievement_year := coalesce(NEW.achievement_year, extract(year FROM NEW.achievement_date));
        IF num_nonnulls(NEW.monthly_goal_id, NEW.yearly_goal_id) = 0 THEN
            IF NEW.achievement_type LIKE 'yearly%' THEN
                SELECT y.id INTO NEW.yearly_goal_id
                FROM rep_yearly_goals y
                WHERE y.workspace_id = NEW.workspace_id AND y.sales_rep_id = NEW.sales_rep_id
                  AND y.goal_year = NEW.achievement_year;
            ELSE
                NEW.achievement_month := coalesce(
                    NEW.achievement_month, extract(month FROM NEW.achievement_date));
                SELECT m.id INTO NEW.monthly_goal_id
                FROM rep_monthly_goals m
                WHERE m.workspace_id = NEW.workspace_id AND m.sales_rep_id = NEW.sales_rep_id
                  AND m.goal_year = NEW.achievement_year AND m.goal_month = NEW.achievement_month;
            END IF;
        END IF;
    END IF;
    IF NEW.monthly_goal_id IS NOT NULL AND NEW.achievement_month IS NULL THEN
        SELECT m.goal_year, m.goal_month INTO NEW.achievement_year, NEW.achievement_month
        FROM rep_monthly_goals m
        WHERE m.workspace_id = NEW.workspace_id AND m.id = NEW.monthly_goal_id;
    END IF;
    IF NEW.step = 0 THEN
        NEW.step := CASE NEW.achievement_type
            WHEN 'bonus_tier_unlocked' THEN NEW.bonus_tier
            WHEN 'streak_milestone' THEN coalesce(NEW.actual_value, NEW.goal_value, 0)
            ELSE 0
        END;
    END IF;
    NEW.percent_achieved := coalesce(
        NEW.percent_achieved, goalkeeper_percent(NEW.actual_value, NEW.goal_value));
    IF NEW.recognized AND NEW.recognized_at IS NULL THEN
        NEW.recognized_at := goalkeeper_now();
    END IF;
    RETURN NEW;
END
$$;

COMMENT ON FUNCTION goalkeeper_fill_achievement() IS
    'Fills in what somebody who records an achievement by SQL leaves out: the day, the goal, the percentage.';
