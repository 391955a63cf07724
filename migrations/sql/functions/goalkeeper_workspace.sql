-- The workspace of a row that doesn't name one.
CREATE OR REPLACE FUNCTION goalkeeper_workspace() RETURNS bigint
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN coalesce(
        nullif(current_setting('goalkeeper.workspace', true), '')::bigint,
        (SELECT min(id) FROM workspaces HAVING count(*) = 1)
    );

COMMENT ON FUNCTION goalkeeper_workspace() IS
    'The workspace of the transaction''s setting goalkeeper.workspace, else the only one its caller sees.';
