CREATE OR REPLACE FUNCTION goalkeeper_join_today() RETURNS trigger
    LANGUAGE plpgsql
AS $$
BEGIN
    SELECT (goalkeeper_now() AT TIME ZONE coalesce(u.time_zone, w.time_zone))::date
    INTO NEW.joined_on
    FROM workspaces w
    LEFT JOIN users u ON u.workspace_id = w.id AND u.id = NEW.user_id
    WHERE w.id = NEW.workspace_id;
    RETURN NEW;
END
$$;

COMMENT ON FUNCTION goalkeeper_join_today() IS 'A rep joins today, by their own calendar, unless it is said when.';
