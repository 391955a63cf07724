CREATE OR REPLACE FUNCTION goalkeeper_pace_rank(goal numeric, actual numeric, done numeric, expected numeric)
    RETURNS integer
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE
        WHEN goal <= 0 THEN NULL
        WHEN actual >= goal OR (done > 0 AND done * 10 >= expected * 11) THEN 4
        WHEN done >= expected THEN 3
        WHEN done * 2 >= expected THEN 2
        ELSE 1
    END;

COMMENT ON FUNCTION goalkeeper_pace_rank(numeric, numeric, numeric, numeric) IS
    'The pace of one metric from 1, critical, to 4, ahead; null without a goal. What is done and what is expected '
    'may both be multiplied by the days of the month.';
