CREATE OR REPLACE FUNCTION goalkeeper_follow_year() RETURNS trigger
    LANGUAGE plpgsql
AS $$
DECLARE
    workspaces bigint[];
    years bigint[];
    quiet boolean[];
BEGIN
    IF TG_OP = 'INSERT' THEN
        SELECT array_agg(n.workspace_id), array_agg(n.id), array_agg(true)
        INTO workspaces, years, quiet
        FROM rows_after n
        WHERE n.yearly_signups_actual > 0 OR n.yearly_revenue_actual > 0;
    ELSE
        -- Set operations rather than a join of the two: a plan that was made for one row stays with the session,
        -- and would compare each row of a batch with each other.
        SELECT array_agg(moved.workspace_id), array_agg(moved.id), array_agg(moved.by_goals)
        INTO workspaces, years, quiet
        FROM (
            SELECT r.workspace_id, r.id, bool_or(r.by_goals) AS by_goals
            FROM (
                SELECT f.workspace_id, f.id, true AS by_figures, false AS by_goals, false AS has_figures
                FROM (
                    SELECT workspace_id, id, yearly_signups_actual, yearly_revenue_actual FROM rows_after
                    EXCEPT
                    SELECT workspace_id, id, yearly_signups_actual, yearly_revenue_actual FROM rows_before
                ) f
                UNION ALL
                SELECT g.workspace_id, g.id, false, true, false
                FROM (
                    SELECT workspace_id, id, yearly_signup_goal, yearly_revenue_goal, goal_set_at IS NULL
                    FROM rows_after
                    EXCEPT
                    SELECT workspace_id, id, yearly_signup_goal, yearly_revenue_goal, goal_set_at IS NULL
                    FROM rows_before
                ) g
                UNION ALL
                SELECT workspace_id, id, false, false, true FROM rows_after WHERE yearly_signups_actual <> 0 OR yearly_revenue_actual <> 0
            ) r
            GROUP BY r.workspace_id, r.id
            -- Goals that are set before anything is there reach nothing.
            HAVING bool_or(r.by_figures) OR bool_or(r.by_goals) AND bool_or(r.has_figures)
        ) moved;
    END IF;
    IF years IS NOT NULL THEN
        PERFORM goalkeeper_recognise_years(workspaces, years, quiet);
    END IF;
    RETURN NULL;
END
$$;

COMMENT ON FUNCTION goalkeeper_follow_year() IS 'Has years recognised whose figures or goals have changed.';
