GRANT SELECT, INSERT, UPDATE ON import_sources TO goalkeeper_app;

ALTER TABLE import_sources ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_workspace ON import_sources TO goalkeeper_app
    USING (workspace_id = (SELECT nullif(current_setting('goalkeeper.workspace', true), '')::bigint))
    WITH CHECK (workspace_id = (SELECT nullif(current_setting('goalkeeper.workspace', true), '')::bigint));
