GRANT SELECT, INSERT, UPDATE ON goal_deadline_reminders TO goalkeeper_app;

ALTER TABLE goal_deadline_reminders ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_workspace ON goal_deadline_reminders TO goalkeeper_app
    USING (workspace_id = (SELECT nullif(current_setting('goalkeeper.workspace', true), '')::bigint))
    WITH CHECK (workspace_id = (SELECT nullif(current_setting('goalkeeper.workspace', true), '')::bigint));
