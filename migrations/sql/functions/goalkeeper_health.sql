CREATE OR REPLACE FUNCTION goalkeeper_health(
    completed boolean, signup_percent numeric, revenue_percent numeric,
    first_day date, days integer, today date
) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    WITH pace AS (
        SELECT today - first_day AS days_gone,
               least(signup_percent, revenue_percent) AS worst,
               (today - first_day) * 100.0 / days AS expected
    )
    SELECT CASE
               WHEN completed THEN 'completed'
               WHEN worst IS NULL OR days_gone < 3 OR worst >= round(expected, 2) THEN 'on_track'
               WHEN worst >= round(expected / 2, 2) THEN 'needs_attention'
               ELSE 'critical'
           END
    FROM pace;
END;

COMMENT ON FUNCTION goalkeeper_health(boolean, numeric, numeric, date, integer, date) IS
    'How a month goes, by its worst metric against the completed local days of those from first_day on; '
    'no verdict, so on_track, in the first three days and without a goal.';
