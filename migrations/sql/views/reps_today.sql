CREATE OR REPLACE VIEW reps_today WITH (security_invoker = true) AS
SELECT r.workspace_id,
       r.id AS sales_rep_id,
       r.name AS rep_name,
       (
           SELECT t.name
           FROM team_memberships tm
           JOIN teams t ON t.workspace_id = tm.workspace_id AND t.id = tm.team_id
           WHERE tm.workspace_id = r.workspace_id
             AND tm.sales_rep_id = r.id
             AND daterange(tm.started_on, tm.ended_on) @> local.today
       ) AS team,
       r.joined_on,
       r.settles_from,
       goalkeeper_deadline_day(
           w.deadline_day, w.former_deadline_day, w.deadline_day_from, local.today
       ) AS deadline_day,
       r.zone,
       local.today,
       extract(year FROM local.today)::integer AS year,
       extract(month FROM local.today)::integer AS month
FROM active_reps r
JOIN workspaces w ON w.id = r.workspace_id
CROSS JOIN LATERAL (SELECT (goalkeeper_now() AT TIME ZONE r.zone)::date AS today) local;

COMMENT ON VIEW reps_today IS
    'Reps who take part, with the date it is for them now and what follows from it; the views for people with a SQL client begin here.';
COMMENT ON COLUMN reps_today.team IS 'Name of the team the rep is in today.';
COMMENT ON COLUMN reps_today.zone IS 'The rep''s own time zone, else the workspace''s.';
COMMENT ON COLUMN reps_today.today IS 'The date on the rep''s calendar now.';

GRANT SELECT ON reps_today TO goalkeeper_app;
