-- The two roles that the owner takes on. They belong to the whole server, so another
-- database may have made them, or be making them at this moment: then we look again.
DO $$
DECLARE
    wanted text;
BEGIN
    FOREACH wanted IN ARRAY ARRAY['goalkeeper_app', 'goalkeeper_everywhere'] LOOP
        FOR attempt IN 1..20 LOOP
            BEGIN
                IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted) THEN
                    EXECUTE format('CREATE ROLE %I NOLOGIN NOBYPASSRLS', wanted);
                END IF;
                -- Since Postgres 16 the maker of a role may grant it, but may not yet become it. Inheriting
                -- is left off, so that the owner gets no further rights.
                IF NOT pg_has_role(current_user, wanted, 'SET') THEN
                    EXECUTE format('GRANT %I TO CURRENT_USER WITH SET TRUE, INHERIT FALSE', wanted);
                END IF;
                EXIT;
            EXCEPTION
                -- internal_error is "tuple concurrently updated".
                WHEN duplicate_object OR unique_violation OR undefined_object OR internal_error THEN
                    IF attempt = 20 THEN
                        RAISE;
                    END IF;
                    PERFORM pg_sleep(0.05);
            END;
        END LOOP;
    END LOOP;
END
$$;
