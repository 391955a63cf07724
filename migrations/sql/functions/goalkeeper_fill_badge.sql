CREATE OR REPLACE FUNCTION goalkeeper_fill_badge() RETURNS trigger
    LANGUAGE plpgsql
AS $$
BEGIN
    IF NEW.recognized AND NEW.recognized_at IS NULL THEN
        NEW.recognized_at := goalkeeper_now();
    END IF;
    RETURN NEW;
END
$$;

COMMENT ON FUNCTION goalkeeper_fill_badge() IS 'Stamps when a badge was posted.';
