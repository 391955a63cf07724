GRANT SELECT, INSERT, UPDATE ON job_runs TO goalkeeper_app;

ALTER TABLE job_runs ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_workspace ON job_runs TO goalkeeper_app
    USING (workspace_id = (SELECT nullif(current_setting('goalkeeper.workspace', true), '')::bigint))
    WITH CHECK (workspace_id = (SELECT nullif(current_setting('goalkeeper.workspace', true), '')::bigint));
