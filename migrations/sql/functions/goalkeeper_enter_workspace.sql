CREATE OR REPLACE FUNCTION goalkeeper_enter_workspace(slack_team_id text, name text, bot_user_id text) RETURNS bigint
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    entered bigint;
BEGIN
    INSERT INTO workspaces AS known (slack_team_id, name, bot_user_id)
    VALUES ($1, $2, $3)
    ON CONFLICT (slack_team_id) DO UPDATE
        SET name = excluded.name, bot_user_id = coalesce(excluded.bot_user_id, known.bot_user_id)
    RETURNING id INTO entered;
    -- With the owner's rights a function bypasses row-level security, so it checks the scope itself.
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
