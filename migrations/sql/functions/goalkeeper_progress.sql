-- One definition of a snapshot's figures for the daily job, for those on demand and for rows inserted by SQL.
-- A day's figures are the month's, less what has been entered for later days: for the day that has just ended
-- that is next to nothing. Days that count are computed once per day and first day, not per rep.
CREATE OR REPLACE FUNCTION goalkeeper_progress(zones text[], days date[], untils date[], rep_ids bigint[])
RETURNS TABLE (
    workspace_id bigint, sales_rep_id bigint, monthly_goal_id bigint, snapshot_date date, signups_to_date integer,
    signup_goal integer, signup_progress_percent numeric, revenue_to_date numeric, revenue_goal numeric,
    revenue_progress_percent numeric, bonus_tier smallint, days_remaining integer, on_pace boolean,
    pace_indicator text, is_carried boolean
)
    LANGUAGE sql STABLE
BEGIN ATOMIC
    WITH asked AS MATERIALIZED (
        -- Where a midnight comes twice, either will do: it only says whether the month was open by then.
        SELECT a.zone, a.day, a.until, (a.day + 1)::timestamp AT TIME ZONE a.zone AS over_at, date_trunc('month', a.day)::date AS month_day,
               (date_trunc('month', a.day) + interval '1 month')::date AS next_month,
               extract(year FROM a.day)::smallint AS year, extract(month FROM a.day)::smallint AS month
        FROM unnest(zones, days, untils) AS a (zone, day, until)
    ), counted AS MATERIALIZED (
        SELECT w.id AS workspace_id, s.day, s.until, first_day::date AS first_day,
               goalkeeper_counted_days(first_day::date, s.until, w.working_days, w.pace_by) AS completed,
               goalkeeper_counted_days(first_day::date, s.next_month, w.working_days, w.pace_by) AS total
        FROM (SELECT DISTINCT day, until, month_day, next_month FROM asked) s
        CROSS JOIN workspaces w
        CROSS JOIN LATERAL generate_series(s.month_day, s.next_month - 1, interval '1 day') AS first_day
    ), later AS MATERIALIZED (
        SELECT t.workspace_id, t.sales_rep_id, s.day,
               coalesce(sum(t.amount) FILTER (WHERE t.metric = 'signups'), 0) AS signups,
               coalesce(sum(t.amount) FILTER (WHERE t.metric = 'revenue'), 0) AS revenue
        FROM (SELECT DISTINCT day, next_month FROM asked) s
        CROSS JOIN LATERAL (
            SELECT * FROM activity_totals f
            WHERE f.metric IN ('signups', 'revenue') AND f.grain = 'day' AND f.starts_on > s.day
              AND f.starts_on < s.next_month
              AND (rep_ids IS NULL OR f.sales_rep_id = ANY (rep_ids))
            OFFSET 0
        ) t
        GROUP BY 1, 2, 3
    ), found AS (
        SELECT m.workspace_id, m.sales_rep_id, m.id, a.day, a.next_month - 1 - a.day AS days_remaining,
               CASE WHEN l.day IS NULL THEN m.signups_actual
                    ELSE (m.signups_actual - l.signups)::integer END AS signups, m.signup_goal,
               CASE WHEN l.day IS NULL THEN m.revenue_actual
                    ELSE m.revenue_actual - l.revenue END AS revenue, m.revenue_goal,
               l.day IS NULL AS is_latest, m.signup_progress_percent, m.revenue_progress_percent,
               m.bonus_tier_actual, m.tier_signups, m.goal_set_at IS NOT NULL AS is_set,
               s.id IS NOT NULL AND m.created_at < a.over_at AS is_carried,
               a.until, greatest(a.month_day, s.started_on) AS first_day
        FROM asked a
        JOIN rep_monthly_goals m
            ON m.goal_year = a.year AND m.goal_month = a.month AND m.time_zone = a.zone
           AND (rep_ids IS NULL OR m.sales_rep_id = ANY (rep_ids))
        LEFT JOIN later l
            ON l.workspace_id = m.workspace_id AND l.sales_rep_id = m.sales_rep_id AND l.day = a.day
        LEFT JOIN rep_stints s
            ON s.workspace_id = m.workspace_id AND s.sales_rep_id = m.sales_rep_id
           AND s.started_on <= a.day AND (s.ended_on IS NULL OR s.ended_on > a.day)
        -- The first day is known before the days are looked up: the other way round each rep meets 31 of them.
        OFFSET 0
    )
    SELECT f.workspace_id, f.sales_rep_id, f.id, f.day, f.signups, f.signup_goal,
           CASE WHEN f.is_latest THEN f.signup_progress_percent
                ELSE goalkeeper_percent(f.signups, f.signup_goal) END,
           f.revenue, f.revenue_goal,
           CASE WHEN f.is_latest THEN f.revenue_progress_percent
                ELSE goalkeeper_percent(f.revenue, f.revenue_goal) END,
           CASE WHEN f.is_latest THEN f.bonus_tier_actual
                ELSE (SELECT count(*) FROM unnest(f.tier_signups) AS needed WHERE needed <= f.signups)::smallint END,
           f.days_remaining,
           p.indicator IN ('on_track', 'ahead'),
           p.indicator,
           f.is_carried
    FROM found f
    JOIN counted c
        ON c.workspace_id = f.workspace_id AND c.day = f.day AND c.until = f.until AND c.first_day = f.first_day
    CROSS JOIN LATERAL (
        SELECT CASE WHEN f.is_set THEN goalkeeper_pace(
                   f.signup_goal, f.signups, f.revenue_goal, f.revenue, c.completed, c.total) END AS indicator
        OFFSET 0
    ) p;
END;

COMMENT ON FUNCTION goalkeeper_progress(text[], date[], date[], bigint[]) IS
    'How reps stood with their months at the end of these days in these zones, by entry day as known now; only '
    'those of the given ids, unless they are null. The pace counts the days before untils. is_carried says whether '
    'the rep carried goals on that day and the month was open.';
