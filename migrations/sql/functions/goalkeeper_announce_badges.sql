-- With the owner's rights, as goalkeeper_announce_goals. A badge belongs to no goal, so it is announced in the
-- month in which it was achieved. What rules give is written by the handler of changes, which posts it as well.
CREATE OR REPLACE FUNCTION goalkeeper_announce_badges() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO changes AS c (workspace_id, sales_rep_id, year, month, figures_changed)
        SELECT DISTINCT n.workspace_id, r.id, extract(year FROM n.achieved_at)::smallint,
               extract(month FROM n.achieved_at)::smallint, true
        FROM rows_after n
        JOIN sales_reps r ON r.workspace_id = n.workspace_id AND r.user_id = n.user_id
        WHERE NOT n.recognized AND n.rule_id IS NULL
        ON CONFLICT (workspace_id, xid, sales_rep_id, year, month) DO UPDATE SET figures_changed = true
        WHERE NOT c.figures_changed;
    ELSE
        INSERT INTO changes AS c (workspace_id, sales_rep_id, year, month, figures_changed)
        SELECT NEW.workspace_id, r.id, extract(year FROM NEW.achieved_at)::smallint,
               extract(month FROM NEW.achieved_at)::smallint, true
        FROM sales_reps r
        WHERE r.workspace_id = NEW.workspace_id AND r.user_id = NEW.user_id
        ON CONFLICT (workspace_id, xid, sales_rep_id, year, month) DO UPDATE SET figures_changed = true
        WHERE NOT c.figures_changed;
    END IF;
    IF FOUND AND current_setting('role') <> 'goalkeeper_app' THEN
        PERFORM pg_notify('goalkeeper_changes', '');
    END IF;
    RETURN NULL;
END
$$;

COMMENT ON FUNCTION goalkeeper_announce_badges() IS
    'Announces the reps who were given a badge, lost it or got it back, and wakes a tick.';

REVOKE EXECUTE ON FUNCTION goalkeeper_announce_badges() FROM PUBLIC;
