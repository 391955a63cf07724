CREATE OR REPLACE VIEW leads WITH (security_invoker = true) AS
SELECT l.workspace_id,
       l.leader_id,
       l.zone,
       l.team_id,
       l.manager_id,
       r.id AS sales_rep_id
FROM team_leaders l
JOIN current_memberships m ON m.workspace_id = l.workspace_id AND m.team_id = l.team_id
JOIN active_reps r ON r.workspace_id = m.workspace_id AND r.id = m.sales_rep_id;

COMMENT ON VIEW leads IS 'Which manager leads which rep; every admin leads the reps of teams without a manager.';
COMMENT ON COLUMN leads.zone IS 'The leader''s own time zone, else the workspace''s.';
COMMENT ON COLUMN leads.manager_id IS 'The team''s manager; null where admins lead it.';

GRANT SELECT ON leads TO goalkeeper_app;
