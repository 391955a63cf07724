-- One notification for any number of rows; the courier polls as well, so a lost one costs a second.
CREATE OR REPLACE FUNCTION goalkeeper_wake_courier() RETURNS trigger
    LANGUAGE plpgsql
AS $$
BEGIN
    PERFORM pg_notify('goalkeeper_outbox', '');
    RETURN NULL;
END
$$;

COMMENT ON FUNCTION goalkeeper_wake_courier() IS 'Tells the couriers that something waits in the outbox.';
