INSERT INTO business_clock DEFAULT VALUES;

GRANT SELECT ON business_clock TO goalkeeper_app, goalkeeper_everywhere;

CREATE FUNCTION goalkeeper_now() RETURNS timestamptz
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN coalesce(
        nullif(current_setting('goalkeeper.now', true), '')::timestamptz,
        now() + coalesce((SELECT clock_offset FROM business_clock), '0'::interval)
    );

COMMENT ON FUNCTION goalkeeper_now() IS
    'Business time: what the transaction''s setting goalkeeper.now says, else real time moved by the clock.';

CREATE FUNCTION goalkeeper_offset(at timestamptz, zone text) RETURNS interval
    LANGUAGE sql STABLE STRICT PARALLEL SAFE
    RETURN (at AT TIME ZONE zone) - (at AT TIME ZONE 'UTC');

COMMENT ON FUNCTION goalkeeper_offset(timestamptz, text) IS
    'How far clocks in the zone are ahead of UTC at an instant.';

-- Postgres' own `local AT TIME ZONE zone` reads a time that comes twice as the second in some zones (Havana)
-- and a skipped one as a time shown earlier or later. Ours asks only what clocks show at an instant: the
-- answer lies between the instants that the offsets of the day before and of the day after give, and where
-- they differ, at a whole minute between them.
CREATE FUNCTION goalkeeper_local_instant(local timestamp, zone text) RETURNS timestamptz
    LANGUAGE sql STABLE STRICT PARALLEL SAFE
BEGIN ATOMIC
    WITH reading AS (
        SELECT local AT TIME ZONE 'UTC' AS utc
    ), candidate AS (
        SELECT utc - goalkeeper_offset(utc - interval '1 day', zone) AS with_offset_before,
               utc - goalkeeper_offset(utc + interval '1 day', zone) AS with_offset_after
        FROM reading
    ), span AS (
        SELECT least(with_offset_before, with_offset_after) AS earliest,
               greatest(with_offset_before, with_offset_after) AS latest
        FROM candidate
    ), instant AS (
        SELECT earliest AS at FROM span
        UNION ALL
        SELECT minute
        FROM span,
             generate_series(date_trunc('minute', earliest) + interval '1 minute', latest, '1 minute') AS minute
        UNION ALL
        SELECT latest FROM span
    )
    SELECT min(at) FROM instant WHERE at AT TIME ZONE zone >= local;
END;

COMMENT ON FUNCTION goalkeeper_local_instant(timestamp, text) IS
    'The first instant at which clocks in the zone show the local time or a later one.';

CREATE FUNCTION goalkeeper_deadline(
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
    'for who joined in that month, the third day after joining if that is later (SPEC 2).';

CREATE FUNCTION goalkeeper_days_until(deadline timestamptz, zone text) RETURNS integer
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN ((deadline - interval '1 microsecond') AT TIME ZONE zone)::date
         - (goalkeeper_now() AT TIME ZONE zone)::date;

COMMENT ON FUNCTION goalkeeper_days_until(timestamptz, text) IS
    'Whole local days until a deadline''s last day: 0 on that day, negative after it.';
