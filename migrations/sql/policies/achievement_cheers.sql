GRANT SELECT, INSERT, UPDATE ON achievement_cheers TO goalkeeper_app;

ALTER TABLE achievement_cheers ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_workspace ON achievement_cheers TO goalkeeper_app
    USING (workspace_id = (SELECT nullif(current_setting('goalkeeper.workspace', true), '')::bigint))
    WITH CHECK (workspace_id = (SELECT nullif(current_setting('goalkeeper.workspace', true), '')::bigint));
