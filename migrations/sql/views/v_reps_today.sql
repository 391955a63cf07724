-- Guests and people of other workspaces take part no more than deactivated people do.
CREATE OR REPLACE VIEW v_reps_today WITH (security_invoker = true) AS
SELECT r.workspace_id,
       r.id AS sales_rep_id,
       r.user_id,
       u.slack_id,
       r.name AS rep_name,
       r.email,
       (
           SELECT string_agg(t.name, ', ' ORDER BY t.name)
           FROM team_memberships tm
           JOIN teams t ON t.workspace_id = tm.workspace_id AND t.id = tm.team_id
           WHERE tm.workspace_id = r.workspace_id
             AND tm.sales_rep_id = r.id
             AND tm.started_on <= local.today
             AND (tm.ended_on IS NULL OR tm.ended_on > local.today)
       ) AS teams,
       r.joined_on,
       goalkeeper_deadline_day(
           w.deadline_day, w.former_deadline_day, w.deadline_day_from, local.today
       ) AS deadline_day,
       zone.name AS time_zone,
       local.today,
       extract(year FROM local.today)::integer AS year,
       extract(month FROM local.today)::integer AS month
FROM sales_reps r
JOIN workspaces w ON w.id = r.workspace_id
JOIN users u ON u.workspace_id = r.workspace_id AND u.id = r.user_id
CROSS JOIN LATERAL (SELECT coalesce(u.time_zone, w.time_zone) AS name) zone
CROSS JOIN LATERAL (SELECT (goalkeeper_now() AT TIME ZONE zone.name)::date AS today) local
WHERE r.is_active AND u.is_active AND u.standing = 'member';

COMMENT ON VIEW v_reps_today IS
    'Every active rep who is an active member of the Slack workspace, with the date it is for them now; the views below begin here.';
COMMENT ON COLUMN v_reps_today.teams IS 'Names of the teams the rep is in today.';
COMMENT ON COLUMN v_reps_today.time_zone IS 'The rep''s own zone, else the workspace''s.';
COMMENT ON COLUMN v_reps_today.today IS 'The date on the rep''s calendar now.';

GRANT SELECT ON v_reps_today TO goalkeeper_app;
