CREATE OR REPLACE VIEW current_stints WITH (security_invoker = true) AS
SELECT s.workspace_id,
       s.id,
       s.sales_rep_id,
       s.started_on,
       s.settles_from,
       s.present_since
FROM rep_stints s
WHERE s.ended_on IS NULL;

COMMENT ON VIEW current_stints IS 'The stint in which each rep carries goals now.';

GRANT SELECT ON current_stints TO goalkeeper_app;
