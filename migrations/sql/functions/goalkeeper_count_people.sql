-- Until the tables have been analysed, the planner takes a workspace for a handful of rows and joins people in
-- nested loops: a list of teams took two seconds for five hundred reps who had just been taken in. Autovacuum
-- comes by within a minute, which is too late for the admin who looks at once.
CREATE OR REPLACE FUNCTION goalkeeper_count_people() RETURNS void
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    ANALYZE (SKIP_LOCKED) public.users, public.sales_reps, public.rep_stints, public.team_memberships;
END
$$;

COMMENT ON FUNCTION goalkeeper_count_people() IS
    'Tells the planner how many people there are; for transactions that take in many at once.';

REVOKE EXECUTE ON FUNCTION goalkeeper_count_people() FROM PUBLIC;

GRANT EXECUTE ON FUNCTION goalkeeper_count_people() TO goalkeeper_app;
