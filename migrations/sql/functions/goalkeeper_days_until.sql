CREATE OR REPLACE FUNCTION goalkeeper_days_until(deadline timestamptz, zone text) RETURNS integer
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN ((deadline - interval '1 microsecond') AT TIME ZONE zone)::date
         - (goalkeeper_now() AT TIME ZONE zone)::date;

COMMENT ON FUNCTION goalkeeper_days_until(timestamptz, text) IS
    'Whole local days until a deadline''s last day: 0 on that day, negative after it.';
