GRANT SELECT, INSERT, UPDATE ON outbox_lanes TO goalkeeper_app;
-- Whether a copy of the bot fits the database is for it to ask (/readyz).
GRANT SELECT ON alembic_version TO goalkeeper_app, goalkeeper_everywhere;
GRANT SELECT, INSERT, UPDATE ON outbox_lanes TO goalkeeper_everywhere;

ALTER TABLE outbox_lanes ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_workspace ON outbox_lanes TO goalkeeper_app
    USING (workspace_id = (SELECT nullif(current_setting('goalkeeper.workspace', true), '')::bigint))
    WITH CHECK (workspace_id = (SELECT nullif(current_setting('goalkeeper.workspace', true), '')::bigint));
CREATE POLICY everywhere ON outbox_lanes TO goalkeeper_everywhere USING (true) WITH CHECK (true);

CREATE INDEX ix_outbox_waiting ON outbox (workspace_id, audience, due_at, id) WHERE status = 'pending';
CREATE INDEX ix_outbox_in_hand ON outbox (workspace_id, audience) WHERE status = 'sending';

-- One call for however many rows a statement writes; the courier polls as well, so a lost call costs a second.
CREATE FUNCTION goalkeeper_wake_courier() RETURNS trigger
    LANGUAGE plpgsql
AS $$
BEGIN
    PERFORM pg_notify('goalkeeper_outbox', '');
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION goalkeeper_wake_courier() IS 'Tells the couriers that something waits in the outbox.';
CREATE TRIGGER outbox_wake_courier AFTER INSERT ON outbox
    FOR EACH STATEMENT EXECUTE FUNCTION goalkeeper_wake_courier();
