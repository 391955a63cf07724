CREATE OR REPLACE FUNCTION goalkeeper_months_carried(joined_on date, year integer) RETURNS integer
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE
        WHEN extract(year FROM joined_on) = year THEN 13 - extract(month FROM joined_on)::integer
        ELSE 12
    END;

COMMENT ON FUNCTION goalkeeper_months_carried(date, integer) IS
    'Months of a year in which a rep carries goals: all twelve, or those from the month of joining.';
