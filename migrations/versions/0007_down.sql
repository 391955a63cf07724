CREATE OR REPLACE FUNCTION goalkeeper_open_month() RETURNS trigger
    LANGUAGE plpgsql
AS $$
DECLARE
    rep record;
    first_day date := make_date(NEW.goal_year, NEW.goal_month, 1);
BEGIN
    SELECT r.joined_on, w.deadline_day, coalesce(u.time_zone, w.time_zone) AS time_zone
    INTO rep
    FROM sales_reps r
    JOIN workspaces w ON w.id = r.workspace_id
    JOIN users u ON u.workspace_id = r.workspace_id AND u.id = r.user_id
    WHERE r.workspace_id = NEW.workspace_id AND r.id = NEW.rep_id;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'There is no sales rep % in workspace %.', NEW.rep_id, coalesce(NEW.workspace_id::text, '(not given)')
            USING ERRCODE = 'foreign_key_violation', TABLE = TG_TABLE_NAME, COLUMN = 'rep_id';
    END IF;

    NEW.time_zone := coalesce(NEW.time_zone, rep.time_zone);
    NEW.starts_at := coalesce(NEW.starts_at, goalkeeper_local_instant(first_day, NEW.time_zone));
    NEW.ends_at := coalesce(
        NEW.ends_at, goalkeeper_local_instant(first_day + interval '1 month', NEW.time_zone)
    );
    NEW.deadline := coalesce(
        NEW.deadline,
        goalkeeper_deadline(NEW.goal_year, NEW.goal_month, NEW.time_zone, rep.deadline_day, rep.joined_on)
    );
    IF NEW.tier_signups IS NULL OR NEW.tier_amounts IS NULL THEN
        SELECT coalesce(NEW.tier_signups, array_agg(signups_needed ORDER BY tier)),
               coalesce(NEW.tier_amounts, array_agg(amount ORDER BY tier))
        INTO NEW.tier_signups, NEW.tier_amounts
        FROM bonus_tiers
        WHERE workspace_id = NEW.workspace_id;
    END IF;
    RETURN NEW;
END
$$;

DROP TRIGGER c1_say_so ON rep_monthly_goals;
DROP FUNCTION goalkeeper_goals_set();
DROP INDEX ix_outbox_deadlines;
DROP TRIGGER touch ON goal_deadline_reminders;
DROP POLICY everywhere_tick ON workspaces;
REVOKE UPDATE (tick_at) ON workspaces FROM goalkeeper_app, goalkeeper_everywhere;
DROP POLICY own_workspace ON goal_nudges;
DROP POLICY own_workspace ON goal_deadline_reminders;
REVOKE ALL ON goal_deadline_reminders, goal_nudges FROM goalkeeper_app;
