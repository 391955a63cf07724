CREATE OR REPLACE FUNCTION goalkeeper_recognise_streaks(workspaces bigint[], reps bigint[]) RETURNS void
    LANGUAGE plpgsql
AS $$
BEGIN
    IF reps IS NULL THEN
        RETURN;
    END IF;
    WITH months AS MATERIALIZED (
        SELECT m.workspace_id, m.sales_rep_id, m.id, m.goal_month, m.goal_year, m.time_zone, first_day,
               m.completed_at IS NOT NULL AS is_made,
               -- Until a month is closed it can still be made; a month that is made later counts from then on.
               lag(first_day) OVER by_rep AS last_first_day,
               EXISTS (
                   SELECT FROM goal_achievements q
                   WHERE q.workspace_id = m.workspace_id AND q.monthly_goal_id = m.id
                     AND q.achievement_type IN ('monthly_signup_goal', 'monthly_revenue_goal')
                     AND q.is_quiet AND q.reversed_at IS NULL
               ) AS by_changing,
               m.goal_set_at IS NULL AND m.deadline > m.ends_at AS is_optional,
               EXISTS (
                   SELECT FROM rep_stints s
                   WHERE s.workspace_id = m.workspace_id AND s.sales_rep_id = m.sales_rep_id
                     AND s.started_on < first_day + interval '1 month'
                     AND (s.ended_on IS NULL OR s.ended_on >= first_day + interval '1 month')
               ) AS stayed
        FROM rep_monthly_goals m
        CROSS JOIN LATERAL make_date(m.goal_year, m.goal_month, 1) AS first_day
        WHERE m.workspace_id = ANY (workspaces) AND m.sales_rep_id = ANY (reps)
        WINDOW by_rep AS (
            PARTITION BY m.workspace_id, m.sales_rep_id ORDER BY m.goal_year, m.goal_month
        )
    ), judged AS (
        SELECT n.*,
               n.is_made AND NOT n.by_changing AS counts,
               (NOT n.is_made AND NOT n.is_optional AND n.stayed) OR EXISTS (
                   -- A month without a row, although the rep carried goals at its end, breaks it as well.
                   SELECT
                   FROM generate_series(
                       n.last_first_day + interval '1 month', n.first_day - interval '1 month', '1 month'
                   ) AS missing (first_day)
                   JOIN rep_stints s
                     ON s.workspace_id = n.workspace_id AND s.sales_rep_id = n.sales_rep_id
                    AND s.started_on < missing.first_day + interval '1 month'
                    AND (s.ended_on IS NULL OR s.ended_on >= missing.first_day + interval '1 month')
               ) AS breaks
        FROM months n
    ), runs AS (
        SELECT j.*, count(*) FILTER (WHERE j.breaks) OVER by_rep AS run
        FROM judged j
        WINDOW by_rep AS (PARTITION BY j.workspace_id, j.sales_rep_id ORDER BY j.first_day)
    ), lengths AS (
        SELECT r.*, count(*) FILTER (WHERE r.counts) OVER so_far AS length
        FROM runs r
        WINDOW so_far AS (PARTITION BY r.workspace_id, r.sales_rep_id, r.run ORDER BY r.first_day)
    ), reached AS MATERIALIZED (
        SELECT *
        FROM lengths
        WHERE counts AND (length IN (3, 6) OR length % 12 = 0)
    ), taken_back AS (
        UPDATE goal_achievements a
        SET reversed_at = goalkeeper_now()
        FROM months n
        WHERE a.workspace_id = n.workspace_id AND a.monthly_goal_id = n.id
          AND a.achievement_type = 'streak_milestone' AND a.reversed_at IS NULL
          AND NOT EXISTS (SELECT FROM reached r
                          WHERE r.workspace_id = n.workspace_id AND r.id = n.id AND r.length = a.step)
    )
    INSERT INTO goal_achievements AS a (
        workspace_id, sales_rep_id, monthly_goal_id, achievement_type, step, achievement_date,
        achievement_month, achievement_year, goal_value, actual_value, percent_achieved
    )
    SELECT workspace_id, sales_rep_id, id, 'streak_milestone', length,
           (goalkeeper_now() AT TIME ZONE time_zone)::date, goal_month, goal_year, length, length, 100
    FROM reached
    ORDER BY workspace_id, id
    ON CONFLICT (workspace_id, monthly_goal_id, achievement_type, step) DO UPDATE
    SET reversed_at = NULL
    WHERE a.reversed_at IS NOT NULL;
END
$$;

COMMENT ON FUNCTION goalkeeper_recognise_streaks(bigint[], bigint[]) IS
    'Records the streak milestones of these reps and takes back those that no longer hold.';
