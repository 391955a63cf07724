CREATE OR REPLACE FUNCTION goalkeeper_goals_set() RETURNS trigger
    LANGUAGE plpgsql
AS $$
DECLARE
    goal record;
BEGIN
    FOR goal IN
        SELECT n.workspace_id, n.goal_year AS year, n.goal_month AS month,
               format('%s-%s', n.goal_year, lpad(n.goal_month::text, 2, '0')) AS name,
               array_agg(n.sales_rep_id ORDER BY n.sales_rep_id) AS rep_ids
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
        WHERE workspace_id = goal.workspace_id AND sales_rep_id = ANY (goal.rep_ids)
          AND target_year = goal.year AND target_month = goal.month AND snoozed_until IS NOT NULL;

        WITH called_off AS (
            UPDATE outbox p
            SET status = 'cancelled', reason = 'the goals were set'
            FROM unnest(goal.rep_ids) AS rep (id)
            WHERE p.workspace_id = goal.workspace_id AND p.mode = 'post' AND p.topic LIKE 'reminder:%'
              AND p.topic ~>=~ format('reminder:%s:%s:', rep.id, goal.name)
              AND p.topic ~<~ format('reminder:%s:%s;', rep.id, goal.name)
              AND p.status = 'pending' AND p.uncertain_since IS NULL
            RETURNING rep.id AS sales_rep_id, p.topic
        )
        UPDATE goal_deadline_reminders g
        SET sent = false, sent_at = NULL, skipped_at = goalkeeper_now(), skip_reason = 'the goals were set'
        FROM called_off c
        WHERE g.workspace_id = goal.workspace_id AND g.sales_rep_id = c.sales_rep_id
          AND g.target_year = goal.year AND g.target_month = goal.month AND g.sent
          AND c.topic = goalkeeper_reminder_topic(
              g.sales_rep_id, g.target_year, g.target_month, g.reminder_type, g.round);

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
                    WHERE tm.workspace_id = goal.workspace_id AND tm.sales_rep_id = ANY (goal.rep_ids)
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
    'Has reminders and digests of a month say what its goals are, by whatever door they were set.';
