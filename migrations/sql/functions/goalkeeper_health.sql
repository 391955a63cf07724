CREATE OR REPLACE FUNCTION goalkeeper_health(completed boolean, pace text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE
        WHEN completed THEN 'completed'
        WHEN pace = 'behind' THEN 'needs_attention'
        WHEN pace = 'critical' THEN 'critical'
        ELSE 'on_track'
    END;

COMMENT ON FUNCTION goalkeeper_health(boolean, text) IS
    'How a month goes; on_track too as long as its pace has no verdict.';
