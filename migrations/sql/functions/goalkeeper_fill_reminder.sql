CREATE OR REPLACE FUNCTION goalkeeper_fill_reminder() RETURNS trigger
    LANGUAGE plpgsql
AS $$
DECLARE
    month record;
    first_day date := make_date(NEW.target_year, NEW.target_month, 1);
    last_day date;
BEGIN
    SELECT coalesce(m.time_zone, own.zone) AS time_zone, w.reminder_time,
           coalesce(m.deadline, goalkeeper_deadline(
               NEW.target_year, NEW.target_month, own.zone,
               goalkeeper_deadline_day(w.deadline_day, w.former_deadline_day, w.deadline_day_from, first_day),
               coalesce(s.settles_from, r.joined_on)
           )) AS deadline
    INTO month
    FROM sales_reps r
    JOIN workspaces w ON w.id = r.workspace_id
    CROSS JOIN LATERAL (SELECT goalkeeper_rep_zone(r.workspace_id, r.id) AS zone) own
    LEFT JOIN current_stints s ON s.workspace_id = r.workspace_id AND s.sales_rep_id = r.id
    LEFT JOIN rep_monthly_goals m
        ON m.workspace_id = r.workspace_id AND m.sales_rep_id = r.id
       AND m.goal_year = NEW.target_year AND m.goal_month = NEW.target_month
    WHERE r.workspace_id = NEW.workspace_id AND r.id = NEW.sales_rep_id;

    NEW.deadline := coalesce(NEW.deadline, month.deadline);
    last_day := ((NEW.deadline - interval '1 second') AT TIME ZONE month.time_zone)::date;
    NEW.due_at := coalesce(NEW.due_at, goalkeeper_local_instant(
        last_day + month.reminder_time + CASE NEW.reminder_type
            WHEN 'goal_deadline_3days' THEN interval '-3 days'
            WHEN 'goal_deadline_1day' THEN interval '-1 day'
            WHEN 'goal_deadline_day' THEN interval '0'
            WHEN 'goal_overdue' THEN interval '1 day'
        END,
        month.time_zone
    ));
    RETURN NEW;
END
$$;

COMMENT ON FUNCTION goalkeeper_fill_reminder() IS
    'Fills in what a new reminder leaves out: the month''s deadline, and the reminder time on the stage''s day.';
