CREATE OR REPLACE FUNCTION goalkeeper_follow_tiers() RETURNS trigger
    LANGUAGE plpgsql
AS $$
BEGIN
    IF EXISTS (
        SELECT
        FROM (
            SELECT t.signups_needed <= lag(t.signups_needed) OVER tiers OR t.amount < lag(t.amount) OVER tiers AS falls
            FROM bonus_tiers t
            WHERE (t.workspace_id, coalesce(t.team_id, 0))
                  IN (SELECT c.workspace_id, coalesce(c.team_id, 0) FROM changed c)
            WINDOW tiers AS (PARTITION BY t.workspace_id, t.team_id ORDER BY t.tier)
        ) steps
        WHERE falls
    ) THEN
        RAISE EXCEPTION 'Each bonus tier needs more signups than the one below it, and gives at least as much.'
            USING ERRCODE = 'check_violation', TABLE = TG_TABLE_NAME, CONSTRAINT = 'rising';
    END IF;

    UPDATE rep_monthly_goals m
    SET tier_signups = t.tier_signups, tier_amounts = t.tier_amounts
    FROM rep_tiers t
    WHERE m.workspace_id IN (SELECT c.workspace_id FROM changed c)
      AND m.status IN ('active', 'completed', 'missed') AND m.ends_at > goalkeeper_now()
      AND m.starts_at > goalkeeper_now()
      AND t.workspace_id = m.workspace_id AND t.sales_rep_id = m.sales_rep_id
      AND (m.tier_signups, m.tier_amounts) IS DISTINCT FROM (t.tier_signups, t.tier_amounts);
    RETURN NULL;
END
$$;

COMMENT ON FUNCTION goalkeeper_follow_tiers() IS
    'Refuses tiers that do not rise, and gives changed tiers to the months that have not begun yet.';
