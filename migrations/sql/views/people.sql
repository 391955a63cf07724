-- The join is an outer one, so that the planner leaves it out where nobody asks for the zone.
CREATE OR REPLACE VIEW people WITH (security_invoker = true) AS
SELECT u.workspace_id,
       u.id,
       u.slack_id,
       u.name,
       u.email,
       u.role,
       u.named_admin,
       u.slack_admin,
       u.dm_channel,
       u.is_active,
       u.standing,
       u.away_since,
       coalesce(u.time_zone, w.time_zone) AS zone
FROM users u
LEFT JOIN workspaces w ON w.id = u.workspace_id;

COMMENT ON VIEW people IS 'Everybody whom Goalkeeper knows.';
COMMENT ON COLUMN people.zone IS 'The person''s own time zone, else the workspace''s.';

GRANT SELECT ON people TO goalkeeper_app;
