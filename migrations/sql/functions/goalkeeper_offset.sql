CREATE OR REPLACE FUNCTION goalkeeper_offset(at timestamptz, zone text) RETURNS interval
    LANGUAGE sql STABLE STRICT PARALLEL SAFE
    RETURN (at AT TIME ZONE zone) - (at AT TIME ZONE 'UTC');

COMMENT ON FUNCTION goalkeeper_offset(timestamptz, text) IS
    'How far clocks in the zone are ahead of UTC at an instant.';
