-- With the owner's rights, because whoever may change goals need not be allowed to write here. The bot settles
-- what its own transactions announce before it commits (`current_user` is the owner in here, `role` is not), so
-- only other writers wake a tick.
CREATE OR REPLACE FUNCTION goalkeeper_announce_goals() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    INSERT INTO changes AS c (workspace_id, sales_rep_id, year, month, goals_changed)
    SELECT n.workspace_id, n.sales_rep_id, n.goal_year, n.goal_month, true
    FROM rows_after n
    JOIN rows_before o ON o.workspace_id = n.workspace_id AND o.id = n.id
    WHERE n.goal_set_at IS NOT NULL
      AND (o.goal_set_at IS NULL
           OR (n.signup_goal, n.revenue_goal, n.bonus_tier_goal)
              IS DISTINCT FROM (o.signup_goal, o.revenue_goal, o.bonus_tier_goal))
    ON CONFLICT (workspace_id, xid, sales_rep_id, year, month) DO UPDATE SET goals_changed = true
    WHERE NOT c.goals_changed;
    IF FOUND AND current_setting('role') <> 'goalkeeper_app' THEN
        PERFORM pg_notify('goalkeeper_changes', '');
    END IF;
    RETURN NULL;
END
$$;

COMMENT ON FUNCTION goalkeeper_announce_goals() IS
    'Announces the months whose goals were set or changed, by whatever door, and wakes a tick.';

REVOKE EXECUTE ON FUNCTION goalkeeper_announce_goals() FROM PUBLIC;
