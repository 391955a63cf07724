-- One set of statements for however many months: a batch of entries moves many at once.
CREATE OR REPLACE FUNCTION goalkeeper_recognise_months(workspaces bigint[], months bigint[], quiet boolean[])
    RETURNS void
    LANGUAGE plpgsql
AS $$
DECLARE
    with_streaks bigint[];
    their_workspaces bigint[];
BEGIN
    INSERT INTO goal_achievements AS a (
        workspace_id, sales_rep_id, monthly_goal_id, achievement_type, step, achievement_date,
        achievement_month, achievement_year, goal_value, actual_value, percent_achieved, bonus_amount,
        bonus_tier, is_quiet
    )
    SELECT m.workspace_id, m.sales_rep_id, m.id, w.achievement_type, w.step,
           (goalkeeper_now() AT TIME ZONE m.time_zone)::date, m.goal_month, m.goal_year, w.goal_value,
           w.actual_value, w.percent_achieved, w.bonus_amount, w.bonus_tier,
           moved.is_quiet OR m.goal_set_at IS NULL
    FROM unnest(workspaces, months, quiet) AS moved (workspace_id, id, is_quiet)
    JOIN rep_monthly_goals m ON m.workspace_id = moved.workspace_id AND m.id = moved.id
    JOIN month_awards w ON w.workspace_id = m.workspace_id AND w.monthly_goal_id = m.id
    ORDER BY m.workspace_id, m.id, w.achievement_type, w.step
    ON CONFLICT (workspace_id, monthly_goal_id, achievement_type, step) DO UPDATE
    SET reversed_at = NULL, is_quiet = a.is_quiet AND excluded.is_quiet
    -- Figures that grow beyond what a lower goal has reached reach nothing new.
    WHERE a.reversed_at IS NOT NULL;

    UPDATE goal_achievements a
    SET reversed_at = goalkeeper_now()
    FROM unnest(workspaces, months) AS moved (workspace_id, id)
    JOIN rep_monthly_goals m ON m.workspace_id = moved.workspace_id AND m.id = moved.id
    WHERE a.workspace_id = m.workspace_id AND a.monthly_goal_id = m.id AND a.reversed_at IS NULL
      AND a.achievement_type <> 'streak_milestone'
      AND NOT EXISTS (SELECT FROM month_awards w
                      WHERE w.workspace_id = a.workspace_id AND w.monthly_goal_id = a.monthly_goal_id
                        AND w.achievement_type = a.achievement_type AND w.step = a.step);

    -- Most entries neither make a month nor take one back, so few reps have a streak to look at.
    SELECT array_agg(DISTINCT m.workspace_id), array_agg(DISTINCT m.sales_rep_id)
    INTO their_workspaces, with_streaks
    FROM unnest(workspaces, months) AS moved (workspace_id, id)
    JOIN rep_monthly_goals m ON m.workspace_id = moved.workspace_id AND m.id = moved.id
    WHERE m.completed_at IS NOT NULL
       OR EXISTS (SELECT FROM goal_achievements a
                  WHERE a.workspace_id = m.workspace_id AND a.sales_rep_id = m.sales_rep_id
                    AND a.achievement_type = 'streak_milestone');
    PERFORM goalkeeper_recognise_streaks(their_workspaces, with_streaks);
END
$$;

COMMENT ON FUNCTION goalkeeper_recognise_months(bigint[], bigint[], boolean[]) IS
    'Records what these months have achieved and takes back what they no longer have; quiet is what was '
    'reached by setting or changing the goal.';
