-- A request is known by its token before its workspace is, so this looks past row-level security, for one hash.
-- The last use is noted at most once a minute, and by one request at a time: reads don't queue behind it.
CREATE OR REPLACE FUNCTION goalkeeper_find_token(hash text)
RETURNS TABLE (workspace_id bigint, id bigint, user_id bigint, scopes text[])
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
BEGIN ATOMIC
    UPDATE api_tokens u
    SET last_used_at = now()
    FROM (SELECT t.workspace_id, t.id FROM api_tokens t
          WHERE t.token_hash = $1 AND t.revoked_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > now())
            AND (t.last_used_at IS NULL OR t.last_used_at < now() - interval '1 minute')
          FOR NO KEY UPDATE SKIP LOCKED) AS used
    WHERE u.workspace_id = used.workspace_id AND u.id = used.id;
    SELECT t.workspace_id, t.id, t.user_id, t.scopes
    FROM api_tokens t
    JOIN active_people p ON p.workspace_id = t.workspace_id AND p.id = t.user_id
    WHERE t.token_hash = $1 AND t.revoked_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > now());
END;

COMMENT ON FUNCTION goalkeeper_find_token(text) IS
    'The valid token with this hash, of a person who takes part, and its workspace; notes that it was used.';

REVOKE EXECUTE ON FUNCTION goalkeeper_find_token(text) FROM PUBLIC;

GRANT EXECUTE ON FUNCTION goalkeeper_find_token(text) TO goalkeeper_everywhere;
