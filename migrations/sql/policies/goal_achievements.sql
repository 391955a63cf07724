GRANT SELECT, INSERT, UPDATE ON goal_achievements TO goalkeeper_app;

ALTER TABLE goal_achievements ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_workspace ON goal_achievements TO goalkeeper_app
    USING (workspace_id = (SELECT nullif(current_setting('goalkeeper.workspace', true), '')::bigint))
    WITH CHECK (workspace_id = (SELECT nullif(current_setting('goalkeeper.workspace', true), '')::bigint));
