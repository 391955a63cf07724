-- Multiplied out, because a third of a goal has no last decimal. Plain expressions, which the planner takes into
-- the statement, so that the snapshots of 200,000 reps don't call a function each.
CREATE OR REPLACE FUNCTION goalkeeper_pace(
    signup_goal integer, signups integer, revenue_goal numeric, revenue numeric, completed integer, total integer
) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE
        WHEN completed >= 3 THEN (ARRAY['critical', 'behind', 'on_track', 'ahead'])[least(
            goalkeeper_pace_rank(
                signup_goal, signups, signups, div(signup_goal::numeric * completed, nullif(total, 0))),
            goalkeeper_pace_rank(revenue_goal, revenue, revenue * total, revenue_goal * completed)
        )]
    END;

COMMENT ON FUNCTION goalkeeper_pace(integer, integer, numeric, numeric, integer, integer) IS
    'The pace of a month''s goals after `completed` of its `total` days that count: ahead, on_track, behind or critical, by '
    'the worst metric; null before three days and without a goal. Signups expected are rounded down.';
