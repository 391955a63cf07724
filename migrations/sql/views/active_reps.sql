CREATE OR REPLACE VIEW active_reps WITH (security_invoker = true) AS
SELECT r.workspace_id,
       r.id,
       r.user_id,
       p.slack_id,
       r.name,
       r.joined_on,
       s.started_on,
       s.settles_from,
       s.present_since,
       p.zone
FROM sales_reps r
JOIN active_people p ON p.workspace_id = r.workspace_id AND p.id = r.user_id
LEFT JOIN current_stints s ON s.workspace_id = r.workspace_id AND s.sales_rep_id = r.id
WHERE r.is_active;

COMMENT ON VIEW active_reps IS 'Reps who carry goals now and take part, each with the current stint.';
COMMENT ON COLUMN active_reps.zone IS 'The rep''s own time zone, else the workspace''s.';

GRANT SELECT ON active_reps TO goalkeeper_app;
