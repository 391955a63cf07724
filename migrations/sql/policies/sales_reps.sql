GRANT SELECT, INSERT, UPDATE ON sales_reps TO goalkeeper_app;

ALTER TABLE sales_reps ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_workspace ON sales_reps TO goalkeeper_app
    USING (workspace_id = (SELECT nullif(current_setting('goalkeeper.workspace', true), '')::bigint))
    WITH CHECK (workspace_id = (SELECT nullif(current_setting('goalkeeper.workspace', true), '')::bigint));
