-- Other databases of the server may still use the roles, and we don't drop roles that an administrator made.
DO $$
DECLARE
    unwanted text;
BEGIN
    FOREACH unwanted IN ARRAY ARRAY['goalkeeper_app', 'goalkeeper_everywhere'] LOOP
        BEGIN
            EXECUTE format('DROP ROLE IF EXISTS %I', unwanted);
        EXCEPTION
            WHEN dependent_objects_still_exist OR insufficient_privilege THEN
                RAISE NOTICE 'The role % stays: %', unwanted, SQLERRM;
        END;
    END LOOP;
END
$$;
