GRANT SELECT, INSERT, UPDATE ON rep_stints TO goalkeeper_app;

ALTER TABLE rep_stints ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_workspace ON rep_stints TO goalkeeper_app
    USING (workspace_id = (SELECT nullif(current_setting('goalkeeper.workspace', true), '')::bigint))
    WITH CHECK (workspace_id = (SELECT nullif(current_setting('goalkeeper.workspace', true), '')::bigint));

UPDATE users SET away_since = updated_at WHERE NOT (is_active AND standing = 'member');
INSERT INTO rep_stints (workspace_id, rep_id, started_on, settles_from, present_since)
SELECT workspace_id, id, joined_on, joined_on, created_at FROM sales_reps WHERE is_active;


CREATE FUNCTION goalkeeper_rep_today(workspace_id bigint, rep_id bigint) RETURNS date
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN (goalkeeper_now() AT TIME ZONE goalkeeper_rep_zone(workspace_id, rep_id))::date;

COMMENT ON FUNCTION goalkeeper_rep_today(bigint, bigint) IS 'The date on a rep''s calendar now.';


-- Who is away ---------------------------------------------------------------------------------------------

CREATE FUNCTION goalkeeper_note_absence() RETURNS trigger
    LANGUAGE plpgsql
AS $$
BEGIN
    IF NEW.is_active AND NEW.standing = 'member' THEN
        NEW.away_since := NULL;
    ELSE
        NEW.away_since := coalesce(NEW.away_since, goalkeeper_now());
    END IF;
    RETURN NEW;
END
$$;

COMMENT ON FUNCTION goalkeeper_note_absence() IS
    'Keeps since when somebody has taken no part: deactivated in Slack, or no longer a member.';

CREATE TRIGGER note_absence BEFORE INSERT OR UPDATE OF is_active, standing, away_since ON users
    FOR EACH ROW EXECUTE FUNCTION goalkeeper_note_absence();


CREATE FUNCTION goalkeeper_come_back() RETURNS trigger
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
        UPDATE rep_stints
        SET ended_on = greatest(started_on, (OLD.away_since AT TIME ZONE rep.zone)::date),
            ended_by_absence = true
        WHERE workspace_id = NEW.workspace_id AND rep_id = rep.id AND ended_on IS NULL;
    END IF;
    SELECT s.* INTO stint
    FROM rep_stints s
    WHERE s.workspace_id = NEW.workspace_id AND s.rep_id = rep.id
    ORDER BY s.ended_on IS NULL DESC, s.started_on DESC, s.id DESC
    LIMIT 1;
    IF stint.ended_on IS NOT NULL THEN
        IF stint.ended_by_absence THEN
            INSERT INTO rep_stints (workspace_id, rep_id, started_on)
            VALUES (NEW.workspace_id, rep.id, greatest(today, stint.ended_on));
        END IF;
        RETURN NULL;
    END IF;

    -- A shorter absence ends no stint, but a deadline that passed meanwhile could not be met.
    UPDATE rep_monthly_goals m
    SET deadline = goalkeeper_local_instant(
            ((goalkeeper_now() AT TIME ZONE m.time_zone)::date + 4)::timestamp, m.time_zone)
    WHERE m.workspace_id = NEW.workspace_id AND m.rep_id = rep.id
      AND m.status IN ('active', 'missed') AND m.goal_set_at IS NULL
      AND m.deadline > OLD.away_since AND m.deadline <= goalkeeper_now();
    is_covered := FOUND;
    -- The month may not be open yet: nobody opens one for somebody who is away.
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
    'days for a deadline that passed meanwhile (SPEC 1 and 2).';

CREATE TRIGGER come_back AFTER UPDATE ON users
    FOR EACH ROW WHEN (OLD.away_since IS NOT NULL AND NEW.away_since IS NULL)
    EXECUTE FUNCTION goalkeeper_come_back();


-- Stints --------------------------------------------------------------------------------------------------

CREATE FUNCTION goalkeeper_fill_stint() RETURNS trigger
    LANGUAGE plpgsql
AS $$
BEGIN
    NEW.started_on := coalesce(NEW.started_on, goalkeeper_rep_today(NEW.workspace_id, NEW.rep_id));
    NEW.settles_from := coalesce(NEW.settles_from, NEW.started_on);
    RETURN NEW;
END
$$;

COMMENT ON FUNCTION goalkeeper_fill_stint() IS 'A stint begins today, by the rep''s calendar, unless it says when.';

CREATE TRIGGER a1_fill BEFORE INSERT ON rep_stints
    FOR EACH ROW WHEN (NEW.started_on IS NULL OR NEW.settles_from IS NULL)
    EXECUTE FUNCTION goalkeeper_fill_stint();


CREATE FUNCTION goalkeeper_check_stints() RETURNS trigger
    LANGUAGE plpgsql
AS $$
BEGIN
    -- Two transactions do not see each other's stints: those of one rep wait for one another here.
    PERFORM FROM sales_reps r
    WHERE (r.workspace_id, r.id) IN (SELECT workspace_id, rep_id FROM changed)
    ORDER BY r.workspace_id, r.id
    FOR NO KEY UPDATE;
    IF EXISTS (
        SELECT
        FROM changed c
        JOIN rep_stints s
          ON s.workspace_id = c.workspace_id AND s.rep_id = c.rep_id AND s.id <> c.id
         AND daterange(s.started_on, s.ended_on) && daterange(c.started_on, c.ended_on)
    ) THEN
        RAISE EXCEPTION 'A rep carries goals once on any day: these stints overlap.'
            USING ERRCODE = 'exclusion_violation', TABLE = TG_TABLE_NAME,
                  HINT = 'End the one (ended_on is the first day no longer) before the other begins.';
    END IF;
    RETURN NULL;
END
$$;

COMMENT ON FUNCTION goalkeeper_check_stints() IS 'Refuses two stints of a rep that share a day.';

CREATE TRIGGER a1_check_inserted AFTER INSERT ON rep_stints
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION goalkeeper_check_stints();
CREATE TRIGGER a1_check_updated AFTER UPDATE ON rep_stints
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION goalkeeper_check_stints();


CREATE FUNCTION goalkeeper_derive_reps() RETURNS trigger
    LANGUAGE plpgsql
AS $$
BEGIN
    UPDATE sales_reps r
    SET is_active = last.ended_on IS NULL, joined_on = last.started_on
    FROM (
        SELECT DISTINCT ON (s.workspace_id, s.rep_id) s.workspace_id, s.rep_id, s.started_on, s.ended_on
        FROM rep_stints s
        WHERE (s.workspace_id, s.rep_id) IN (SELECT workspace_id, rep_id FROM changed)
        ORDER BY s.workspace_id, s.rep_id, s.ended_on IS NULL DESC, s.started_on DESC, s.id DESC
    ) last
    WHERE r.workspace_id = last.workspace_id AND r.id = last.rep_id
      AND (r.is_active, r.joined_on) IS DISTINCT FROM (last.ended_on IS NULL, last.started_on);
    RETURN NULL;
END
$$;

COMMENT ON FUNCTION goalkeeper_derive_reps() IS
    'A rep is active while a stint is open, and joined on the first day of the last one (SPEC 1).';

CREATE TRIGGER b1_derive_inserted AFTER INSERT ON rep_stints
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION goalkeeper_derive_reps();
CREATE TRIGGER b1_derive_updated AFTER UPDATE ON rep_stints
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION goalkeeper_derive_reps();
CREATE TRIGGER b1_derive_deleted AFTER DELETE ON rep_stints
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION goalkeeper_derive_reps();


CREATE FUNCTION goalkeeper_archive_months() RETURNS trigger
    LANGUAGE plpgsql
AS $$
BEGIN
    UPDATE rep_monthly_goals m
    SET status = 'archived'
    FROM rows_after a
    JOIN rows_before b ON b.workspace_id = a.workspace_id AND b.id = a.id
    WHERE b.ended_on IS NULL AND a.ended_on IS NOT NULL
      AND m.workspace_id = a.workspace_id AND m.rep_id = a.rep_id AND m.status IN ('active', 'missed')
      AND make_date(m.goal_year, m.goal_month, 1) + interval '1 month' > a.ended_on;
    RETURN NULL;
END
$$;

COMMENT ON FUNCTION goalkeeper_archive_months() IS
    'Archives the months in which a rep has left, unless they are made: those stay completed (SPEC 1).';

CREATE TRIGGER c1_archive_months AFTER UPDATE ON rep_stints
    REFERENCING OLD TABLE AS rows_before NEW TABLE AS rows_after
    FOR EACH STATEMENT EXECUTE FUNCTION goalkeeper_archive_months();


CREATE FUNCTION goalkeeper_resume_months() RETURNS trigger
    LANGUAGE plpgsql
AS $$
DECLARE
    rep record;
BEGIN
    -- One rep at a time: new reps have no month, and those who return are few. They are found first, because
    -- joining all of a roster was quadratic while the tables are not analysed.
    FOR rep IN
        WITH back AS MATERIALIZED (
            SELECT b.workspace_id, b.rep_id, b.started_on, b.settles_from
            FROM begun b
            WHERE b.ended_on IS NULL
              AND EXISTS (SELECT FROM rep_monthly_goals m
                          WHERE m.workspace_id = b.workspace_id AND m.rep_id = b.rep_id)
        )
        SELECT b.workspace_id, b.rep_id, b.started_on, b.settles_from,
               coalesce(u.time_zone, w.time_zone) AS zone,
               w.deadline_day, w.former_deadline_day, w.deadline_day_from
        FROM back b
        JOIN sales_reps r ON r.workspace_id = b.workspace_id AND r.id = b.rep_id
        JOIN users u ON u.workspace_id = r.workspace_id AND u.id = r.user_id
        JOIN workspaces w ON w.id = r.workspace_id
        ORDER BY b.workspace_id, b.rep_id
    LOOP
        UPDATE rep_monthly_goals m
        SET time_zone = rep.zone,
            starts_at = goalkeeper_local_instant(make_date(m.goal_year, m.goal_month, 1), rep.zone),
            ends_at = goalkeeper_local_instant(
                make_date(m.goal_year, m.goal_month, 1) + interval '1 month', rep.zone),
            deadline = goalkeeper_deadline(
                m.goal_year, m.goal_month, rep.zone,
                goalkeeper_deadline_day(
                    rep.deadline_day, rep.former_deadline_day, rep.deadline_day_from,
                    make_date(m.goal_year, m.goal_month, 1)),
                rep.settles_from),
            status = CASE m.status WHEN 'archived' THEN 'active' ELSE m.status END
        WHERE m.workspace_id = rep.workspace_id AND m.rep_id = rep.rep_id
          AND make_date(m.goal_year, m.goal_month, 1) + interval '1 month'
              > greatest(rep.started_on::timestamp, goalkeeper_now() AT TIME ZONE rep.zone);
    END LOOP;
    RETURN NULL;
END
$$;

COMMENT ON FUNCTION goalkeeper_resume_months() IS
    'Has a rep who returns go on with the months that are open, by the zone and the deadline of somebody who '
    'has just joined (SPEC 1 and 2).';

CREATE TRIGGER c2_resume_months AFTER INSERT ON rep_stints
    REFERENCING NEW TABLE AS begun FOR EACH STATEMENT EXECUTE FUNCTION goalkeeper_resume_months();


-- What is written to sales_reps becomes stints --------------------------------------------------------------

CREATE FUNCTION goalkeeper_join_today() RETURNS trigger
    LANGUAGE plpgsql
AS $$
BEGIN
    SELECT (goalkeeper_now() AT TIME ZONE coalesce(u.time_zone, w.time_zone))::date
    INTO NEW.joined_on
    FROM workspaces w
    LEFT JOIN users u ON u.workspace_id = w.id AND u.id = NEW.user_id
    WHERE w.id = NEW.workspace_id;
    RETURN NEW;
END
$$;

COMMENT ON FUNCTION goalkeeper_join_today() IS 'A rep joins today, by their own calendar, unless it is said when.';

CREATE TRIGGER a1_join_today BEFORE INSERT ON sales_reps
    FOR EACH ROW WHEN (NEW.joined_on IS NULL) EXECUTE FUNCTION goalkeeper_join_today();


CREATE FUNCTION goalkeeper_begin_stints() RETURNS trigger
    LANGUAGE plpgsql
AS $$
BEGIN
    INSERT INTO rep_stints (workspace_id, rep_id, started_on, settles_from, present_since)
    SELECT workspace_id, id, joined_on, joined_on, created_at
    FROM rows_after
    WHERE is_active
    ORDER BY workspace_id, id;
    RETURN NULL;
END
$$;

COMMENT ON FUNCTION goalkeeper_begin_stints() IS 'Begins the first stint of reps who are new.';

CREATE TRIGGER b1_begin_stints AFTER INSERT ON sales_reps
    REFERENCING NEW TABLE AS rows_after FOR EACH STATEMENT EXECUTE FUNCTION goalkeeper_begin_stints();


CREATE FUNCTION goalkeeper_follow_reps() RETURNS trigger
    LANGUAGE plpgsql
AS $$
DECLARE
    rep record;
BEGIN
    FOR rep IN
        SELECT a.workspace_id, a.id, a.is_active, a.joined_on, b.joined_on AS joined_before,
               b.is_active AS was_active, s.id AS stint_id, s.started_on,
               goalkeeper_rep_today(a.workspace_id, a.id) AS today
        FROM rows_after a
        JOIN rows_before b ON b.workspace_id = a.workspace_id AND b.id = a.id
        LEFT JOIN rep_stints s
          ON s.workspace_id = a.workspace_id AND s.rep_id = a.id AND s.ended_on IS NULL
        WHERE (a.is_active, a.joined_on) IS DISTINCT FROM (b.is_active, b.joined_on)
        ORDER BY a.workspace_id, a.id
    LOOP
        IF NOT rep.is_active AND rep.stint_id IS NOT NULL THEN
            UPDATE rep_stints SET ended_on = greatest(started_on, rep.today)
            WHERE workspace_id = rep.workspace_id AND id = rep.stint_id;
        ELSIF rep.is_active AND rep.stint_id IS NULL THEN
            IF rep.joined_on <> rep.joined_before THEN
                rep.today := rep.joined_on;
            ELSE
                -- Who has gone west meanwhile may return on a day before the one on which they left.
                UPDATE rep_stints SET ended_on = greatest(started_on, rep.today)
                WHERE workspace_id = rep.workspace_id AND rep_id = rep.id AND ended_on > rep.today;
            END IF;
            INSERT INTO rep_stints (workspace_id, rep_id, started_on)
            VALUES (rep.workspace_id, rep.id, rep.today);
        ELSIF rep.is_active AND rep.joined_on <> rep.started_on THEN
            UPDATE rep_stints SET started_on = rep.joined_on, settles_from = rep.joined_on
            WHERE workspace_id = rep.workspace_id AND id = rep.stint_id;
        END IF;
    END LOOP;
    RETURN NULL;
END
$$;

COMMENT ON FUNCTION goalkeeper_follow_reps() IS
    'Setting is_active ends a rep''s stint today or begins another, and joined_on moves the first day of it.';

CREATE TRIGGER b1_follow AFTER UPDATE ON sales_reps
    REFERENCING OLD TABLE AS rows_before NEW TABLE AS rows_after
    FOR EACH STATEMENT EXECUTE FUNCTION goalkeeper_follow_reps();


-- Months and reminders go by them -----------------------------------------------------------------------------

-- As before, with the day from which the rep's deadlines count.
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
    SELECT coalesce(s.settles_from, r.joined_on) AS settles_from, coalesce(u.time_zone, w.time_zone) AS time_zone,
           goalkeeper_deadline_day(
               w.deadline_day, w.former_deadline_day, w.deadline_day_from, first_day
           ) AS deadline_day
    INTO rep
    FROM sales_reps r
    JOIN workspaces w ON w.id = r.workspace_id
    JOIN users u ON u.workspace_id = r.workspace_id AND u.id = r.user_id
    LEFT JOIN rep_stints s ON s.workspace_id = r.workspace_id AND s.rep_id = r.id AND s.ended_on IS NULL
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
        goalkeeper_deadline(NEW.goal_year, NEW.goal_month, NEW.time_zone, rep.deadline_day, rep.settles_from)
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


CREATE FUNCTION goalkeeper_reminder_topic(
    rep_id bigint, year smallint, month smallint, reminder_type text, round smallint
) RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN format('reminder:%s:%s-%s:%s', rep_id, year, lpad(month::text, 2, '0'), reminder_type)
        || CASE WHEN round > 1 THEN ':' || round ELSE '' END;

COMMENT ON FUNCTION goalkeeper_reminder_topic(bigint, smallint, smallint, text, smallint) IS
    'What a reminder''s message is about. Each round has messages of its own.';

-- As before, with topics by round.
CREATE OR REPLACE FUNCTION goalkeeper_goals_set() RETURNS trigger
    LANGUAGE plpgsql
AS $$
DECLARE
    goal record;
BEGIN
    FOR goal IN
        SELECT n.workspace_id, n.goal_year AS year, n.goal_month AS month,
               format('%s-%s', n.goal_year, lpad(n.goal_month::text, 2, '0')) AS name,
               array_agg(n.rep_id ORDER BY n.rep_id) AS rep_ids
        FROM rows_after n
        JOIN rows_before o ON o.workspace_id = n.workspace_id AND o.id = n.id
        WHERE n.goal_set_at IS NOT NULL
          AND (o.goal_set_at IS NULL
               OR (n.signup_goal, n.revenue_goal, n.bonus_tier_goal)
                  IS DISTINCT FROM (o.signup_goal, o.revenue_goal, o.bonus_tier_goal))
        GROUP BY 1, 2, 3, 4
    LOOP
        UPDATE goal_deadline_reminders
        SET snoozed_until = NULL
        WHERE workspace_id = goal.workspace_id AND rep_id = ANY (goal.rep_ids)
          AND target_year = goal.year AND target_month = goal.month AND snoozed_until IS NOT NULL;

        WITH called_off AS (
            UPDATE outbox p
            SET status = 'cancelled', reason = 'the goals were set'
            FROM unnest(goal.rep_ids) AS rep (id)
            WHERE p.workspace_id = goal.workspace_id AND p.mode = 'post' AND p.topic LIKE 'reminder:%'
              AND p.topic ~>=~ format('reminder:%s:%s:', rep.id, goal.name)
              AND p.topic ~<~ format('reminder:%s:%s;', rep.id, goal.name)
              AND p.status = 'pending' AND p.uncertain_since IS NULL
            RETURNING rep.id AS rep_id, p.topic
        )
        UPDATE goal_deadline_reminders g
        SET sent = false, sent_at = NULL, skipped_at = goalkeeper_now(), skip_reason = 'the goals were set'
        FROM called_off c
        WHERE g.workspace_id = goal.workspace_id AND g.rep_id = c.rep_id
          AND g.target_year = goal.year AND g.target_month = goal.month AND g.sent
          AND c.topic = goalkeeper_reminder_topic(
              g.rep_id, g.target_year, g.target_month, g.reminder_type, g.round);

        INSERT INTO outbox (workspace_id, kind, audience, topic, facts, mode)
        SELECT p.workspace_id, p.kind, p.audience, p.topic, p.facts, 'edit'
        FROM outbox p
        WHERE p.workspace_id = goal.workspace_id AND p.mode = 'post'
          AND p.status IN ('pending', 'sending', 'sent')
          AND p.id IN (
              SELECT r.id
              FROM unnest(goal.rep_ids) AS rep (id)
              JOIN outbox r
                ON r.workspace_id = goal.workspace_id AND r.mode = 'post' AND r.topic LIKE 'reminder:%'
               AND r.topic ~>=~ format('reminder:%s:%s:', rep.id, goal.name)
               AND r.topic ~<~ format('reminder:%s:%s;', rep.id, goal.name)
              UNION ALL
              SELECT d.id
              FROM outbox d
              WHERE d.workspace_id = goal.workspace_id AND d.mode = 'post' AND d.topic LIKE 'digest:%'
                AND d.topic ~>=~ format('digest:%s:', goal.name)
                AND d.topic ~<~ format('digest:%s;', goal.name)
                AND EXISTS (
                    SELECT
                    FROM team_memberships tm
                    JOIN teams t ON t.workspace_id = tm.workspace_id AND t.id = tm.team_id
                    LEFT JOIN users u
                      ON u.workspace_id = t.workspace_id AND u.id = t.manager_id
                     AND u.is_active AND u.standing = 'member'
                    WHERE tm.workspace_id = goal.workspace_id AND tm.rep_id = ANY (goal.rep_ids)
                      AND (tm.ended_on IS NULL OR tm.ended_on > make_date(goal.year, goal.month, 1))
                      AND u.id IS NOT DISTINCT FROM (d.facts ->> 'manager_id')::bigint))
        ORDER BY p.id
        ON CONFLICT (workspace_id, topic) WHERE mode = 'edit' AND status = 'pending'
        DO UPDATE SET facts = excluded.facts;
    END LOOP;
    RETURN NULL;
END
$$;


-- As before, with the day from which the rep's deadlines count.
CREATE OR REPLACE VIEW v_current_month_goals WITH (security_invoker = true) AS
SELECT t.workspace_id,
       t.rep_id,
       t.rep_name,
       t.email,
       t.teams,
       t.year,
       t.month,
       m.signup_goal,
       m.signups_actual,
       m.signup_progress_percent,
       m.revenue_goal,
       m.revenue_actual,
       m.revenue_progress_percent,
       m.bonus_tier_goal,
       m.bonus_tier_actual,
       m.bonus_triggered,
       m.bonus_amount,
       m.status,
       m.completed_at,
       own.deadline,
       m.goal_set_at,
       m.set_by_deadline,
       goalkeeper_health(
           m.status = 'completed',
           CASE WHEN m.goal_set_at IS NOT NULL THEN m.signup_progress_percent END,
           CASE WHEN m.goal_set_at IS NOT NULL THEN m.revenue_progress_percent END,
           own.first_day,
           own.next_month - own.first_day,
           own.today
       ) AS health_status,
       goalkeeper_days_until(own.deadline, own.time_zone) AS days_until_deadline,
       own.time_zone
FROM v_reps_today t
LEFT JOIN rep_monthly_goals m
    ON m.workspace_id = t.workspace_id
   AND m.rep_id = t.rep_id
   AND m.goal_year = t.year
   AND m.goal_month = t.month
LEFT JOIN rep_stints s ON s.workspace_id = t.workspace_id AND s.rep_id = t.rep_id AND s.ended_on IS NULL
CROSS JOIN LATERAL (
    SELECT coalesce(m.time_zone, t.time_zone) AS time_zone,
           coalesce(
               m.deadline,
               goalkeeper_deadline(t.year, t.month, t.time_zone, t.deadline_day, coalesce(s.settles_from, t.joined_on))
           ) AS deadline,
           greatest(
               make_date(t.year, t.month, 1),
               CASE WHEN t.joined_on <= t.today THEN t.joined_on END
           ) AS first_day,
           (make_date(t.year, t.month, 1) + interval '1 month')::date AS next_month,
           CASE WHEN m.time_zone IS NULL THEN t.today
                ELSE (goalkeeper_now() AT TIME ZONE m.time_zone)::date END AS today
) own;


CREATE OR REPLACE VIEW v_goals_needing_setup WITH (security_invoker = true) AS
SELECT c.workspace_id,
       c.rep_id,
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

