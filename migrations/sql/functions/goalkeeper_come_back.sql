CREATE OR REPLACE FUNCTION goalkeeper_come_back() RETURNS trigger
    LANGUAGE plpgsql
AS $$
DECLARE
    rep record;
    stint record;
    today date;
    is_covered boolean;
BEGIN
    -- Reps are locked before their stints, as everywhere.
    SELECT r.id, coalesce(NEW.time_zone, w.time_zone) AS zone,
           w.deadline_day, w.former_deadline_day, w.deadline_day_from
    INTO rep
    FROM sales_reps r
    JOIN workspaces w ON w.id = r.workspace_id
    WHERE r.workspace_id = NEW.workspace_id AND r.user_id = NEW.id
    FOR NO KEY UPDATE OF r;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    today := (goalkeeper_now() AT TIME ZONE rep.zone)::date;

    -- The tick ends stints on the seventh day, but none may have run since.
    IF OLD.away_since <= goalkeeper_now() - interval '7 days' THEN
        UPDATE current_stints
        SET ended_on = greatest(started_on, (OLD.away_since AT TIME ZONE rep.zone)::date),
            ended_by_absence = true
        WHERE workspace_id = NEW.workspace_id AND sales_rep_id = rep.id;
    END IF;
    SELECT s.* INTO stint
    FROM rep_stints s
    WHERE s.workspace_id = NEW.workspace_id AND s.sales_rep_id = rep.id
    ORDER BY s.ended_on IS NULL DESC, s.started_on DESC, s.id DESC
    LIMIT 1;
    IF stint.ended_on IS NOT NULL THEN
        IF stint.ended_by_absence THEN
            INSERT INTO rep_stints (workspace_id, sales_rep_id, started_on)
            VALUES (NEW.workspace_id, rep.id, greatest(today, stint.ended_on));
        END IF;
        RETURN NULL;
    END IF;

    -- A shorter absence ends no stint, but a deadline that passed meanwhile could not be met.
    UPDATE rep_monthly_goals m
    SET deadline = goalkeeper_local_instant(
            ((goalkeeper_now() AT TIME ZONE m.time_zone)::date + 4)::timestamp, m.time_zone)
    WHERE m.workspace_id = NEW.workspace_id AND m.sales_rep_id = rep.id
      AND m.status IN ('active', 'missed') AND m.goal_set_at IS NULL
      AND m.deadline > OLD.away_since AND m.deadline <= goalkeeper_now();
    is_covered := FOUND;
    -- The month may not be open yet, because months aren't opened for people who are away.
    is_covered := is_covered OR (
        SELECT own.deadline > OLD.away_since AND own.deadline <= goalkeeper_now()
        FROM (SELECT goalkeeper_deadline(
                  extract(year FROM today)::integer, extract(month FROM today)::integer, rep.zone,
                  goalkeeper_deadline_day(
                      rep.deadline_day, rep.former_deadline_day, rep.deadline_day_from, today),
                  stint.settles_from) AS deadline) own);
    UPDATE rep_stints
    SET present_since = goalkeeper_now(),
        settles_from = CASE WHEN is_covered THEN today ELSE settles_from END
    WHERE workspace_id = stint.workspace_id AND id = stint.id;
    RETURN NULL;
END
$$;

COMMENT ON FUNCTION goalkeeper_come_back() IS
    'A rep is back in Slack: after seven days or more as somebody who has just joined; after fewer with three '
    'days for a deadline that passed meanwhile.';
