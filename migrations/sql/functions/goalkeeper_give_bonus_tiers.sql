CREATE OR REPLACE FUNCTION goalkeeper_give_bonus_tiers() RETURNS trigger
    LANGUAGE plpgsql
AS $$
BEGIN
    INSERT INTO bonus_tiers (workspace_id, tier, signups_needed)
    SELECT NEW.id, tier, needed
    FROM unnest(ARRAY[15, 20, 25, 30, 40, 50]) WITH ORDINALITY AS usual (needed, tier);
    RETURN NULL;
END
$$;

COMMENT ON FUNCTION goalkeeper_give_bonus_tiers() IS 'Gives a new workspace the usual six tiers.';
