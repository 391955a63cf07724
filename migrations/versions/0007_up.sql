GRANT SELECT, INSERT, UPDATE ON goal_deadline_reminders TO goalkeeper_app;
GRANT SELECT, INSERT, UPDATE ON goal_nudges TO goalkeeper_app;

ALTER TABLE goal_deadline_reminders ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_workspace ON goal_deadline_reminders TO goalkeeper_app
    USING (workspace_id = (SELECT nullif(current_setting('goalkeeper.workspace', true), '')::bigint))
    WITH CHECK (workspace_id = (SELECT nullif(current_setting('goalkeeper.workspace', true), '')::bigint));

ALTER TABLE goal_nudges ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_workspace ON goal_nudges TO goalkeeper_app
    USING (workspace_id = (SELECT nullif(current_setting('goalkeeper.workspace', true), '')::bigint))
    WITH CHECK (workspace_id = (SELECT nullif(current_setting('goalkeeper.workspace', true), '')::bigint));

-- Copies share the workspaces out by taking this column forward; whoever is first does the work.
GRANT UPDATE (tick_at) ON workspaces TO goalkeeper_app, goalkeeper_everywhere;
CREATE POLICY everywhere_tick ON workspaces FOR UPDATE TO goalkeeper_everywhere USING (true) WITH CHECK (true);

CREATE TRIGGER touch BEFORE UPDATE ON goal_deadline_reminders
    FOR EACH ROW EXECUTE FUNCTION goalkeeper_touch();

-- What has been said of deadlines, by the beginning of its topic: `reminder:REP:MONTH:…`, `digest:MONTH:…`.
CREATE INDEX ix_outbox_deadlines ON outbox (workspace_id, topic text_pattern_ops)
    WHERE mode = 'post' AND (topic LIKE 'reminder:%' OR topic LIKE 'digest:%');

-- By whatever door goals are set or changed: what waits to be sent about them is called off, and what has been
-- said is brought up to date. Edits that wait already are replaced, so many settings make one edit. A post
-- that Slack may have got is edited as if it had. In the order in which ticks lock: reminders, then outbox.
CREATE FUNCTION goalkeeper_goals_set() RETURNS trigger
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

COMMENT ON FUNCTION goalkeeper_goals_set() IS
    'Has reminders and digests of a month say what its goals are, by whatever door they were set (SPEC 4).';

CREATE TRIGGER c1_say_so AFTER UPDATE ON rep_monthly_goals
    REFERENCING OLD TABLE AS rows_before NEW TABLE AS rows_after
    FOR EACH STATEMENT EXECUTE FUNCTION goalkeeper_goals_set();


-- As before, but what leaves nothing out is not looked up: a month is opened for a hundred thousand at once.
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
