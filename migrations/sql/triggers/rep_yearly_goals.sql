CREATE OR REPLACE TRIGGER touch BEFORE UPDATE ON rep_yearly_goals FOR EACH ROW EXECUTE FUNCTION goalkeeper_touch();

CREATE OR REPLACE TRIGGER a1_open BEFORE INSERT ON rep_yearly_goals
    FOR EACH ROW EXECUTE FUNCTION goalkeeper_open_year();

CREATE OR REPLACE TRIGGER a3_keep_period BEFORE UPDATE ON rep_yearly_goals
    FOR EACH ROW
    WHEN ((OLD.workspace_id, OLD.sales_rep_id, OLD.goal_year)
          IS DISTINCT FROM (NEW.workspace_id, NEW.sales_rep_id, NEW.goal_year))
    EXECUTE FUNCTION goalkeeper_keep_period();

CREATE OR REPLACE TRIGGER a4_keep_frozen BEFORE UPDATE ON rep_yearly_goals
    FOR EACH ROW
    WHEN (OLD.frozen_at IS NOT NULL AND NEW.frozen_at IS NOT NULL
          AND (OLD.yearly_signup_goal, OLD.yearly_revenue_goal)
              IS DISTINCT FROM (NEW.yearly_signup_goal, NEW.yearly_revenue_goal))
    EXECUTE FUNCTION goalkeeper_keep_frozen();

CREATE OR REPLACE TRIGGER a5_reopen BEFORE UPDATE ON rep_yearly_goals
    FOR EACH ROW WHEN (OLD.frozen_at IS NOT NULL AND NEW.frozen_at IS NULL)
    EXECUTE FUNCTION goalkeeper_reopen_year();

CREATE OR REPLACE TRIGGER b1_set BEFORE INSERT OR UPDATE ON rep_yearly_goals
    FOR EACH ROW EXECUTE FUNCTION goalkeeper_set_year();

CREATE OR REPLACE TRIGGER b2_measure BEFORE INSERT OR UPDATE ON rep_yearly_goals
    FOR EACH ROW EXECUTE FUNCTION goalkeeper_measure_year();

CREATE OR REPLACE TRIGGER b3_complete BEFORE INSERT OR UPDATE ON rep_yearly_goals
    FOR EACH ROW EXECUTE FUNCTION goalkeeper_complete_year();

CREATE OR REPLACE TRIGGER e1_recognise_inserted AFTER INSERT ON rep_yearly_goals
    REFERENCING NEW TABLE AS rows_after FOR EACH STATEMENT EXECUTE FUNCTION goalkeeper_follow_year();

CREATE OR REPLACE TRIGGER e1_recognise_updated AFTER UPDATE ON rep_yearly_goals
    REFERENCING OLD TABLE AS rows_before NEW TABLE AS rows_after
    FOR EACH STATEMENT EXECUTE FUNCTION goalkeeper_follow_year();
