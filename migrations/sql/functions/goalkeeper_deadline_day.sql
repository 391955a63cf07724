CREATE OR REPLACE FUNCTION goalkeeper_deadline_day(
    deadline_day smallint, former_deadline_day smallint, deadline_day_from date, day date
) RETURNS smallint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN day < deadline_day_from THEN former_deadline_day ELSE deadline_day END;

COMMENT ON FUNCTION goalkeeper_deadline_day(smallint, smallint, date, date) IS
    'The deadline day that counts in the month of `day`: a change counts from next month.';
