GRANT SELECT, INSERT ON goal_changes TO goalkeeper_app;

ALTER TABLE goal_changes ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_workspace ON goal_changes TO goalkeeper_app
    USING (workspace_id = (SELECT nullif(current_setting('goalkeeper.workspace', true), '')::bigint))
    WITH CHECK (workspace_id = (SELECT nullif(current_setting('goalkeeper.workspace', true), '')::bigint));
