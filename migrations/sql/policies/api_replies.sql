GRANT SELECT, INSERT, UPDATE ON api_replies TO goalkeeper_app;

ALTER TABLE api_replies ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_workspace ON api_replies TO goalkeeper_app
    USING (workspace_id = (SELECT nullif(current_setting('goalkeeper.workspace', true), '')::bigint))
    WITH CHECK (workspace_id = (SELECT nullif(current_setting('goalkeeper.workspace', true), '')::bigint));
