GRANT SELECT, INSERT, UPDATE ON badge_rules TO goalkeeper_app;

ALTER TABLE badge_rules ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_workspace ON badge_rules TO goalkeeper_app
    USING (workspace_id = (SELECT nullif(current_setting('goalkeeper.workspace', true), '')::bigint))
    WITH CHECK (workspace_id = (SELECT nullif(current_setting('goalkeeper.workspace', true), '')::bigint));
