GRANT SELECT, INSERT, UPDATE ON rep_yearly_goals TO goalkeeper_app;

ALTER TABLE rep_yearly_goals ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_workspace ON rep_yearly_goals TO goalkeeper_app
    USING (workspace_id = (SELECT nullif(current_setting('goalkeeper.workspace', true), '')::bigint))
    WITH CHECK (workspace_id = (SELECT nullif(current_setting('goalkeeper.workspace', true), '')::bigint));
