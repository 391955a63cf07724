-- With the owner's rights, as goalkeeper_announce_goals. Every figure moves by entries, so this announces all
-- that happens to actuals, whoever writes them.
CREATE OR REPLACE FUNCTION goalkeeper_announce_entries() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    INSERT INTO changes (workspace_id, sales_rep_id, year, month)
    SELECT DISTINCT e.workspace_id, e.sales_rep_id, extract(year FROM e.occurred_on)::smallint,
           extract(month FROM e.occurred_on)::smallint
    FROM entries e
    ON CONFLICT DO NOTHING;
    IF FOUND AND current_setting('role') <> 'goalkeeper_app' THEN
        PERFORM pg_notify('goalkeeper_changes', '');
    END IF;
    RETURN NULL;
END
$$;

COMMENT ON FUNCTION goalkeeper_announce_entries() IS
    'Announces the months in which reps have new entries, of whatever metric, and wakes a tick.';

REVOKE EXECUTE ON FUNCTION goalkeeper_announce_entries() FROM PUBLIC;
