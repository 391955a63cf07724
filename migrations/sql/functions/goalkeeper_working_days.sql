-- Counted without a row a day: a fixed Monday lies before all days that occur.
CREATE OR REPLACE FUNCTION goalkeeper_working_days(first_day date, end_day date, weekdays smallint[]) RETURNS integer
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (
        SELECT coalesce(sum(
            (greatest(first_day, end_day) - date '2000-01-03' - weekday + 7) / 7
            - (first_day - date '2000-01-03' - weekday + 7) / 7
        ), 0)::integer
        FROM generate_series(1, 7) AS weekday
        WHERE weekday = ANY (weekdays)
    );

COMMENT ON FUNCTION goalkeeper_working_days(date, date, smallint[]) IS
    'Days from the first up to but not including the end that fall on these ISO weekdays.';
