GRANT SELECT, INSERT, UPDATE ON team_memberships TO goalkeeper_app;

ALTER TABLE team_memberships ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_workspace ON team_memberships TO goalkeeper_app
    USING (workspace_id = (SELECT nullif(current_setting('goalkeeper.workspace', true), '')::bigint))
    WITH CHECK (workspace_id = (SELECT nullif(current_setting('goalkeeper.workspace', true), '')::bigint));
