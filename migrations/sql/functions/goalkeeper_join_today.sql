CREATE OR REPLACE FUNCTION goalkeeper_join_today() RETURNS trigger
    LANGUAGE plpgsql
AS $$
BEGIN
    SELECT (goalkeeper_now() AT TIME ZONE p.zone)::date
    INTO NEW.joined_on
    FROM people p
    WHERE p.workspace_id = NEW.workspace_id AND p.id = NEW.user_id;
    -- Without such a person the foreign key refuses the row, which says more than a missing day.
    NEW.joined_on := coalesce(NEW.joined_on, goalkeeper_now()::date);
    RETURN NEW;
END
$$;

COMMENT ON FUNCTION goalkeeper_join_today() IS 'A rep joins today, by their own calendar, unless it is said when.';
