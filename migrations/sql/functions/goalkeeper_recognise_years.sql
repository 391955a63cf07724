CREATE OR REPLACE FUNCTION goalkeeper_recognise_years(workspaces bigint[], years bigint[], quiet boolean[])
    RETURNS void
    LANGUAGE plpgsql
AS $$
BEGIN
    INSERT INTO goal_achievements AS a (
        workspace_id, sales_rep_id, yearly_goal_id, achievement_type, achievement_date, achievement_year,
        goal_value, actual_value, percent_achieved, is_quiet
    )
    SELECT y.workspace_id, y.sales_rep_id, y.id, w.achievement_type,
           goalkeeper_rep_today(y.workspace_id, y.sales_rep_id), y.goal_year, w.goal_value, w.actual_value,
           w.percent_achieved, moved.is_quiet
    FROM unnest(workspaces, years, quiet) AS moved (workspace_id, id, is_quiet)
    JOIN rep_yearly_goals y ON y.workspace_id = moved.workspace_id AND y.id = moved.id
    JOIN year_awards w ON w.workspace_id = y.workspace_id AND w.yearly_goal_id = y.id
    ORDER BY y.workspace_id, y.id, w.achievement_type
    ON CONFLICT (workspace_id, yearly_goal_id, achievement_type, step) DO UPDATE
    SET reversed_at = NULL, is_quiet = a.is_quiet AND excluded.is_quiet
    -- Figures that grow beyond what a lower goal has reached reach nothing new.
    WHERE a.reversed_at IS NOT NULL;

    UPDATE goal_achievements a
    SET reversed_at = goalkeeper_now()
    FROM unnest(workspaces, years) AS moved (workspace_id, id)
    JOIN rep_yearly_goals y ON y.workspace_id = moved.workspace_id AND y.id = moved.id
    WHERE a.workspace_id = y.workspace_id AND a.yearly_goal_id = y.id AND a.reversed_at IS NULL
      AND NOT EXISTS (SELECT FROM year_awards w
                      WHERE w.workspace_id = a.workspace_id AND w.yearly_goal_id = a.yearly_goal_id
                        AND w.achievement_type = a.achievement_type);
END
$$;

COMMENT ON FUNCTION goalkeeper_recognise_years(bigint[], bigint[], boolean[]) IS
    'Records what these years have achieved and takes back what they no longer have.';
