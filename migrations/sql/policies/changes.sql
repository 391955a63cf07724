-- Rows come from triggers, which have the owner's rights. Taking one is deleting it.
GRANT SELECT, DELETE ON changes TO goalkeeper_app;
GRANT SELECT (workspace_id) ON changes TO goalkeeper_everywhere;

ALTER TABLE changes ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_workspace ON changes TO goalkeeper_app
    USING (workspace_id = (SELECT nullif(current_setting('goalkeeper.workspace', true), '')::bigint))
    WITH CHECK (workspace_id = (SELECT nullif(current_setting('goalkeeper.workspace', true), '')::bigint));
CREATE POLICY everywhere_see ON changes FOR SELECT TO goalkeeper_everywhere USING (true);
