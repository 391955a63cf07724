DROP FUNCTION goalkeeper_enter_workspace(text, text, text);
GRANT EXECUTE ON FUNCTION goalkeeper_keep_workspace(text, text, text) TO goalkeeper_app, goalkeeper_everywhere;
ALTER FUNCTION goalkeeper_keep_workspace(text, text, text) RENAME TO goalkeeper_enter_workspace;

CREATE POLICY everywhere ON job_runs FOR SELECT TO goalkeeper_everywhere USING (true);
REVOKE SELECT (id, tick_at) ON workspaces FROM goalkeeper_everywhere;
GRANT SELECT ON workspaces, job_runs TO goalkeeper_everywhere;
REVOKE INSERT (workspace_id, lane, next_at), UPDATE (next_at) ON outbox_lanes FROM goalkeeper_everywhere;
GRANT INSERT, UPDATE ON outbox_lanes TO goalkeeper_everywhere;
REVOKE UPDATE (
    status, token, leased_until, not_before, attempts, reason, uncertain_since, uncertain_until
) ON outbox FROM goalkeeper_everywhere;
GRANT UPDATE ON outbox TO goalkeeper_everywhere;
