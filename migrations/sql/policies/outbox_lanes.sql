GRANT SELECT, INSERT, UPDATE ON outbox_lanes TO goalkeeper_app;
GRANT SELECT, INSERT (workspace_id, lane, next_at), UPDATE (next_at) ON outbox_lanes TO goalkeeper_everywhere;

ALTER TABLE outbox_lanes ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_workspace ON outbox_lanes TO goalkeeper_app
    USING (workspace_id = (SELECT nullif(current_setting('goalkeeper.workspace', true), '')::bigint))
    WITH CHECK (workspace_id = (SELECT nullif(current_setting('goalkeeper.workspace', true), '')::bigint));
CREATE POLICY everywhere ON outbox_lanes TO goalkeeper_everywhere USING (true) WITH CHECK (true);
