GRANT SELECT, INSERT ON settings_changes TO goalkeeper_app;

ALTER TABLE settings_changes ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_workspace ON settings_changes TO goalkeeper_app
    USING (workspace_id = (SELECT nullif(current_setting('goalkeeper.workspace', true), '')::bigint))
    WITH CHECK (workspace_id = (SELECT nullif(current_setting('goalkeeper.workspace', true), '')::bigint));
