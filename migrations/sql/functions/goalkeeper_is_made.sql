CREATE OR REPLACE FUNCTION goalkeeper_is_made(
    signup_goal numeric, signups numeric, revenue_goal numeric, revenue numeric
) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (signup_goal > 0 OR revenue_goal > 0)
       AND (signup_goal = 0 OR signups >= signup_goal)
       AND (revenue_goal = 0 OR revenue >= revenue_goal);

COMMENT ON FUNCTION goalkeeper_is_made(numeric, numeric, numeric, numeric) IS
    'Whether every metric that has a goal has reached it. Asks the figures, not the rounded percentages.';
