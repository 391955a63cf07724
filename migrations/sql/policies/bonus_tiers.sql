GRANT SELECT, INSERT, UPDATE ON bonus_tiers TO goalkeeper_app;

ALTER TABLE bonus_tiers ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_workspace ON bonus_tiers TO goalkeeper_app
    USING (workspace_id = (SELECT nullif(current_setting('goalkeeper.workspace', true), '')::bigint))
    WITH CHECK (workspace_id = (SELECT nullif(current_setting('goalkeeper.workspace', true), '')::bigint));
