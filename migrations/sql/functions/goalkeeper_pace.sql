-- Multiplied out, because a third of a goal has no last decimal.
CREATE OR REPLACE FUNCTION goalkeeper_pace(
    signup_goal integer, signups integer, revenue_goal numeric, revenue numeric, completed integer, total integer
) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    WITH metrics AS (
        SELECT signup_goal::numeric AS goal, signups::numeric AS actual, signups::numeric AS done,
               div(signup_goal::numeric * completed, total) AS expected
        UNION ALL
        SELECT revenue_goal, revenue, revenue * total, revenue_goal * completed
    )
    SELECT (ARRAY['critical', 'behind', 'on_track', 'ahead'])[min(
        CASE
            WHEN actual >= goal OR (done > 0 AND done * 10 >= expected * 11) THEN 4
            WHEN done >= expected THEN 3
            WHEN done * 2 >= expected THEN 2
            ELSE 1
        END
    )]
    FROM metrics
    WHERE goal > 0 AND completed >= 3;
END;

COMMENT ON FUNCTION goalkeeper_pace(integer, integer, numeric, numeric, integer, integer) IS
    'The pace of a month''s goals after `completed` of its `total` days that count: ahead, on_track, behind or critical, by '
    'the worst metric; null before three days and without a goal. Signups expected are rounded down.';
