CREATE OR REPLACE VIEW month_awards WITH (security_invoker = true) AS
SELECT m.workspace_id, m.id AS monthly_goal_id, award.achievement_type, award.step, award.goal_value,
       award.actual_value, award.percent_achieved, award.bonus_amount, award.bonus_tier
FROM rep_monthly_goals m
CROSS JOIN LATERAL (
    SELECT m.goal_set_at IS NOT NULL AND m.signup_goal > 0 AND m.signups_actual >= m.signup_goal AS signups,
           m.goal_set_at IS NOT NULL AND m.revenue_goal > 0 AND m.revenue_actual >= m.revenue_goal AS revenue
) made
CROSS JOIN LATERAL (
    VALUES ('monthly_signup_goal', 0, made.signups, m.signup_goal::numeric, m.signups_actual::numeric,
            m.signup_progress_percent, 0.00, 0),
           ('monthly_revenue_goal', 0, made.revenue, m.revenue_goal, m.revenue_actual,
            m.revenue_progress_percent, 0.00, 0),
           ('perfect_month', 0, made.signups AND made.revenue AND m.set_by_deadline AND m.bonus_triggered,
            NULL, NULL, least(m.signup_progress_percent, m.revenue_progress_percent), m.bonus_amount,
            m.bonus_tier_actual::integer)
    UNION ALL
    -- Amounts are totals, so a tier adds what it has over the tier below.
    SELECT 'bonus_tier_unlocked', tier, tier <= m.bonus_tier_actual, m.tier_signups[tier],
           m.signups_actual, goalkeeper_percent(m.signups_actual, m.tier_signups[tier]),
           m.tier_amounts[tier] - coalesce(m.tier_amounts[tier - 1], 0), tier
    FROM generate_series(1, 6) AS tiers (tier)
) AS award (
    achievement_type, step, is_reached, goal_value, actual_value, percent_achieved, bonus_amount, bonus_tier
)
WHERE award.is_reached;

COMMENT ON VIEW month_awards IS 'What each month has achieved as it stands, streaks apart.';

GRANT SELECT ON month_awards TO goalkeeper_app;
