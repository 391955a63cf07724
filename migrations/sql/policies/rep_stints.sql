GRANT SELECT, INSERT, UPDATE ON rep_stints TO goalkeeper_app;

ALTER TABLE rep_stints ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_workspace ON rep_stints TO goalkeeper_app
    USING (workspace_id = (SELECT nullif(current_setting('goalkeeper.workspace', true), '')::bigint))
    WITH CHECK (workspace_id = (SELECT nullif(current_setting('goalkeeper.workspace', true), '')::bigint));
