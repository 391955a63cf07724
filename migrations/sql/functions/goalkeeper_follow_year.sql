CREATE OR REPLACE FUNCTION goalkeeper_follow_year() RETURNS trigger
    LANGUAGE plpgsql
AS $$
DECLARE
    workspaces bigint[];
    years bigint[];
    quiet boolean[];
BEGIN
    IF TG_OP = 'INSERT' THEN
        SELECT array_agg(n.workspace_id), array_agg(n.id), array_agg(true)
        INTO workspaces, years, quiet
        FROM rows_after n
        WHERE n.yearly_signups_actual > 0 OR n.yearly_revenue_actual > 0;
    ELSE
        SELECT array_agg(n.workspace_id), array_agg(n.id), array_agg(
                   o.goal_set_at IS NULL
                   OR (n.yearly_signup_goal, n.yearly_revenue_goal)
                      IS DISTINCT FROM (o.yearly_signup_goal, o.yearly_revenue_goal))
        INTO workspaces, years, quiet
        FROM rows_after n
        JOIN rows_before o ON o.workspace_id = n.workspace_id AND o.id = n.id
        WHERE (n.yearly_signups_actual, n.yearly_revenue_actual, n.yearly_signup_goal,
               n.yearly_revenue_goal, n.goal_set_at)
              IS DISTINCT FROM
              (o.yearly_signups_actual, o.yearly_revenue_actual, o.yearly_signup_goal,
               o.yearly_revenue_goal, o.goal_set_at)
          AND (n.yearly_signups_actual, n.yearly_revenue_actual, o.yearly_signups_actual,
               o.yearly_revenue_actual) <> (0, 0, 0, 0);
    END IF;
    IF years IS NOT NULL THEN
        PERFORM goalkeeper_recognise_years(workspaces, years, quiet);
    END IF;
    RETURN NULL;
END
$$;

COMMENT ON FUNCTION goalkeeper_follow_year() IS 'Has years recognised whose figures or goals have changed.';
