CREATE OR REPLACE FUNCTION goalkeeper_percent(actual numeric, goal numeric) RETURNS numeric
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE
        WHEN goal > 0 THEN least(greatest(round(actual * 100 / goal, 2), 0.00), 999999999999999.99)
    END;

COMMENT ON FUNCTION goalkeeper_percent(numeric, numeric) IS
    'Progress in percent with two decimals: never below 0, may exceed 100, null without a goal.';
