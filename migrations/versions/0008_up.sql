GRANT SELECT, INSERT ON settings_changes TO goalkeeper_app;
GRANT UPDATE (former_deadline_day, deadline_day_from) ON workspaces TO goalkeeper_app;

ALTER TABLE settings_changes ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_workspace ON settings_changes TO goalkeeper_app
    USING (workspace_id = (SELECT nullif(current_setting('goalkeeper.workspace', true), '')::bigint))
    WITH CHECK (workspace_id = (SELECT nullif(current_setting('goalkeeper.workspace', true), '')::bigint));

CREATE TRIGGER only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON settings_changes
    FOR EACH STATEMENT EXECUTE FUNCTION goalkeeper_refuse_rewriting();

CREATE FUNCTION goalkeeper_deadline_day(
    deadline_day smallint, former_deadline_day smallint, deadline_day_from date, day date
) RETURNS smallint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN day < deadline_day_from THEN former_deadline_day ELSE deadline_day END;

COMMENT ON FUNCTION goalkeeper_deadline_day(smallint, smallint, date, date) IS
    'The deadline day that counts in the month of `day`: a change counts from next month (SPEC 1).';


-- As before, with the deadline day that counts in the month.
CREATE OR REPLACE FUNCTION goalkeeper_open_month() RETURNS trigger
    LANGUAGE plpgsql
AS $$
DECLARE
    rep record;
    first_day date := make_date(NEW.goal_year, NEW.goal_month, 1);
BEGIN
    IF num_nulls(
        NEW.time_zone, NEW.starts_at, NEW.ends_at, NEW.deadline, NEW.tier_signups, NEW.tier_amounts
    ) = 0 THEN
        RETURN NEW;
    END IF;
    SELECT r.joined_on, coalesce(u.time_zone, w.time_zone) AS time_zone,
           goalkeeper_deadline_day(
               w.deadline_day, w.former_deadline_day, w.deadline_day_from, first_day
           ) AS deadline_day
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


CREATE OR REPLACE VIEW v_reps_today WITH (security_invoker = true) AS
SELECT r.workspace_id,
       r.id AS rep_id,
       r.user_id,
       u.slack_id,
       r.name AS rep_name,
       r.email,
       (
           SELECT string_agg(t.name, ', ' ORDER BY t.name)
           FROM team_memberships tm
           JOIN teams t ON t.workspace_id = tm.workspace_id AND t.id = tm.team_id
           WHERE tm.workspace_id = r.workspace_id
             AND tm.rep_id = r.id
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
WHERE r.is_active AND u.is_active;
