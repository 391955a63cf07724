-- One call for however many rows a statement writes; the courier polls as well, so a lost call costs a second.
CREATE OR REPLACE FUNCTION goalkeeper_wake_courier() RETURNS trigger
    LANGUAGE plpgsql
AS $$
BEGIN
    PERFORM pg_notify('goalkeeper_outbox', '');
    RETURN NULL;
END
$$;

COMMENT ON FUNCTION goalkeeper_wake_courier() IS 'Tells the couriers that something waits in the outbox.';
