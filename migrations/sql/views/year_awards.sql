CREATE OR REPLACE VIEW year_awards WITH (security_invoker = true) AS
SELECT y.workspace_id, y.id AS yearly_goal_id, award.achievement_type, award.goal_value, award.actual_value,
       award.percent_achieved
FROM rep_yearly_goals y
CROSS JOIN LATERAL (
    VALUES ('yearly_signup_goal', y.yearly_signup_goal::numeric, y.yearly_signups_actual::numeric,
            y.yearly_signup_progress_percent),
           ('yearly_revenue_goal', y.yearly_revenue_goal, y.yearly_revenue_actual,
            y.yearly_revenue_progress_percent)
) AS award (achievement_type, goal_value, actual_value, percent_achieved)
WHERE y.goal_set_at IS NOT NULL AND award.goal_value > 0 AND award.actual_value >= award.goal_value;

COMMENT ON VIEW year_awards IS 'What each year has achieved as it stands.';

GRANT SELECT ON year_awards TO goalkeeper_app;
