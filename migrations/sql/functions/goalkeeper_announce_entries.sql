-- With the owner's rights, as goalkeeper_announce_goals. Every figure moves by entries, so this announces all
-- that happens to actuals, whoever writes them.
CREATE OR REPLACE FUNCTION goalkeeper_announce_entries() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    INSERT INTO changes AS c (workspace_id, sales_rep_id, year, month, figures_changed)
    SELECT DISTINCT e.workspace_id, e.sales_rep_id, extract(year FROM e.occurred_on)::smallint,
           extract(month FROM e.occurred_on)::smallint, true
    FROM entries e
    ON CONFLICT (workspace_id, xid, sales_rep_id, year, month) DO UPDATE SET figures_changed = true
    WHERE NOT c.figures_changed;
    IF FOUND AND current_setting('role') <> 'goalkeeper_app' THEN
        PERFORM pg_notify('goalkeeper_changes', '');
    END IF;
    RETURN NULL;
END
$$;

COMMENT ON FUNCTION goalkeeper_announce_entries() IS
    'Announces the months in which reps have new entries, of whatever metric, and wakes a tick.';

REVOKE EXECUTE ON FUNCTION goalkeeper_announce_entries() FROM PUBLIC;
