DROP POLICY everywhere_claim ON outbox;
DROP POLICY everywhere_see ON outbox;
DROP POLICY everywhere ON job_runs;
DROP POLICY everywhere ON workspaces;

DROP POLICY own_workspace ON job_runs;
ALTER TABLE job_runs DISABLE ROW LEVEL SECURITY;

DROP POLICY own_workspace ON outbox;
ALTER TABLE outbox DISABLE ROW LEVEL SECURITY;

DROP POLICY own_workspace ON goal_changes;
ALTER TABLE goal_changes DISABLE ROW LEVEL SECURITY;

DROP POLICY own_workspace ON rep_yearly_goals;
ALTER TABLE rep_yearly_goals DISABLE ROW LEVEL SECURITY;

DROP POLICY own_workspace ON rep_monthly_goals;
ALTER TABLE rep_monthly_goals DISABLE ROW LEVEL SECURITY;

DROP POLICY own_workspace ON bonus_tiers;
ALTER TABLE bonus_tiers DISABLE ROW LEVEL SECURITY;

DROP POLICY own_workspace ON team_memberships;
ALTER TABLE team_memberships DISABLE ROW LEVEL SECURITY;

DROP POLICY own_workspace ON sales_reps;
ALTER TABLE sales_reps DISABLE ROW LEVEL SECURITY;

DROP POLICY own_workspace ON teams;
ALTER TABLE teams DISABLE ROW LEVEL SECURITY;

DROP POLICY own_workspace ON users;
ALTER TABLE users DISABLE ROW LEVEL SECURITY;

DROP POLICY own_workspace ON workspaces;
ALTER TABLE workspaces DISABLE ROW LEVEL SECURITY;

REVOKE ALL ON
    workspaces, users, teams, sales_reps, team_memberships, bonus_tiers, rep_monthly_goals, rep_yearly_goals,
    goal_changes, outbox, job_runs,
    v_reps_today, v_current_month_goals, v_yearly_goals_summary, v_goals_needing_setup
    FROM goalkeeper_app, goalkeeper_everywhere;
REVOKE UPDATE (
    name, bot_user_id, time_zone, time_zone_chosen, currency, locale, deadline_day, reminder_time,
    company_channel, board_weekday, board_time
) ON workspaces FROM goalkeeper_app;
