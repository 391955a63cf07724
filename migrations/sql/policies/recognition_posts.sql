GRANT SELECT, INSERT, UPDATE ON recognition_posts TO goalkeeper_app;

ALTER TABLE recognition_posts ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_workspace ON recognition_posts TO goalkeeper_app
    USING (workspace_id = (SELECT nullif(current_setting('goalkeeper.workspace', true), '')::bigint))
    WITH CHECK (workspace_id = (SELECT nullif(current_setting('goalkeeper.workspace', true), '')::bigint));
