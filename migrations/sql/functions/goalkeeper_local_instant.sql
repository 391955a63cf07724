-- Postgres' own `local AT TIME ZONE zone` reads a time that comes twice as the second in some zones (Havana)
-- and a skipped one as a time shown earlier or later. Ours asks only what clocks show at an instant: the
-- answer lies between the instants that the offsets of the day before and of the day after give, and where
-- they differ, at a whole minute between them.
CREATE OR REPLACE FUNCTION goalkeeper_local_instant(local timestamp, zone text) RETURNS timestamptz
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
