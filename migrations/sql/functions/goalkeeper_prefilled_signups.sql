CREATE OR REPLACE FUNCTION goalkeeper_prefilled_signups(
    usual integer, ramp smallint[], joined_on date, first_day date, weekdays smallint[]
) RETURNS integer
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    WITH month AS (
        SELECT (first_day + interval '1 month')::date AS end_day,
               (extract(year FROM first_day) - extract(year FROM joined_on))::integer * 12
               + (extract(month FROM first_day) - extract(month FROM joined_on))::integer + 1 AS of_stint
    ), days AS (
        SELECT goalkeeper_working_days(greatest(first_day, joined_on), end_day, weekdays) AS carried,
               goalkeeper_working_days(first_day, end_day, weekdays) AS every,
               coalesce(CASE WHEN of_stint > 0 THEN ramp[of_stint] END, 100) AS percent
        FROM month
    )
    -- Whole numbers only: a division would be rounded before it is rounded up.
    SELECT ((usual::bigint * percent * carried + 100 * every - 1) / (100 * every))::integer FROM days;
END;

COMMENT ON FUNCTION goalkeeper_prefilled_signups(integer, smallint[], date, date, smallint[]) IS
    'What a rep''s month begins with: the default times the ramp''s percent for this month of the stint, times '
    'the working days from joining over all of them, rounded up; null without a default.';
