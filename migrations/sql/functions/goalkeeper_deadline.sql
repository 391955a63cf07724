CREATE OR REPLACE FUNCTION goalkeeper_deadline(
    goal_year integer, goal_month integer, zone text, deadline_day integer, joined_on date
) RETURNS timestamptz
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    WITH month AS (
        SELECT make_date(goal_year, goal_month, 1) AS first_day,
               make_date(goal_year, goal_month, deadline_day) AS common_day
    ), last_day AS (
        SELECT CASE
                   WHEN joined_on >= first_day AND joined_on < first_day + interval '1 month'
                   THEN greatest(common_day, joined_on + 3)
                   ELSE common_day
               END AS day
        FROM month
    )
    SELECT goalkeeper_local_instant((day + 1)::timestamp, zone) FROM last_day;
END;

COMMENT ON FUNCTION goalkeeper_deadline(integer, integer, text, integer, date) IS
    'The first instant too late for setting a month''s goals: the midnight that ends the deadline''s day, or, '
    'for who joined in that month, the third day after joining if that is later.';
