CREATE OR REPLACE FUNCTION goalkeeper_fill_snapshot() RETURNS trigger
    LANGUAGE plpgsql
AS $$
DECLARE
    zone text;
    today date;
    progress record;
BEGIN
    SELECT m.time_zone INTO zone
    FROM rep_monthly_goals m
    WHERE m.workspace_id = NEW.workspace_id AND m.sales_rep_id = NEW.sales_rep_id
      AND (NEW.monthly_goal_id IS NULL OR m.id = NEW.monthly_goal_id)
      AND make_date(m.goal_year, m.goal_month, 1) = date_trunc('month', coalesce(
          NEW.snapshot_date, (goalkeeper_now() AT TIME ZONE m.time_zone)::date))::date;
    today := (goalkeeper_now() AT TIME ZONE zone)::date;
    NEW.snapshot_date := coalesce(NEW.snapshot_date, today);
    SELECT * INTO progress
    FROM goalkeeper_progress(
        ARRAY[zone], ARRAY[NEW.snapshot_date], ARRAY[least(NEW.snapshot_date + 1, today)],
        ARRAY[NEW.sales_rep_id]
    ) p
    WHERE p.workspace_id = NEW.workspace_id;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'Rep % has no month that a snapshot of % could show.', NEW.sales_rep_id,
            coalesce(NEW.snapshot_date::text, 'today')
            USING ERRCODE = 'foreign_key_violation', TABLE = TG_TABLE_NAME, COLUMN = 'monthly_goal_id',
                  HINT = 'Open the rep''s month first, by inserting its row.';
    END IF;
    NEW.monthly_goal_id := coalesce(NEW.monthly_goal_id, progress.monthly_goal_id);
    IF num_nulls(NEW.signups_to_date, NEW.revenue_to_date, NEW.signup_goal, NEW.revenue_goal) = 4 THEN
        NEW.pace_indicator := coalesce(NEW.pace_indicator, progress.pace_indicator);
        NEW.on_pace := coalesce(NEW.on_pace, progress.on_pace);
    END IF;
    NEW.signups_to_date := coalesce(NEW.signups_to_date, progress.signups_to_date);
    NEW.signup_goal := coalesce(NEW.signup_goal, progress.signup_goal);
    NEW.signup_progress_percent := coalesce(
        NEW.signup_progress_percent, goalkeeper_percent(NEW.signups_to_date, NEW.signup_goal));
    NEW.revenue_to_date := coalesce(NEW.revenue_to_date, progress.revenue_to_date);
    NEW.revenue_goal := coalesce(NEW.revenue_goal, progress.revenue_goal);
    NEW.revenue_progress_percent := coalesce(
        NEW.revenue_progress_percent, goalkeeper_percent(NEW.revenue_to_date, NEW.revenue_goal));
    NEW.bonus_tier := coalesce(NEW.bonus_tier, progress.bonus_tier);
    NEW.days_remaining := coalesce(NEW.days_remaining, progress.days_remaining);
    RETURN NEW;
END
$$;

COMMENT ON FUNCTION goalkeeper_fill_snapshot() IS
    'Fills in what a snapshot inserted by hand leaves out, as the daily job would.';
