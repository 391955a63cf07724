CREATE OR REPLACE FUNCTION goalkeeper_end_tokens() RETURNS trigger
    LANGUAGE plpgsql
AS $$
BEGIN
    UPDATE api_tokens t
    SET revoked_at = now()
    WHERE t.workspace_id = NEW.workspace_id AND t.user_id = NEW.id AND t.revoked_at IS NULL;
    RETURN NULL;
END
$$;

COMMENT ON FUNCTION goalkeeper_end_tokens() IS
    'Revokes the API tokens of a person who has left; they stay revoked if the person comes back.';
