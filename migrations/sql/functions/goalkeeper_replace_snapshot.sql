-- With the owner's rights, because the bot may delete nothing. A row of another workspace makes row-level
-- security refuse the whole statement, and the deletion with it.
CREATE OR REPLACE FUNCTION goalkeeper_replace_snapshot() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    DELETE FROM goal_progress_snapshots
    WHERE workspace_id = NEW.workspace_id AND sales_rep_id = NEW.sales_rep_id
      AND snapshot_date = NEW.snapshot_date AND snapshot_type = 'ad_hoc';
    RETURN NEW;
END
$$;

COMMENT ON FUNCTION goalkeeper_replace_snapshot() IS 'Has a second snapshot on demand replace the first one of that day.';

REVOKE EXECUTE ON FUNCTION goalkeeper_replace_snapshot() FROM PUBLIC;
