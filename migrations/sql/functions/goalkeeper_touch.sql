CREATE OR REPLACE FUNCTION goalkeeper_touch() RETURNS trigger
    LANGUAGE plpgsql
AS $$
BEGIN
    NEW.updated_at := goalkeeper_now();
    RETURN NEW;
END
$$;

COMMENT ON FUNCTION goalkeeper_touch() IS 'Sets updated_at to the business time of the update.';
