-- A post that is in doubt when this runs was sent before now, so it has arrived by now or soon after.
UPDATE outbox SET uncertain_until = now() + interval '1 minute' WHERE uncertain_since IS NOT NULL;

-- Claiming and returning what is due needs these columns, and none that say what a message is about.
REVOKE UPDATE ON outbox FROM goalkeeper_everywhere;
GRANT UPDATE (
    status, token, leased_until, not_before, attempts, reason, uncertain_since, uncertain_until
) ON outbox TO goalkeeper_everywhere;
REVOKE INSERT, UPDATE ON outbox_lanes FROM goalkeeper_everywhere;
GRANT INSERT (workspace_id, lane, next_at), UPDATE (next_at) ON outbox_lanes TO goalkeeper_everywhere;
REVOKE SELECT ON workspaces, job_runs FROM goalkeeper_everywhere;
GRANT SELECT (id, tick_at) ON workspaces TO goalkeeper_everywhere;
DROP POLICY everywhere ON job_runs;

-- With the owner's rights a function passes by row-level security, so the way in checks the scope itself. What
-- it did before stays as it is, closed to the bot.
ALTER FUNCTION goalkeeper_enter_workspace(text, text, text) RENAME TO goalkeeper_keep_workspace;
REVOKE EXECUTE ON FUNCTION goalkeeper_keep_workspace(text, text, text) FROM goalkeeper_app, goalkeeper_everywhere;

CREATE FUNCTION goalkeeper_enter_workspace(slack_team_id text, name text, bot_user_id text) RETURNS bigint
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
    entered bigint := goalkeeper_keep_workspace(slack_team_id, name, bot_user_id);
BEGIN
    IF entered <> goalkeeper_workspace() THEN
        RAISE EXCEPTION 'Another workspace is entered only from outside of every workspace.'
            USING ERRCODE = 'insufficient_privilege',
                  HINT = 'Leave goalkeeper.workspace empty in this transaction.';
    END IF;
    RETURN entered;
END
$$;

COMMENT ON FUNCTION goalkeeper_enter_workspace(text, text, text) IS
    'The id of the workspace with this Slack id, which is made if it is new; inside a workspace, of that one alone.';

REVOKE EXECUTE ON FUNCTION goalkeeper_enter_workspace(text, text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION goalkeeper_enter_workspace(text, text, text) TO goalkeeper_app, goalkeeper_everywhere;
