CREATE OR REPLACE VIEW v_yearly_goals_summary WITH (security_invoker = true) AS
SELECT t.workspace_id,
       t.sales_rep_id,
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
    ON y.workspace_id = t.workspace_id AND y.sales_rep_id = t.sales_rep_id AND y.goal_year = t.year;

COMMENT ON VIEW v_yearly_goals_summary IS
    'Every active rep with the year it is for them now; the goals are null while the year is not open.';
COMMENT ON COLUMN v_yearly_goals_summary.teams IS 'Names of the teams the rep is in today.';
COMMENT ON COLUMN v_yearly_goals_summary.year IS 'Year of the rep''s local date.';
COMMENT ON COLUMN v_yearly_goals_summary.yearly_signups_actual IS 'Sum of the year''s months.';
COMMENT ON COLUMN v_yearly_goals_summary.yearly_revenue_actual IS 'Sum of the year''s months.';
COMMENT ON COLUMN v_yearly_goals_summary.monthly_signup_target IS 'A twelfth of the year''s goal.';
COMMENT ON COLUMN v_yearly_goals_summary.monthly_revenue_target IS 'A twelfth of the year''s goal.';
COMMENT ON COLUMN v_yearly_goals_summary.current_month IS 'Month of the rep''s local date, 1 to 12.';
COMMENT ON COLUMN v_yearly_goals_summary.months_remaining IS 'Months after the current one: 0 in December.';

GRANT SELECT ON v_yearly_goals_summary TO goalkeeper_app;
