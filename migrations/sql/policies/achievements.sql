GRANT SELECT, INSERT, UPDATE ON achievements TO goalkeeper_app;

ALTER TABLE achievements ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_workspace ON achievements TO goalkeeper_app
    USING (workspace_id = (SELECT nullif(current_setting('goalkeeper.workspace', true), '')::bigint))
    WITH CHECK (workspace_id = (SELECT nullif(current_setting('goalkeeper.workspace', true), '')::bigint));
