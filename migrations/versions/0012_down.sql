DROP TRIGGER b1_follow ON sales_reps;
DROP TRIGGER b1_begin_stints ON sales_reps;
DROP TRIGGER a1_join_today ON sales_reps;
DROP FUNCTION goalkeeper_follow_reps();
DROP FUNCTION goalkeeper_begin_stints();
DROP FUNCTION goalkeeper_join_today();

DROP TRIGGER come_back ON users;
DROP TRIGGER note_absence ON users;
DROP FUNCTION goalkeeper_come_back();
DROP FUNCTION goalkeeper_note_absence();

DROP TRIGGER c2_resume_months ON rep_stints;
DROP TRIGGER c1_archive_months ON rep_stints;
DROP TRIGGER b1_derive_deleted ON rep_stints;
DROP TRIGGER b1_derive_updated ON rep_stints;
DROP TRIGGER b1_derive_inserted ON rep_stints;
DROP TRIGGER a1_check_updated ON rep_stints;
DROP TRIGGER a1_check_inserted ON rep_stints;
DROP TRIGGER a1_fill ON rep_stints;
DROP FUNCTION goalkeeper_resume_months();
DROP FUNCTION goalkeeper_archive_months();
DROP FUNCTION goalkeeper_derive_reps();
DROP FUNCTION goalkeeper_check_stints();
DROP FUNCTION goalkeeper_fill_stint();
DROP FUNCTION goalkeeper_rep_today(bigint, bigint);

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
          AND c.topic = format('reminder:%s:%s:%s', c.rep_id, goal.name, g.reminder_type);

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
CROSS JOIN LATERAL (
    SELECT coalesce(m.time_zone, t.time_zone) AS time_zone,
           coalesce(
               m.deadline,
               goalkeeper_deadline(t.year, t.month, t.time_zone, t.deadline_day, t.joined_on)
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
WHERE c.set_by_deadline IS NOT TRUE;

DROP FUNCTION goalkeeper_reminder_topic(bigint, smallint, smallint, text, smallint);
