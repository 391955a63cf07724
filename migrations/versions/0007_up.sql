GRANT SELECT, INSERT, UPDATE ON goal_deadline_reminders TO goalkeeper_app;
GRANT SELECT, INSERT, UPDATE ON goal_nudges TO goalkeeper_app;

ALTER TABLE goal_deadline_reminders ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_workspace ON goal_deadline_reminders TO goalkeeper_app
    USING (workspace_id = (SELECT nullif(current_setting('goalkeeper.workspace', true), '')::bigint))
    WITH CHECK (workspace_id = (SELECT nullif(current_setting('goalkeeper.workspace', true), '')::bigint));

ALTER TABLE goal_nudges ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_workspace ON goal_nudges TO goalkeeper_app
    USING (workspace_id = (SELECT nullif(current_setting('goalkeeper.workspace', true), '')::bigint))
    WITH CHECK (workspace_id = (SELECT nullif(current_setting('goalkeeper.workspace', true), '')::bigint));

-- Copies share the workspaces out by taking this column forward; whoever is first does the work.
GRANT UPDATE (tick_at) ON workspaces TO goalkeeper_app, goalkeeper_everywhere;
CREATE POLICY everywhere_tick ON workspaces FOR UPDATE TO goalkeeper_everywhere USING (true) WITH CHECK (true);

CREATE TRIGGER touch BEFORE UPDATE ON goal_deadline_reminders
    FOR EACH ROW EXECUTE FUNCTION goalkeeper_touch();
