GRANT SELECT, INSERT, UPDATE ON users TO goalkeeper_app;

ALTER TABLE users ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_workspace ON users TO goalkeeper_app
    USING (workspace_id = (SELECT nullif(current_setting('goalkeeper.workspace', true), '')::bigint))
    WITH CHECK (workspace_id = (SELECT nullif(current_setting('goalkeeper.workspace', true), '')::bigint));
