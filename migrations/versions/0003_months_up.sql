-- Triggers of one table fire in the order of their names, hence the numbers.

CREATE FUNCTION goalkeeper_open_month() RETURNS trigger
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

COMMENT ON FUNCTION goalkeeper_open_month() IS
    'Fills in what a new month leaves out: zone and bounds from the rep, tiers from the workspace (SPEC 2).';

CREATE TRIGGER a1_check_zone BEFORE INSERT OR UPDATE OF time_zone ON rep_monthly_goals
    FOR EACH ROW WHEN (NEW.time_zone IS NOT NULL) EXECUTE FUNCTION goalkeeper_check_zone();
CREATE TRIGGER a2_open BEFORE INSERT ON rep_monthly_goals
    FOR EACH ROW EXECUTE FUNCTION goalkeeper_open_month();


CREATE FUNCTION goalkeeper_keep_period() RETURNS trigger
    LANGUAGE plpgsql
AS $$
BEGIN
    RAISE EXCEPTION 'A goal stays with its rep and its period.'
        USING ERRCODE = 'restrict_violation', TABLE = TG_TABLE_NAME,
              HINT = 'Insert a row for the other rep or period instead.';
END
$$;

COMMENT ON FUNCTION goalkeeper_keep_period() IS
    'Refuses to move a goal to another rep or period: its zone, bounds and figures would be wrong there.';

CREATE TRIGGER a3_keep_period BEFORE UPDATE ON rep_monthly_goals
    FOR EACH ROW
    WHEN ((OLD.workspace_id, OLD.rep_id, OLD.goal_year, OLD.goal_month)
          IS DISTINCT FROM (NEW.workspace_id, NEW.rep_id, NEW.goal_year, NEW.goal_month))
    EXECUTE FUNCTION goalkeeper_keep_period();


CREATE FUNCTION goalkeeper_set_month() RETURNS trigger
    LANGUAGE plpgsql
AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.signup_goal = 0 AND NEW.revenue_goal = 0 THEN
            NEW.goal_set_at := NULL;
        END IF;
    ELSIF OLD.goal_set_at IS NOT NULL THEN
        NEW.goal_set_at := OLD.goal_set_at;
        NEW.goal_set_by := OLD.goal_set_by;
    ELSIF NEW.goal_set_at IS NULL
        AND (NEW.signup_goal > 0 OR NEW.revenue_goal > 0)
        AND (NEW.signup_goal, NEW.revenue_goal, NEW.bonus_tier_goal)
            IS DISTINCT FROM (OLD.signup_goal, OLD.revenue_goal, OLD.bonus_tier_goal)
    THEN
        NEW.goal_set_at := goalkeeper_now();
    END IF;
    IF NEW.goal_set_at IS NULL THEN
        NEW.goal_set_by := NULL;
    END IF;
    NEW.set_by_deadline := NEW.goal_set_at < NEW.deadline;
    RETURN NEW;
END
$$;

COMMENT ON FUNCTION goalkeeper_set_month() IS
    'Keeps the first setting for good, takes a change of an unset month''s figures for one, and judges it '
    'against the deadline (SPEC 2).';

CREATE TRIGGER b1_set BEFORE INSERT OR UPDATE ON rep_monthly_goals
    FOR EACH ROW EXECUTE FUNCTION goalkeeper_set_month();


CREATE FUNCTION goalkeeper_measure_month() RETURNS trigger
    LANGUAGE plpgsql
AS $$
BEGIN
    NEW.signup_progress_percent := goalkeeper_percent(NEW.signups_actual, NEW.signup_goal);
    NEW.revenue_progress_percent := goalkeeper_percent(NEW.revenue_actual, NEW.revenue_goal);
    NEW.bonus_tier_actual := coalesce((
        SELECT max(tier)
        FROM unnest(NEW.tier_signups) WITH ORDINALITY AS tiers (needed, tier)
        WHERE needed <= NEW.signups_actual
    ), 0);
    NEW.bonus_amount := coalesce(NEW.tier_amounts[NEW.bonus_tier_actual], 0);
    NEW.bonus_triggered := NEW.bonus_tier_goal > 0 AND NEW.bonus_tier_actual >= NEW.bonus_tier_goal;
    RETURN NEW;
END
$$;

COMMENT ON FUNCTION goalkeeper_measure_month() IS 'Keeps a month''s progress and bonus tier (SPEC 2).';

CREATE TRIGGER b2_measure BEFORE INSERT OR UPDATE ON rep_monthly_goals
    FOR EACH ROW EXECUTE FUNCTION goalkeeper_measure_month();


CREATE FUNCTION goalkeeper_complete_month() RETURNS trigger
    LANGUAGE plpgsql
AS $$
BEGIN
    IF NEW.status = 'archived' THEN
        RETURN NEW;
    END IF;
    IF NEW.goal_set_at IS NOT NULL AND goalkeeper_is_made(
        NEW.signup_goal, NEW.signups_actual, NEW.revenue_goal, NEW.revenue_actual
    ) THEN
        IF TG_OP = 'UPDATE' AND OLD.status = 'completed' THEN
            NEW.completed_at := OLD.completed_at;
        END IF;
        NEW.status := 'completed';
        NEW.completed_at := coalesce(NEW.completed_at, goalkeeper_now());
    ELSE
        IF NEW.status = 'completed' THEN
            NEW.status := CASE WHEN goalkeeper_now() < NEW.ends_at THEN 'active' ELSE 'missed' END;
        END IF;
        NEW.completed_at := NULL;
    END IF;
    RETURN NEW;
END
$$;

COMMENT ON FUNCTION goalkeeper_complete_month() IS
    'Completes a set month that is made, and takes that back when it no longer is; leaves archived ones (SPEC 2).';

CREATE TRIGGER b3_complete BEFORE INSERT OR UPDATE ON rep_monthly_goals
    FOR EACH ROW EXECUTE FUNCTION goalkeeper_complete_month();
