CREATE OR REPLACE VIEW current_memberships WITH (security_invoker = true) AS
SELECT m.workspace_id,
       m.id,
       m.sales_rep_id,
       m.team_id,
       m.started_on,
       m.ended_on
FROM team_memberships m
WHERE m.ended_on IS NULL;

COMMENT ON VIEW current_memberships IS 'The team that each rep is in, until they leave it or move.';
COMMENT ON COLUMN current_memberships.ended_on IS 'Always null; setting it ends the membership.';

GRANT SELECT, UPDATE ON current_memberships TO goalkeeper_app;
