CREATE OR REPLACE FUNCTION goalkeeper_fill_stint() RETURNS trigger
    LANGUAGE plpgsql
AS $$
BEGIN
    NEW.started_on := coalesce(NEW.started_on, goalkeeper_rep_today(NEW.workspace_id, NEW.sales_rep_id));
    NEW.settles_from := coalesce(NEW.settles_from, NEW.started_on);
    RETURN NEW;
END
$$;

COMMENT ON FUNCTION goalkeeper_fill_stint() IS 'A stint begins today, by the rep''s calendar, unless it says when.';
