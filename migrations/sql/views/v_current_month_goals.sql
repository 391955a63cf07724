CREATE OR REPLACE VIEW v_current_month_goals WITH (security_invoker = true) AS
SELECT r.*,
       t.sales_rep_id,
       t.rep_name,
       t.team,
       t.year AS goal_year,
       t.month AS goal_month,
       m.signup_goal,
       m.signups_actual,
       m.signup_progress_percent,
       m.revenue_goal,
       m.revenue_actual,
       m.revenue_progress_percent,
       CASE WHEN m.goal_set_at IS NOT NULL THEN least(m.signup_progress_percent, m.revenue_progress_percent) END
           AS goal_progress,
       m.bonus_tier_goal,
       m.bonus_tier_actual,
       m.bonus_tier_actual AS current_bonus_tier,
       m.bonus_triggered,
       m.bonus_amount,
       m.status,
       m.completed_at,
       own.deadline,
       m.goal_set_at,
       m.goal_set_by,
       m.set_by_deadline,
       goalkeeper_health(
           m.status = 'completed',
           CASE WHEN m.goal_set_at IS NOT NULL THEN goalkeeper_pace(
               m.signup_goal, m.signups_actual, m.revenue_goal, m.revenue_actual,
               goalkeeper_counted_days(
                   own.first_day, least(own.today, own.next_month), w.working_days, w.pace_by),
               goalkeeper_counted_days(own.first_day, own.next_month, w.working_days, w.pace_by)
           ) END
       ) AS health_status,
       goalkeeper_days_until(own.deadline, own.time_zone) AS days_until_deadline,
       own.time_zone
FROM reps_today t
JOIN sales_reps r ON r.workspace_id = t.workspace_id AND r.id = t.sales_rep_id
JOIN workspaces w ON w.id = t.workspace_id
LEFT JOIN rep_monthly_goals m
    ON m.workspace_id = t.workspace_id
   AND m.sales_rep_id = t.sales_rep_id
   AND m.goal_year = t.year
   AND m.goal_month = t.month
CROSS JOIN LATERAL (
    SELECT coalesce(m.time_zone, t.zone) AS time_zone,
           coalesce(
               m.deadline,
               goalkeeper_deadline(t.year, t.month, t.zone, t.deadline_day, coalesce(t.settles_from, t.joined_on))
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
    'Every active rep with the month it is for them now; the goals are null while the month is not open.';
COMMENT ON COLUMN v_current_month_goals.team IS 'Name of the team the rep is in today.';
COMMENT ON COLUMN v_current_month_goals.goal_year IS 'Year of the rep''s local date.';
COMMENT ON COLUMN v_current_month_goals.goal_month IS 'Month of the rep''s local date, 1 to 12.';
COMMENT ON COLUMN v_current_month_goals.monthly_signup_goal IS 'The rep''s default for new months.';
COMMENT ON COLUMN v_current_month_goals.signup_goal IS 'Only proposed while goal_set_at is null.';
COMMENT ON COLUMN v_current_month_goals.signup_progress_percent IS 'Actual ÷ goal × 100; null without a goal.';
COMMENT ON COLUMN v_current_month_goals.revenue_goal IS 'Only proposed while goal_set_at is null.';
COMMENT ON COLUMN v_current_month_goals.revenue_progress_percent IS 'Actual ÷ goal × 100; null without a goal.';
COMMENT ON COLUMN v_current_month_goals.goal_progress IS
    'Percent of the metric that is furthest behind, so 100 or more when the month is made; null while the goals are not set.';
COMMENT ON COLUMN v_current_month_goals.bonus_tier_actual IS 'The tier reached by the signups, 0 for none.';
COMMENT ON COLUMN v_current_month_goals.current_bonus_tier IS 'The same as bonus_tier_actual.';
COMMENT ON COLUMN v_current_month_goals.bonus_triggered IS 'Whether the tier aimed at has been reached.';
COMMENT ON COLUMN v_current_month_goals.bonus_amount IS 'Amount of the tier reached, in the workspace''s currency.';
COMMENT ON COLUMN v_current_month_goals.deadline IS 'The first instant too late for setting the goals.';
COMMENT ON COLUMN v_current_month_goals.goal_set_at IS 'The first setting; null while the goals are not set.';
COMMENT ON COLUMN v_current_month_goals.health_status IS
    'completed; else by pace on_track (ahead too, and while there is no verdict), needs_attention (behind), critical.';
COMMENT ON COLUMN v_current_month_goals.days_until_deadline IS
    'Whole local days: 0 on the deadline''s day, negative after it.';
COMMENT ON COLUMN v_current_month_goals.time_zone IS 'The zone that rules this month.';

GRANT SELECT ON v_current_month_goals TO goalkeeper_app;
