CREATE OR REPLACE FUNCTION goalkeeper_last_allowed_day(goal_year integer, goal_month integer, zone text) RETURNS date
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN greatest(
        make_date(goal_year, goal_month, 1),
        least(
            (make_date(goal_year, goal_month, 1) + interval '1 month - 1 day')::date,
            (goalkeeper_now() AT TIME ZONE zone)::date
        )
    );

COMMENT ON FUNCTION goalkeeper_last_allowed_day(integer, integer, text) IS
    'The last day of a month up to today in its zone; its 1st while it hasn''t begun.';
