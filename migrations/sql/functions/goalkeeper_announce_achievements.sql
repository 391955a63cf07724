-- With the owner's rights, as goalkeeper_announce_goals. What was achieved in a year is announced as month 0.
CREATE OR REPLACE FUNCTION goalkeeper_announce_achievements() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO changes AS c (workspace_id, sales_rep_id, year, month, figures_changed)
        SELECT DISTINCT n.workspace_id, n.sales_rep_id, n.achievement_year, coalesce(n.achievement_month, 0),
               true
        FROM rows_after n
        WHERE NOT n.is_quiet AND NOT n.recognized
        ON CONFLICT (workspace_id, xid, sales_rep_id, year, month) DO UPDATE SET figures_changed = true
        WHERE NOT c.figures_changed;
    ELSE
        INSERT INTO changes AS c (workspace_id, sales_rep_id, year, month, figures_changed)
        VALUES (NEW.workspace_id, NEW.sales_rep_id, NEW.achievement_year, coalesce(NEW.achievement_month, 0), true)
        ON CONFLICT (workspace_id, xid, sales_rep_id, year, month) DO UPDATE SET figures_changed = true
        WHERE NOT c.figures_changed;
    END IF;
    IF FOUND AND current_setting('role') <> 'goalkeeper_app' THEN
        PERFORM pg_notify('goalkeeper_changes', '');
    END IF;
    RETURN NULL;
END
$$;

COMMENT ON FUNCTION goalkeeper_announce_achievements() IS
    'Announces the months and years in which something was achieved, taken away or regained, and wakes a tick.';

REVOKE EXECUTE ON FUNCTION goalkeeper_announce_achievements() FROM PUBLIC;
