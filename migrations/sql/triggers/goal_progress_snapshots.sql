CREATE OR REPLACE TRIGGER a1_fill BEFORE INSERT ON goal_progress_snapshots
    FOR EACH ROW
    WHEN (num_nulls(NEW.monthly_goal_id, NEW.snapshot_date, NEW.signups_to_date, NEW.signup_goal,
                    NEW.revenue_to_date, NEW.revenue_goal, NEW.bonus_tier, NEW.days_remaining) > 0)
    EXECUTE FUNCTION goalkeeper_fill_snapshot();

CREATE OR REPLACE TRIGGER a2_replace BEFORE INSERT ON goal_progress_snapshots
    FOR EACH ROW WHEN (NEW.snapshot_type = 'ad_hoc') EXECUTE FUNCTION goalkeeper_replace_snapshot();

CREATE OR REPLACE TRIGGER stays BEFORE UPDATE OR DELETE ON goal_progress_snapshots
    FOR EACH ROW WHEN (OLD.snapshot_type <> 'ad_hoc') EXECUTE FUNCTION goalkeeper_keep_snapshot();
