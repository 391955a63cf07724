-- Volatile, so that its second statement sees commits made while the first one waited.
CREATE OR REPLACE FUNCTION goalkeeper_hold_currency() RETURNS text
    LANGUAGE plpgsql VOLATILE
AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(hashtextextended('goalkeeper.currency', goalkeeper_workspace()));
    RETURN (SELECT currency FROM workspaces WHERE id = goalkeeper_workspace());
END
$$;

COMMENT ON FUNCTION goalkeeper_hold_currency() IS
    'The workspace''s currency, which nobody changes until the transaction ends; for saving an amount in it.';
