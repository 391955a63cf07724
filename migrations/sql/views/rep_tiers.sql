CREATE OR REPLACE VIEW rep_tiers WITH (security_invoker = true) AS
SELECT r.workspace_id,
       r.id AS sales_rep_id,
       coalesce(own.tier_signups, usual.tier_signups) AS tier_signups,
       coalesce(own.tier_amounts, usual.tier_amounts) AS tier_amounts
FROM sales_reps r
JOIN people u ON u.workspace_id = r.workspace_id AND u.id = r.user_id
LEFT JOIN tier_tables usual ON usual.workspace_id = r.workspace_id AND usual.team_id IS NULL
LEFT JOIN team_memberships m
    ON m.workspace_id = r.workspace_id
   AND m.sales_rep_id = r.id
   AND daterange(m.started_on, m.ended_on)
       @> (goalkeeper_now() AT TIME ZONE u.zone)::date
LEFT JOIN tier_tables own ON own.workspace_id = m.workspace_id AND own.team_id = m.team_id;

COMMENT ON VIEW rep_tiers IS
    'The bonus tiers that a month of each rep is opened with today: those of the rep''s team, else the workspace''s.';

GRANT SELECT ON rep_tiers TO goalkeeper_app;
