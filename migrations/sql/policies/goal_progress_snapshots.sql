GRANT SELECT, INSERT ON goal_progress_snapshots TO goalkeeper_app;

ALTER TABLE goal_progress_snapshots ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_workspace ON goal_progress_snapshots TO goalkeeper_app
    USING (workspace_id = (SELECT nullif(current_setting('goalkeeper.workspace', true), '')::bigint))
    WITH CHECK (workspace_id = (SELECT nullif(current_setting('goalkeeper.workspace', true), '')::bigint));
