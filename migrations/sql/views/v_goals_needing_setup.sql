CREATE OR REPLACE VIEW v_goals_needing_setup WITH (security_invoker = true) AS
SELECT r.*,
       c.sales_rep_id,
       c.rep_name,
       c.team,
       c.goal_year,
       c.goal_month,
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
JOIN sales_reps r ON r.workspace_id = c.workspace_id AND r.id = c.sales_rep_id
WHERE c.set_by_deadline IS NOT TRUE
  -- Where the deadline lies beyond the month's end, the month is optional.
  AND (c.deadline AT TIME ZONE c.time_zone)::date
      <= (make_date(c.goal_year, c.goal_month, 1) + interval '1 month')::date;

COMMENT ON VIEW v_goals_needing_setup IS
    'Every active rep who has not set the goals of the month it is for them now, or has set them late.';
COMMENT ON COLUMN v_goals_needing_setup.team IS 'Name of the team the rep is in today.';
COMMENT ON COLUMN v_goals_needing_setup.goal_year IS 'Year of the rep''s local date.';
COMMENT ON COLUMN v_goals_needing_setup.goal_month IS 'Month of the rep''s local date, 1 to 12.';
COMMENT ON COLUMN v_goals_needing_setup.deadline IS 'The first instant too late for setting the goals.';
COMMENT ON COLUMN v_goals_needing_setup.deadline_status IS
    'not_set: the month is not open; pending before and overdue after the deadline; complete: set, but late.';
COMMENT ON COLUMN v_goals_needing_setup.days_until_deadline IS
    'Whole local days: 0 on the deadline''s day, negative after it.';

GRANT SELECT ON v_goals_needing_setup TO goalkeeper_app;
