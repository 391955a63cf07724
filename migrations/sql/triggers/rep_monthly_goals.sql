-- Triggers of the same time and event fire in the order of their names. So checks are named a…, and the columns
-- computed afterwards b….
CREATE OR REPLACE TRIGGER touch BEFORE UPDATE ON rep_monthly_goals FOR EACH ROW EXECUTE FUNCTION goalkeeper_touch();

CREATE OR REPLACE TRIGGER a1_check_zone BEFORE INSERT OR UPDATE OF time_zone ON rep_monthly_goals
    FOR EACH ROW WHEN (NEW.time_zone IS NOT NULL) EXECUTE FUNCTION goalkeeper_check_zone();

CREATE OR REPLACE TRIGGER a2_open BEFORE INSERT ON rep_monthly_goals
    FOR EACH ROW EXECUTE FUNCTION goalkeeper_open_month();

CREATE OR REPLACE TRIGGER a3_keep_period BEFORE UPDATE ON rep_monthly_goals
    FOR EACH ROW
    WHEN ((OLD.workspace_id, OLD.sales_rep_id, OLD.goal_year, OLD.goal_month)
          IS DISTINCT FROM (NEW.workspace_id, NEW.sales_rep_id, NEW.goal_year, NEW.goal_month))
    EXECUTE FUNCTION goalkeeper_keep_period();

CREATE OR REPLACE TRIGGER a4_keep_frozen BEFORE UPDATE ON rep_monthly_goals
    FOR EACH ROW
    WHEN (OLD.frozen_at IS NOT NULL AND NEW.frozen_at IS NOT NULL
          AND (OLD.signup_goal, OLD.signups_actual, OLD.revenue_goal, OLD.revenue_actual, OLD.bonus_tier_goal,
               OLD.goal_set_at, OLD.deadline, OLD.tier_signups, OLD.tier_amounts)
              IS DISTINCT FROM
              (NEW.signup_goal, NEW.signups_actual, NEW.revenue_goal, NEW.revenue_actual, NEW.bonus_tier_goal,
               NEW.goal_set_at, NEW.deadline, NEW.tier_signups, NEW.tier_amounts))
    EXECUTE FUNCTION goalkeeper_keep_frozen();

CREATE OR REPLACE TRIGGER a4_keep_frozen_rows BEFORE DELETE ON rep_monthly_goals
    FOR EACH ROW WHEN (OLD.frozen_at IS NOT NULL) EXECUTE FUNCTION goalkeeper_keep_frozen();

CREATE OR REPLACE TRIGGER a5_reopen BEFORE UPDATE ON rep_monthly_goals
    FOR EACH ROW WHEN (OLD.frozen_at IS NOT NULL AND NEW.frozen_at IS NULL)
    EXECUTE FUNCTION goalkeeper_reopen_month();

CREATE OR REPLACE TRIGGER d1_reopen_year AFTER UPDATE ON rep_monthly_goals
    FOR EACH ROW WHEN (OLD.frozen_at IS NOT NULL AND NEW.frozen_at IS NULL)
    EXECUTE FUNCTION goalkeeper_reopen_year_of_month();

CREATE OR REPLACE TRIGGER b1_set BEFORE INSERT OR UPDATE ON rep_monthly_goals
    FOR EACH ROW EXECUTE FUNCTION goalkeeper_set_month();

CREATE OR REPLACE TRIGGER b2_measure BEFORE INSERT OR UPDATE ON rep_monthly_goals
    FOR EACH ROW EXECUTE FUNCTION goalkeeper_measure_month();

CREATE OR REPLACE TRIGGER b3_complete BEFORE INSERT OR UPDATE ON rep_monthly_goals
    FOR EACH ROW EXECUTE FUNCTION goalkeeper_complete_month();

CREATE OR REPLACE TRIGGER a5_open_actuals AFTER INSERT ON rep_monthly_goals
    REFERENCING NEW TABLE AS opened FOR EACH STATEMENT EXECUTE FUNCTION goalkeeper_open_actuals();

CREATE OR REPLACE TRIGGER a5_record_actuals AFTER UPDATE ON rep_monthly_goals
    REFERENCING OLD TABLE AS rows_before NEW TABLE AS rows_after
    FOR EACH STATEMENT EXECUTE FUNCTION goalkeeper_record_actuals();

CREATE OR REPLACE TRIGGER carry_inserted_to_years AFTER INSERT ON rep_monthly_goals
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION goalkeeper_carry_to_years();

CREATE OR REPLACE TRIGGER carry_updated_to_years AFTER UPDATE ON rep_monthly_goals
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION goalkeeper_carry_to_years();

CREATE OR REPLACE TRIGGER carry_deleted_to_years AFTER DELETE ON rep_monthly_goals
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION goalkeeper_carry_to_years();

CREATE OR REPLACE TRIGGER c1_announce AFTER UPDATE ON rep_monthly_goals
    REFERENCING OLD TABLE AS rows_before NEW TABLE AS rows_after
    FOR EACH STATEMENT EXECUTE FUNCTION goalkeeper_announce_goals();

CREATE OR REPLACE TRIGGER e1_recognise_inserted AFTER INSERT ON rep_monthly_goals
    REFERENCING NEW TABLE AS rows_after FOR EACH STATEMENT EXECUTE FUNCTION goalkeeper_follow_month();

CREATE OR REPLACE TRIGGER e1_recognise_updated AFTER UPDATE ON rep_monthly_goals
    REFERENCING OLD TABLE AS rows_before NEW TABLE AS rows_after
    FOR EACH STATEMENT EXECUTE FUNCTION goalkeeper_follow_month();
