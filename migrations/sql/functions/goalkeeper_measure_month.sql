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

COMMENT ON FUNCTION goalkeeper_measure_month() IS 'Keeps a month''s progress and bonus tier.';
