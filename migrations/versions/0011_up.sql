-- Both are asked for each of the hundred thousand months that are opened at once. An expression with a query in
-- it starts the executor whether or not it comes to the query, which was most of what they cost; so what is
-- true of nearly all rows is asked without one first.

CREATE OR REPLACE FUNCTION goalkeeper_is_zone(zone text) RETURNS boolean
    LANGUAGE plpgsql STABLE STRICT
AS $$
BEGIN
    PERFORM now() AT TIME ZONE zone;
    IF zone IN ('UTC', 'GMT') OR zone ~ '^([A-Z][A-Za-z_-]*/)+[A-Z][A-Za-z_-]*$' THEN
        RETURN true;
    END IF;
    RETURN EXISTS (SELECT FROM pg_timezone_names WHERE name = zone AND name NOT LIKE 'p%/%')
        AND NOT EXISTS (SELECT FROM pg_timezone_abbrevs WHERE abbrev = upper(zone));
EXCEPTION
    WHEN invalid_parameter_value THEN
        RETURN false;
END
$$;

CREATE OR REPLACE FUNCTION goalkeeper_measure_month() RETURNS trigger
    LANGUAGE plpgsql
AS $$
BEGIN
    NEW.signup_progress_percent := goalkeeper_percent(NEW.signups_actual, NEW.signup_goal);
    NEW.revenue_progress_percent := goalkeeper_percent(NEW.revenue_actual, NEW.revenue_goal);
    IF NEW.signups_actual < ALL (NEW.tier_signups) THEN
        NEW.bonus_tier_actual := 0;
    ELSE
        NEW.bonus_tier_actual := coalesce((
            SELECT max(tier)
            FROM unnest(NEW.tier_signups) WITH ORDINALITY AS tiers (needed, tier)
            WHERE needed <= NEW.signups_actual
        ), 0);
    END IF;
    NEW.bonus_amount := coalesce(NEW.tier_amounts[NEW.bonus_tier_actual], 0);
    NEW.bonus_triggered := NEW.bonus_tier_goal > 0 AND NEW.bonus_tier_actual >= NEW.bonus_tier_goal;
    RETURN NEW;
END
$$;
