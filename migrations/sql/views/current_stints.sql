CREATE OR REPLACE VIEW current_stints WITH (security_invoker = true) AS
SELECT s.workspace_id,
       s.id,
       s.sales_rep_id,
       s.started_on,
       s.settles_from,
       s.present_since,
       s.ended_on,
       s.ended_by_absence
FROM rep_stints s
WHERE s.ended_on IS NULL;

COMMENT ON VIEW current_stints IS 'The stint in which each rep carries goals now.';
COMMENT ON COLUMN current_stints.ended_on IS 'Always null; setting it ends the stint.';

GRANT SELECT, UPDATE ON current_stints TO goalkeeper_app;
