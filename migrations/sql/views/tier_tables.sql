CREATE OR REPLACE VIEW tier_tables WITH (security_invoker = true) AS
SELECT workspace_id,
       team_id,
       array_agg(signups_needed ORDER BY tier) AS tier_signups,
       array_agg(amount ORDER BY tier) AS tier_amounts
FROM bonus_tiers
GROUP BY workspace_id, team_id
HAVING team_id IS NULL OR count(*) = 6;

COMMENT ON VIEW tier_tables IS
    'The bonus tiers as tables: the workspace''s, where team_id is null, and those of teams with all six of their own.';

GRANT SELECT ON tier_tables TO goalkeeper_app;
