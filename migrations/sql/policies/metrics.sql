GRANT SELECT, INSERT, UPDATE ON metrics TO goalkeeper_app;

ALTER TABLE metrics ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_workspace ON metrics TO goalkeeper_app
    USING (workspace_id = (SELECT nullif(current_setting('goalkeeper.workspace', true), '')::bigint))
    WITH CHECK (workspace_id = (SELECT nullif(current_setting('goalkeeper.workspace', true), '')::bigint));
