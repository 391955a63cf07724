CREATE FUNCTION goalkeeper_open_year() RETURNS trigger
    LANGUAGE plpgsql
AS $$
BEGIN
    -- Whoever is changing a month of this year right now cannot see the new row and would not add to it:
    -- wait for them before summing, and have later ones wait for us.
    PERFORM FROM rep_monthly_goals
    WHERE workspace_id = NEW.workspace_id AND rep_id = NEW.rep_id AND goal_year = NEW.goal_year
    ORDER BY goal_month
    FOR NO KEY UPDATE;
    RETURN NEW;
END
$$;

COMMENT ON FUNCTION goalkeeper_open_year() IS 'Holds a new year''s months still while they are summed.';

CREATE TRIGGER a1_open BEFORE INSERT ON rep_yearly_goals
    FOR EACH ROW EXECUTE FUNCTION goalkeeper_open_year();
CREATE TRIGGER a3_keep_period BEFORE UPDATE ON rep_yearly_goals
    FOR EACH ROW
    WHEN ((OLD.workspace_id, OLD.rep_id, OLD.goal_year)
          IS DISTINCT FROM (NEW.workspace_id, NEW.rep_id, NEW.goal_year))
    EXECUTE FUNCTION goalkeeper_keep_period();


CREATE FUNCTION goalkeeper_set_year() RETURNS trigger
    LANGUAGE plpgsql
AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.yearly_signup_goal = 0 AND NEW.yearly_revenue_goal = 0 THEN
            NEW.goal_set_at := NULL;
        END IF;
    ELSIF OLD.goal_set_at IS NOT NULL THEN
        NEW.goal_set_at := OLD.goal_set_at;
        NEW.goal_set_by := OLD.goal_set_by;
    ELSIF NEW.goal_set_at IS NULL
        AND (NEW.yearly_signup_goal > 0 OR NEW.yearly_revenue_goal > 0)
        AND (NEW.yearly_signup_goal, NEW.yearly_revenue_goal)
            IS DISTINCT FROM (OLD.yearly_signup_goal, OLD.yearly_revenue_goal)
    THEN
        NEW.goal_set_at := goalkeeper_now();
    END IF;
    IF NEW.goal_set_at IS NULL THEN
        NEW.goal_set_by := NULL;
    END IF;
    RETURN NEW;
END
$$;

COMMENT ON FUNCTION goalkeeper_set_year() IS
    'Keeps a year''s first setting for good, and takes a change of an unset year''s figures for one (SPEC 3).';

CREATE TRIGGER b1_set BEFORE INSERT OR UPDATE ON rep_yearly_goals
    FOR EACH ROW EXECUTE FUNCTION goalkeeper_set_year();


-- "+ 0" keeps the planner, while it has no statistics, from taking the index by period and reading
-- everybody's months for each rep: it has not got the year then, and the index by rep has the rep.
CREATE FUNCTION goalkeeper_measure_year() RETURNS trigger
    LANGUAGE plpgsql
AS $$
BEGIN
    SELECT coalesce(sum(signups_actual), 0), coalesce(sum(revenue_actual), 0)
    INTO NEW.yearly_signups_actual, NEW.yearly_revenue_actual
    FROM rep_monthly_goals
    WHERE workspace_id = NEW.workspace_id AND rep_id = NEW.rep_id AND goal_year + 0 = NEW.goal_year;

    NEW.yearly_signup_progress_percent := goalkeeper_percent(NEW.yearly_signups_actual, NEW.yearly_signup_goal);
    NEW.yearly_revenue_progress_percent := goalkeeper_percent(NEW.yearly_revenue_actual, NEW.yearly_revenue_goal);
    RETURN NEW;
END
$$;

COMMENT ON FUNCTION goalkeeper_measure_year() IS
    'Makes a year''s actuals the sum of its months, whatever was written, and keeps its progress (SPEC 3).';

CREATE TRIGGER b2_measure BEFORE INSERT OR UPDATE ON rep_yearly_goals
    FOR EACH ROW EXECUTE FUNCTION goalkeeper_measure_year();


CREATE FUNCTION goalkeeper_year_end(workspace_id bigint, rep_id bigint, goal_year integer) RETURNS timestamptz
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT coalesce(
        (
            SELECT december.ends_at
            FROM rep_monthly_goals december
            WHERE december.workspace_id = goalkeeper_year_end.workspace_id
              AND december.rep_id = goalkeeper_year_end.rep_id
              AND december.goal_year = goalkeeper_year_end.goal_year
              AND december.goal_month = 12
        ),
        goalkeeper_local_instant(
            make_date(goalkeeper_year_end.goal_year, 12, 31) + interval '1 day',
            goalkeeper_rep_zone(goalkeeper_year_end.workspace_id, goalkeeper_year_end.rep_id)
        )
    );
END;

COMMENT ON FUNCTION goalkeeper_year_end(bigint, bigint, integer) IS
    'When a rep''s year ends: with its December, or, while that is not open, by the zone the rep is in.';

CREATE FUNCTION goalkeeper_complete_year() RETURNS trigger
    LANGUAGE plpgsql
AS $$
BEGIN
    IF NEW.status = 'archived' THEN
        RETURN NEW;
    END IF;
    IF NEW.goal_set_at IS NOT NULL AND goalkeeper_is_made(
        NEW.yearly_signup_goal, NEW.yearly_signups_actual, NEW.yearly_revenue_goal, NEW.yearly_revenue_actual
    ) THEN
        IF TG_OP = 'UPDATE' AND OLD.status = 'completed' THEN
            NEW.completed_at := OLD.completed_at;
        END IF;
        NEW.status := 'completed';
        NEW.completed_at := coalesce(NEW.completed_at, goalkeeper_now());
    ELSE
        IF NEW.status = 'completed' THEN
            NEW.status := CASE
                WHEN goalkeeper_now() >= goalkeeper_year_end(NEW.workspace_id, NEW.rep_id, NEW.goal_year)
                THEN 'missed'
                ELSE 'active'
            END;
        END IF;
        NEW.completed_at := NULL;
    END IF;
    RETURN NEW;
END
$$;

COMMENT ON FUNCTION goalkeeper_complete_year() IS
    'Completes a set year that is made, and takes that back when it no longer is; leaves archived ones (SPEC 3).';

CREATE TRIGGER b3_complete BEFORE INSERT OR UPDATE ON rep_yearly_goals
    FOR EACH ROW EXECUTE FUNCTION goalkeeper_complete_year();


-- Set-based: one statement over any number of months is one update of their years.
CREATE FUNCTION goalkeeper_carry_to_years() RETURNS trigger
    LANGUAGE plpgsql
AS $$
DECLARE
    workspaces bigint[];
    years bigint[];
BEGIN
    -- Two months of one rep may move at once, in two transactions. So the years are locked first, and only
    -- then summed, by a statement that sees what the other has committed. The lock must not ask again
    -- whether the sum differs: after a wait it would compare the other's year with our old sum.
    WITH carried AS MATERIALIZED (
        SELECT y.workspace_id, y.id
        FROM (SELECT DISTINCT workspace_id, rep_id, goal_year FROM changed) c
        JOIN rep_yearly_goals y USING (workspace_id, rep_id, goal_year)
        JOIN LATERAL (
            SELECT coalesce(sum(m.signups_actual), 0) AS signups, coalesce(sum(m.revenue_actual), 0) AS revenue
            FROM rep_monthly_goals m
            -- "+ 0" as in goalkeeper_measure_year.
            WHERE m.workspace_id = y.workspace_id AND m.rep_id = y.rep_id AND m.goal_year + 0 = y.goal_year
        ) s ON (s.signups, s.revenue) IS DISTINCT FROM (y.yearly_signups_actual, y.yearly_revenue_actual)
    ), locked AS (
        SELECT y.workspace_id, y.id
        FROM rep_yearly_goals y
        JOIN carried USING (workspace_id, id)
        ORDER BY y.workspace_id, y.id
        FOR NO KEY UPDATE OF y
    )
    SELECT array_agg(workspace_id), array_agg(id) INTO workspaces, years FROM locked;

    -- The year's own trigger does the sum; the assignment only has it fire.
    UPDATE rep_yearly_goals y
    SET yearly_signups_actual = y.yearly_signups_actual
    FROM unnest(workspaces, years) AS moved (workspace_id, id)
    WHERE y.workspace_id = moved.workspace_id AND y.id = moved.id;
    RETURN NULL;
END
$$;

COMMENT ON FUNCTION goalkeeper_carry_to_years() IS
    'Has the years of changed months sum again, all in one statement, where the sum differs (SPEC 3).';

CREATE TRIGGER carry_inserted_to_years AFTER INSERT ON rep_monthly_goals
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION goalkeeper_carry_to_years();
CREATE TRIGGER carry_updated_to_years AFTER UPDATE ON rep_monthly_goals
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION goalkeeper_carry_to_years();
CREATE TRIGGER carry_deleted_to_years AFTER DELETE ON rep_monthly_goals
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION goalkeeper_carry_to_years();
