DROP VIEW v_goals_needing_setup;
DROP VIEW v_yearly_goals_summary;
DROP VIEW v_current_month_goals;
DROP VIEW v_reps_today;
DROP FUNCTION goalkeeper_health(boolean, numeric, numeric, date, integer, date);
