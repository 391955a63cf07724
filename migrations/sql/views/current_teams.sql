CREATE OR REPLACE VIEW current_teams WITH (security_invoker = true) AS
SELECT t.workspace_id,
       t.id,
       t.name,
       t.channel,
       m.id AS manager_id,
       m.slack_id AS manager_slack_id,
       m.name AS manager_name
FROM teams t
LEFT JOIN active_people m ON m.workspace_id = t.workspace_id AND m.id = t.manager_id;

COMMENT ON VIEW current_teams IS 'Every team, with its manager unless they have left.';

GRANT SELECT ON current_teams TO goalkeeper_app;
