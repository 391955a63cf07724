-- The owner of the tables is not subject to the policies; the bot is, as goalkeeper_app. What the product
-- never does (delete, rewrite history) the bot may not do.

GRANT SELECT, INSERT, UPDATE ON
    users, teams, sales_reps, team_memberships, bonus_tiers, rep_monthly_goals, rep_yearly_goals, outbox, job_runs
    TO goalkeeper_app;
GRANT SELECT, INSERT ON goal_changes TO goalkeeper_app;
GRANT SELECT ON workspaces TO goalkeeper_app;
GRANT UPDATE (
    name, bot_user_id, time_zone, time_zone_chosen, currency, locale, deadline_day, reminder_time,
    company_channel, board_weekday, board_time
) ON workspaces TO goalkeeper_app;
GRANT SELECT ON v_reps_today, v_current_month_goals, v_yearly_goals_summary, v_goals_needing_setup
    TO goalkeeper_app;

GRANT SELECT ON workspaces, job_runs TO goalkeeper_everywhere;
GRANT SELECT, UPDATE ON outbox TO goalkeeper_everywhere;

-- Compared with a sub-select, the scope is read once a statement, and indexes on workspace_id are used.

ALTER TABLE workspaces ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_workspace ON workspaces TO goalkeeper_app
    USING (id = (SELECT nullif(current_setting('goalkeeper.workspace', true), '')::bigint))
    WITH CHECK (id = (SELECT nullif(current_setting('goalkeeper.workspace', true), '')::bigint));

ALTER TABLE users ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_workspace ON users TO goalkeeper_app
    USING (workspace_id = (SELECT nullif(current_setting('goalkeeper.workspace', true), '')::bigint))
    WITH CHECK (workspace_id = (SELECT nullif(current_setting('goalkeeper.workspace', true), '')::bigint));

ALTER TABLE teams ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_workspace ON teams TO goalkeeper_app
    USING (workspace_id = (SELECT nullif(current_setting('goalkeeper.workspace', true), '')::bigint))
    WITH CHECK (workspace_id = (SELECT nullif(current_setting('goalkeeper.workspace', true), '')::bigint));

ALTER TABLE sales_reps ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_workspace ON sales_reps TO goalkeeper_app
    USING (workspace_id = (SELECT nullif(current_setting('goalkeeper.workspace', true), '')::bigint))
    WITH CHECK (workspace_id = (SELECT nullif(current_setting('goalkeeper.workspace', true), '')::bigint));

ALTER TABLE team_memberships ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_workspace ON team_memberships TO goalkeeper_app
    USING (workspace_id = (SELECT nullif(current_setting('goalkeeper.workspace', true), '')::bigint))
    WITH CHECK (workspace_id = (SELECT nullif(current_setting('goalkeeper.workspace', true), '')::bigint));

ALTER TABLE bonus_tiers ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_workspace ON bonus_tiers TO goalkeeper_app
    USING (workspace_id = (SELECT nullif(current_setting('goalkeeper.workspace', true), '')::bigint))
    WITH CHECK (workspace_id = (SELECT nullif(current_setting('goalkeeper.workspace', true), '')::bigint));

ALTER TABLE rep_monthly_goals ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_workspace ON rep_monthly_goals TO goalkeeper_app
    USING (workspace_id = (SELECT nullif(current_setting('goalkeeper.workspace', true), '')::bigint))
    WITH CHECK (workspace_id = (SELECT nullif(current_setting('goalkeeper.workspace', true), '')::bigint));

ALTER TABLE rep_yearly_goals ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_workspace ON rep_yearly_goals TO goalkeeper_app
    USING (workspace_id = (SELECT nullif(current_setting('goalkeeper.workspace', true), '')::bigint))
    WITH CHECK (workspace_id = (SELECT nullif(current_setting('goalkeeper.workspace', true), '')::bigint));

ALTER TABLE goal_changes ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_workspace ON goal_changes TO goalkeeper_app
    USING (workspace_id = (SELECT nullif(current_setting('goalkeeper.workspace', true), '')::bigint))
    WITH CHECK (workspace_id = (SELECT nullif(current_setting('goalkeeper.workspace', true), '')::bigint));

ALTER TABLE outbox ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_workspace ON outbox TO goalkeeper_app
    USING (workspace_id = (SELECT nullif(current_setting('goalkeeper.workspace', true), '')::bigint))
    WITH CHECK (workspace_id = (SELECT nullif(current_setting('goalkeeper.workspace', true), '')::bigint));

ALTER TABLE job_runs ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_workspace ON job_runs TO goalkeeper_app
    USING (workspace_id = (SELECT nullif(current_setting('goalkeeper.workspace', true), '')::bigint))
    WITH CHECK (workspace_id = (SELECT nullif(current_setting('goalkeeper.workspace', true), '')::bigint));

-- For finding due work and claiming it, across workspaces; on these tables alone.

CREATE POLICY everywhere ON workspaces FOR SELECT TO goalkeeper_everywhere USING (true);
CREATE POLICY everywhere ON job_runs FOR SELECT TO goalkeeper_everywhere USING (true);
CREATE POLICY everywhere_see ON outbox FOR SELECT TO goalkeeper_everywhere USING (true);
CREATE POLICY everywhere_claim ON outbox FOR UPDATE TO goalkeeper_everywhere USING (true) WITH CHECK (true);
