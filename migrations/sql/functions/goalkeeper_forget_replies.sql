-- Replies are kept for a day, by the real clock: a client that repeats a request does so within minutes.
CREATE OR REPLACE FUNCTION goalkeeper_forget_replies() RETURNS void
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
BEGIN ATOMIC
    DELETE FROM api_replies
    WHERE workspace_id = goalkeeper_workspace()
      AND id = ANY (ARRAY(
          SELECT id FROM api_replies
          WHERE workspace_id = goalkeeper_workspace() AND created_at < now() - interval '1 day'
          ORDER BY created_at
          LIMIT 10000));
END;

COMMENT ON FUNCTION goalkeeper_forget_replies() IS
    'Deletes the workspace''s replies to idempotency keys after a day; ten thousand at a time.';

REVOKE EXECUTE ON FUNCTION goalkeeper_forget_replies() FROM PUBLIC;

GRANT EXECUTE ON FUNCTION goalkeeper_forget_replies() TO goalkeeper_app;
