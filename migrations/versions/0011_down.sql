CREATE OR REPLACE FUNCTION goalkeeper_is_zone(zone text) RETURNS boolean
    LANGUAGE plpgsql STABLE STRICT
AS $$
BEGIN
    PERFORM now() AT TIME ZONE zone;
    RETURN zone IN ('UTC', 'GMT')
        OR zone ~ '^([A-Z][A-Za-z_-]*/)+[A-Z][A-Za-z_-]*$'
        OR (
            EXISTS (SELECT FROM pg_timezone_names WHERE name = zone AND name NOT LIKE 'p%/%')
            AND NOT EXISTS (SELECT FROM pg_timezone_abbrevs WHERE abbrev = upper(zone))
        );
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
    NEW.bonus_tier_actual := coalesce((
        SELECT max(tier)
        FROM unnest(NEW.tier_signups) WITH ORDINALITY AS tiers (needed, tier)
        WHERE needed <= NEW.signups_actual
    ), 0);
    NEW.bonus_amount := coalesce(NEW.tier_amounts[NEW.bonus_tier_actual], 0);
    NEW.bonus_triggered := NEW.bonus_tier_goal > 0 AND NEW.bonus_tier_actual >= NEW.bonus_tier_goal;
    RETURN NEW;
END
$$;
