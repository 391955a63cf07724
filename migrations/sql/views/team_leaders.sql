CREATE OR REPLACE VIEW team_leaders WITH (security_invoker = true) AS
SELECT t.workspace_id,
       t.id AS team_id,
       t.manager_id,
       p.id AS leader_id,
       p.zone
FROM current_teams t
JOIN active_people p
    ON p.workspace_id = t.workspace_id
   AND (p.id = t.manager_id OR t.manager_id IS NULL AND p.role = 'admin');

COMMENT ON VIEW team_leaders IS 'The people who lead each team: its manager or, without one, every admin.';
COMMENT ON COLUMN team_leaders.zone IS 'The leader''s own time zone, else the workspace''s.';

GRANT SELECT ON team_leaders TO goalkeeper_app;
