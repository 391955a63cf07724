-- `away_since` is kept by a trigger: guests, bots and people of other workspaces take part no more than
-- deactivated people do.
CREATE OR REPLACE VIEW active_people WITH (security_invoker = true) AS
SELECT u.workspace_id,
       u.id,
       u.slack_id,
       u.name,
       u.email,
       u.role,
       u.named_admin,
       u.slack_admin,
       u.dm_channel,
       u.zone
FROM people u
WHERE u.away_since IS NULL;

COMMENT ON VIEW active_people IS 'People who take part: active members of the Slack workspace.';
COMMENT ON COLUMN active_people.zone IS 'The person''s own time zone, else the workspace''s.';

GRANT SELECT ON active_people TO goalkeeper_app;
