CREATE OR REPLACE VIEW v_goals_needing_setup WITH (security_invoker = true) AS
SELECT c.workspace_id,
       c.sales_rep_id,
       c.rep_name,
       c.email,
       c.teams,
       c.year,
       c.month,
       c.deadline,
       CASE
           WHEN c.status IS NULL THEN 'not_set'
           WHEN c.goal_set_at IS NOT NULL THEN 'complete'
           WHEN goalkeeper_now() < c.deadline THEN 'pending'
           ELSE 'overdue'
       END AS deadline_status,
       c.days_until_deadline,
       c.goal_set_at,
       c.time_zone
FROM v_current_month_goals c
WHERE c.set_by_deadline IS NOT TRUE
  -- Where the deadline lies beyond the month's end, the month is optional.
  AND (c.deadline AT TIME ZONE c.time_zone)::date <= (make_date(c.year, c.month, 1) + interval '1 month')::date;

COMMENT ON VIEW v_goals_needing_setup IS
    'Every active rep who has not set the goals of the month it is for them now, or has set them late.';
COMMENT ON COLUMN v_goals_needing_setup.teams IS 'Names of the teams the rep is in today.';
COMMENT ON COLUMN v_goals_needing_setup.deadline IS 'The first instant too late for setting the goals.';
COMMENT ON COLUMN v_goals_needing_setup.deadline_status IS
    'not_set: the month is not open; pending before and overdue after the deadline; complete: set, but late.';
COMMENT ON COLUMN v_goals_needing_setup.days_until_deadline IS
    'Whole local days: 0 on the deadline''s day, negative after it.';

GRANT SELECT ON v_goals_needing_setup TO goalkeeper_app;
