-- Every view asks its caller's rights (`security_invoker`), so row-level security holds through it.

CREATE FUNCTION goalkeeper_health(
    completed boolean, signup_percent numeric, revenue_percent numeric,
    first_day date, days integer, today date
) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    WITH pace AS (
        SELECT today - first_day AS days_gone,
               least(signup_percent, revenue_percent) AS worst,
               (today - first_day) * 100.0 / days AS expected
    )
    SELECT CASE
               WHEN completed THEN 'completed'
               WHEN worst IS NULL OR days_gone < 3 OR worst >= round(expected, 2) THEN 'on_track'
               WHEN worst >= round(expected / 2, 2) THEN 'needs_attention'
               ELSE 'critical'
           END
    FROM pace;
END;

COMMENT ON FUNCTION goalkeeper_health(boolean, numeric, numeric, date, integer, date) IS
    'How a month goes, by its worst metric against the completed local days of those from first_day on; '
    'no verdict, so on_track, in the first three days and without a goal (SPEC 6 and 11).';


CREATE VIEW v_reps_today WITH (security_invoker = true) AS
SELECT r.workspace_id,
       r.id AS rep_id,
       r.user_id,
       u.slack_id,
       r.name AS rep_name,
       r.email,
       (
           SELECT string_agg(t.name, ', ' ORDER BY t.name)
           FROM team_memberships tm
           JOIN teams t ON t.workspace_id = tm.workspace_id AND t.id = tm.team_id
           WHERE tm.workspace_id = r.workspace_id
             AND tm.rep_id = r.id
             AND tm.started_on <= local.today
             AND (tm.ended_on IS NULL OR tm.ended_on > local.today)
       ) AS teams,
       r.joined_on,
       w.deadline_day,
       zone.name AS time_zone,
       local.today,
       extract(year FROM local.today)::integer AS year,
       extract(month FROM local.today)::integer AS month
FROM sales_reps r
JOIN workspaces w ON w.id = r.workspace_id
JOIN users u ON u.workspace_id = r.workspace_id AND u.id = r.user_id
CROSS JOIN LATERAL (SELECT coalesce(u.time_zone, w.time_zone) AS name) zone
CROSS JOIN LATERAL (SELECT (goalkeeper_now() AT TIME ZONE zone.name)::date AS today) local
WHERE r.is_active AND u.is_active;

COMMENT ON VIEW v_reps_today IS
    'Every active rep whom Slack has not deactivated, with the date it is for them now; the views below begin here.';
COMMENT ON COLUMN v_reps_today.teams IS 'Names of the teams the rep is in today.';
COMMENT ON COLUMN v_reps_today.time_zone IS 'The rep''s own zone, else the workspace''s.';
COMMENT ON COLUMN v_reps_today.today IS 'The date on the rep''s calendar now.';


CREATE VIEW v_current_month_goals WITH (security_invoker = true) AS
SELECT t.workspace_id,
       t.rep_id,
       t.rep_name,
       t.email,
       t.teams,
       t.year,
       t.month,
       m.signup_goal,
       m.signups_actual,
       m.signup_progress_percent,
       m.revenue_goal,
       m.revenue_actual,
       m.revenue_progress_percent,
       m.bonus_tier_goal,
       m.bonus_tier_actual,
       m.bonus_triggered,
       m.bonus_amount,
       m.status,
       m.completed_at,
       own.deadline,
       m.goal_set_at,
       m.set_by_deadline,
       goalkeeper_health(
           m.status = 'completed',
           CASE WHEN m.goal_set_at IS NOT NULL THEN m.signup_progress_percent END,
           CASE WHEN m.goal_set_at IS NOT NULL THEN m.revenue_progress_percent END,
           own.first_day,
           own.next_month - own.first_day,
           own.today
       ) AS health_status,
       goalkeeper_days_until(own.deadline, own.time_zone) AS days_until_deadline,
       own.time_zone
FROM v_reps_today t
LEFT JOIN rep_monthly_goals m
    ON m.workspace_id = t.workspace_id
   AND m.rep_id = t.rep_id
   AND m.goal_year = t.year
   AND m.goal_month = t.month
CROSS JOIN LATERAL (
    SELECT coalesce(m.time_zone, t.time_zone) AS time_zone,
           coalesce(
               m.deadline,
               goalkeeper_deadline(t.year, t.month, t.time_zone, t.deadline_day, t.joined_on)
           ) AS deadline,
           greatest(
               make_date(t.year, t.month, 1),
               CASE WHEN t.joined_on <= t.today THEN t.joined_on END
           ) AS first_day,
           (make_date(t.year, t.month, 1) + interval '1 month')::date AS next_month,
           CASE WHEN m.time_zone IS NULL THEN t.today
                ELSE (goalkeeper_now() AT TIME ZONE m.time_zone)::date END AS today
) own;

COMMENT ON VIEW v_current_month_goals IS
    'Every active rep with the month it is for them now; the goals are null while the month is not open (SPEC 11).';
COMMENT ON COLUMN v_current_month_goals.teams IS 'Names of the teams the rep is in today.';
COMMENT ON COLUMN v_current_month_goals.year IS 'Year of the rep''s local date.';
COMMENT ON COLUMN v_current_month_goals.month IS 'Month of the rep''s local date, 1 to 12.';
COMMENT ON COLUMN v_current_month_goals.signup_goal IS 'Only proposed while goal_set_at is null.';
COMMENT ON COLUMN v_current_month_goals.signup_progress_percent IS 'Actual ÷ goal × 100; null without a goal.';
COMMENT ON COLUMN v_current_month_goals.revenue_goal IS 'Only proposed while goal_set_at is null.';
COMMENT ON COLUMN v_current_month_goals.revenue_progress_percent IS 'Actual ÷ goal × 100; null without a goal.';
COMMENT ON COLUMN v_current_month_goals.bonus_tier_actual IS 'The tier reached by the signups, 0 for none.';
COMMENT ON COLUMN v_current_month_goals.bonus_triggered IS 'Whether the tier aimed at has been reached.';
COMMENT ON COLUMN v_current_month_goals.bonus_amount IS 'Amount of the tier reached, in the workspace''s currency.';
COMMENT ON COLUMN v_current_month_goals.deadline IS 'The first instant too late for setting the goals.';
COMMENT ON COLUMN v_current_month_goals.goal_set_at IS 'The first setting; null while the goals are not set.';
COMMENT ON COLUMN v_current_month_goals.health_status IS
    'completed; else by pace on_track (also without a set goal and in the first three days), needs_attention, critical.';
COMMENT ON COLUMN v_current_month_goals.days_until_deadline IS
    'Whole local days: 0 on the deadline''s day, negative after it.';
COMMENT ON COLUMN v_current_month_goals.time_zone IS 'The zone that rules this month.';


CREATE VIEW v_yearly_goals_summary WITH (security_invoker = true) AS
SELECT t.workspace_id,
       t.rep_id,
       t.rep_name,
       t.email,
       t.teams,
       t.year,
       y.yearly_signup_goal,
       y.yearly_signups_actual,
       y.yearly_signup_progress_percent,
       y.yearly_revenue_goal,
       y.yearly_revenue_actual,
       y.yearly_revenue_progress_percent,
       y.monthly_signup_target,
       y.monthly_revenue_target,
       t.month AS current_month,
       12 - t.month AS months_remaining,
       y.status,
       y.completed_at,
       y.goal_set_at
FROM v_reps_today t
LEFT JOIN rep_yearly_goals y
    ON y.workspace_id = t.workspace_id AND y.rep_id = t.rep_id AND y.goal_year = t.year;

COMMENT ON VIEW v_yearly_goals_summary IS
    'Every active rep with the year it is for them now; the goals are null while the year is not open (SPEC 11).';
COMMENT ON COLUMN v_yearly_goals_summary.teams IS 'Names of the teams the rep is in today.';
COMMENT ON COLUMN v_yearly_goals_summary.year IS 'Year of the rep''s local date.';
COMMENT ON COLUMN v_yearly_goals_summary.yearly_signups_actual IS 'Sum of the year''s months.';
COMMENT ON COLUMN v_yearly_goals_summary.yearly_revenue_actual IS 'Sum of the year''s months.';
COMMENT ON COLUMN v_yearly_goals_summary.monthly_signup_target IS 'A twelfth of the year''s goal.';
COMMENT ON COLUMN v_yearly_goals_summary.monthly_revenue_target IS 'A twelfth of the year''s goal.';
COMMENT ON COLUMN v_yearly_goals_summary.current_month IS 'Month of the rep''s local date, 1 to 12.';
COMMENT ON COLUMN v_yearly_goals_summary.months_remaining IS 'Months after the current one: 0 in December.';


CREATE VIEW v_goals_needing_setup WITH (security_invoker = true) AS
SELECT c.workspace_id,
       c.rep_id,
       c.rep_name,
       c.email,
       c.teams,
       c.year,
       c.month,
       c.deadline,
       CASE
           WHEN c.status IS NULL THEN 'not_set'
           WHEN c.goal_set_at IS NOT NULL THEN 'complete'
           WHEN goalkeeper_now() < c.deadline THEN 'pending'
           ELSE 'overdue'
       END AS deadline_status,
       c.days_until_deadline,
       c.goal_set_at,
       c.time_zone
FROM v_current_month_goals c
WHERE c.set_by_deadline IS NOT TRUE;

COMMENT ON VIEW v_goals_needing_setup IS
    'Every active rep who has not set the goals of the month it is for them now, or has set them late (SPEC 11).';
COMMENT ON COLUMN v_goals_needing_setup.teams IS 'Names of the teams the rep is in today.';
COMMENT ON COLUMN v_goals_needing_setup.deadline IS 'The first instant too late for setting the goals.';
COMMENT ON COLUMN v_goals_needing_setup.deadline_status IS
    'not_set: the month is not open; pending before and overdue after the deadline; complete: set, but late.';
COMMENT ON COLUMN v_goals_needing_setup.days_until_deadline IS
    'Whole local days: 0 on the deadline''s day, negative after it.';
