GRANT SELECT, INSERT, UPDATE ON join_requests TO goalkeeper_app;

ALTER TABLE join_requests ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_workspace ON join_requests TO goalkeeper_app
    USING (workspace_id = (SELECT nullif(current_setting('goalkeeper.workspace', true), '')::bigint))
    WITH CHECK (workspace_id = (SELECT nullif(current_setting('goalkeeper.workspace', true), '')::bigint));
