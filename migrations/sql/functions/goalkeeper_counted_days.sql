CREATE OR REPLACE FUNCTION goalkeeper_counted_days(
    first_day date, end_day date, weekdays smallint[], pace_by text
) RETURNS integer
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE
        WHEN pace_by = 'calendar_days' THEN greatest(end_day - first_day, 0)
        ELSE goalkeeper_working_days(first_day, end_day, weekdays)
    END;

COMMENT ON FUNCTION goalkeeper_counted_days(date, date, smallint[], text) IS
    'Days that count for the pace, by the workspace''s settings: working days, or all of them.';
