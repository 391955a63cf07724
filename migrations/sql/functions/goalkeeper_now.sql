CREATE OR REPLACE FUNCTION goalkeeper_now() RETURNS timestamptz
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN coalesce(
        nullif(current_setting('goalkeeper.now', true), '')::timestamptz,
        now() + coalesce((SELECT clock_offset FROM business_clock), '0'::interval)
    );

COMMENT ON FUNCTION goalkeeper_now() IS
    'Business time: what the transaction''s setting goalkeeper.now says, else real time moved by the clock.';
