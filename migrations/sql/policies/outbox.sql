GRANT SELECT, INSERT, UPDATE ON outbox TO goalkeeper_app;
-- Claiming and returning what is due needs these columns, and none that say what a message is about.
GRANT SELECT, UPDATE (
    status, token, leased_until, not_before, attempts, reason, uncertain_since, uncertain_until
) ON outbox TO goalkeeper_everywhere;

ALTER TABLE outbox ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_workspace ON outbox TO goalkeeper_app
    USING (workspace_id = (SELECT nullif(current_setting('goalkeeper.workspace', true), '')::bigint))
    WITH CHECK (workspace_id = (SELECT nullif(current_setting('goalkeeper.workspace', true), '')::bigint));
CREATE POLICY everywhere_see ON outbox FOR SELECT TO goalkeeper_everywhere USING (true);
CREATE POLICY everywhere_claim ON outbox FOR UPDATE TO goalkeeper_everywhere USING (true) WITH CHECK (true);
