GRANT SELECT, INSERT, UPDATE ON activity_totals TO goalkeeper_app;

ALTER TABLE activity_totals ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_workspace ON activity_totals TO goalkeeper_app
    USING (workspace_id = (SELECT nullif(current_setting('goalkeeper.workspace', true), '')::bigint))
    WITH CHECK (workspace_id = (SELECT nullif(current_setting('goalkeeper.workspace', true), '')::bigint));
