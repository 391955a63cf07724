CREATE OR REPLACE FUNCTION goalkeeper_follow_month() RETURNS trigger
    LANGUAGE plpgsql
AS $$
DECLARE
    workspaces bigint[];
    months bigint[];
    quiet boolean[];
BEGIN
    IF TG_OP = 'INSERT' THEN
        SELECT array_agg(n.workspace_id), array_agg(n.id), array_agg(true)
        INTO workspaces, months, quiet
        FROM rows_after n
        WHERE n.signups_actual > 0 OR n.revenue_actual > 0;
    ELSE
        SELECT array_agg(n.workspace_id), array_agg(n.id), array_agg(
                   o.goal_set_at IS NULL
                   OR (n.signup_goal, n.revenue_goal, n.bonus_tier_goal, n.tier_signups)
                      IS DISTINCT FROM (o.signup_goal, o.revenue_goal, o.bonus_tier_goal, o.tier_signups))
        INTO workspaces, months, quiet
        FROM rows_after n
        JOIN rows_before o ON o.workspace_id = n.workspace_id AND o.id = n.id
        WHERE (n.signups_actual, n.revenue_actual, n.signup_goal, n.revenue_goal, n.bonus_tier_goal,
               n.tier_signups, n.goal_set_at, n.completed_at)
              IS DISTINCT FROM
              (o.signups_actual, o.revenue_actual, o.signup_goal, o.revenue_goal, o.bonus_tier_goal,
               o.tier_signups, o.goal_set_at, o.completed_at)
          -- Nothing has been reached where nothing is there, and nothing is to be taken back.
          AND (n.signups_actual, n.revenue_actual, o.signups_actual, o.revenue_actual) <> (0, 0, 0, 0);
    END IF;
    IF months IS NOT NULL THEN
        PERFORM goalkeeper_recognise_months(workspaces, months, quiet);
    END IF;
    RETURN NULL;
END
$$;

COMMENT ON FUNCTION goalkeeper_follow_month() IS
    'Has months recognised whose figures or goals have changed. What is reached by setting or changing a goal '
    'is quiet.';
