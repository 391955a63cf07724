DROP TRIGGER carry_deleted_to_years ON rep_monthly_goals;
DROP TRIGGER carry_updated_to_years ON rep_monthly_goals;
DROP TRIGGER carry_inserted_to_years ON rep_monthly_goals;
DROP FUNCTION goalkeeper_carry_to_years();

DROP TRIGGER b3_complete ON rep_yearly_goals;
DROP TRIGGER b2_measure ON rep_yearly_goals;
DROP TRIGGER b1_set ON rep_yearly_goals;
DROP TRIGGER a3_keep_period ON rep_yearly_goals;
DROP TRIGGER a1_open ON rep_yearly_goals;
DROP FUNCTION goalkeeper_complete_year();
DROP FUNCTION goalkeeper_year_end(bigint, bigint, integer);
DROP FUNCTION goalkeeper_measure_year();
DROP FUNCTION goalkeeper_set_year();
DROP FUNCTION goalkeeper_open_year();

DROP TRIGGER b3_complete ON rep_monthly_goals;
DROP TRIGGER b2_measure ON rep_monthly_goals;
DROP TRIGGER b1_set ON rep_monthly_goals;
DROP TRIGGER a3_keep_period ON rep_monthly_goals;
DROP TRIGGER a2_open ON rep_monthly_goals;
DROP TRIGGER a1_check_zone ON rep_monthly_goals;
DROP FUNCTION goalkeeper_complete_month();
DROP FUNCTION goalkeeper_measure_month();
DROP FUNCTION goalkeeper_set_month();
DROP FUNCTION goalkeeper_keep_period();
DROP FUNCTION goalkeeper_open_month();

DROP FUNCTION goalkeeper_rep_zone(bigint, bigint);
DROP FUNCTION goalkeeper_is_made(numeric, numeric, numeric, numeric);
DROP FUNCTION goalkeeper_percent(numeric, numeric);
DROP FUNCTION goalkeeper_enter_workspace(text, text, text);

DROP TRIGGER give_bonus_tiers ON workspaces;
DROP FUNCTION goalkeeper_give_bonus_tiers();
DROP TRIGGER only_grows ON goal_changes;
DROP FUNCTION goalkeeper_refuse_rewriting();
DROP TRIGGER check_zone ON users;
DROP TRIGGER check_zone ON workspaces;
DROP FUNCTION goalkeeper_check_zone();
DROP FUNCTION goalkeeper_is_zone(text);

DROP TRIGGER touch ON rep_yearly_goals;
DROP TRIGGER touch ON rep_monthly_goals;
DROP TRIGGER touch ON outbox;
DROP TRIGGER touch ON bonus_tiers;
DROP TRIGGER touch ON sales_reps;
DROP TRIGGER touch ON teams;
DROP TRIGGER touch ON users;
DROP TRIGGER touch ON workspaces;
DROP FUNCTION goalkeeper_touch();
