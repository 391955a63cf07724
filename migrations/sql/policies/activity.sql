GRANT SELECT, INSERT ON activity TO goalkeeper_app;

ALTER TABLE activity ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_workspace ON activity TO goalkeeper_app
    USING (workspace_id = (SELECT nullif(current_setting('goalkeeper.workspace', true), '')::bigint))
    WITH CHECK (workspace_id = (SELECT nullif(current_setting('goalkeeper.workspace', true), '')::bigint));

-- A batch numbers its entries itself, to say which became of which line.
GRANT USAGE ON SEQUENCE activity_id_seq TO goalkeeper_app;
