CREATE OR REPLACE VIEW v_yearly_goals_summary WITH (security_invoker = true) AS
SELECT r.workspace_id,
       r.id,
       r.user_id,
       r.name,
       r.email,
       r.title,
       r.monthly_signup_goal,
       y.yearly_signup_goal,
       r.yearly_signup_goal AS default_yearly_signup_goal,
       r.is_active,
       r.joined_on,
       r.on_public_boards,
       r.ramp,
       r.created_at,
       r.updated_at,
       t.sales_rep_id,
       t.rep_name,
       t.team,
       t.year AS goal_year,
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
       y.goal_set_at,
       y.goal_set_by
FROM reps_today t
JOIN sales_reps r ON r.workspace_id = t.workspace_id AND r.id = t.sales_rep_id
LEFT JOIN rep_yearly_goals y
    ON y.workspace_id = t.workspace_id AND y.sales_rep_id = t.sales_rep_id AND y.goal_year = t.year;

COMMENT ON VIEW v_yearly_goals_summary IS
    'Every active rep with the year it is for them now; the goals are null while the year is not open.';
COMMENT ON COLUMN v_yearly_goals_summary.team IS 'Name of the team the rep is in today.';
COMMENT ON COLUMN v_yearly_goals_summary.goal_year IS 'Year of the rep''s local date.';
COMMENT ON COLUMN v_yearly_goals_summary.monthly_signup_goal IS 'The rep''s default for new months.';
COMMENT ON COLUMN v_yearly_goals_summary.yearly_signup_goal IS 'The goal of this year.';
COMMENT ON COLUMN v_yearly_goals_summary.default_yearly_signup_goal IS
    'The rep''s default for new years: sales_reps.yearly_signup_goal.';
COMMENT ON COLUMN v_yearly_goals_summary.yearly_signups_actual IS 'Sum of the year''s months.';
COMMENT ON COLUMN v_yearly_goals_summary.yearly_revenue_actual IS 'Sum of the year''s months.';
COMMENT ON COLUMN v_yearly_goals_summary.monthly_signup_target IS 'The year''s goal over the months carried.';
COMMENT ON COLUMN v_yearly_goals_summary.monthly_revenue_target IS 'The year''s goal over the months carried.';
COMMENT ON COLUMN v_yearly_goals_summary.current_month IS 'Month of the rep''s local date, 1 to 12.';
COMMENT ON COLUMN v_yearly_goals_summary.months_remaining IS 'Months after the current one: 0 in December.';

GRANT SELECT ON v_yearly_goals_summary TO goalkeeper_app;
