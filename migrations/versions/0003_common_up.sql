-- Trigger functions run with the rights of who writes, so row-level security holds inside them; they name
-- the workspace besides, for the owner sees all of them.

CREATE FUNCTION goalkeeper_touch() RETURNS trigger
    LANGUAGE plpgsql
AS $$
BEGIN
    NEW.updated_at := goalkeeper_now();
    RETURN NEW;
END
$$;

COMMENT ON FUNCTION goalkeeper_touch() IS 'Keeps updated_at.';

CREATE TRIGGER touch BEFORE UPDATE ON workspaces FOR EACH ROW EXECUTE FUNCTION goalkeeper_touch();
CREATE TRIGGER touch BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION goalkeeper_touch();
CREATE TRIGGER touch BEFORE UPDATE ON teams FOR EACH ROW EXECUTE FUNCTION goalkeeper_touch();
CREATE TRIGGER touch BEFORE UPDATE ON sales_reps FOR EACH ROW EXECUTE FUNCTION goalkeeper_touch();
CREATE TRIGGER touch BEFORE UPDATE ON bonus_tiers FOR EACH ROW EXECUTE FUNCTION goalkeeper_touch();
CREATE TRIGGER touch BEFORE UPDATE ON outbox FOR EACH ROW EXECUTE FUNCTION goalkeeper_touch();
CREATE TRIGGER touch BEFORE UPDATE ON rep_monthly_goals FOR EACH ROW EXECUTE FUNCTION goalkeeper_touch();
CREATE TRIGGER touch BEFORE UPDATE ON rep_yearly_goals FOR EACH ROW EXECUTE FUNCTION goalkeeper_touch();


-- Postgres takes more for a zone than there are zones: abbreviations ("PST") and inventions with digits
-- ("Mars3"). And it reads the zones that are named like abbreviations ("CET", "WET") as those, without summer
-- time. Reading the list of zones costs milliseconds, so only names that could be such are looked up.
CREATE FUNCTION goalkeeper_is_zone(zone text) RETURNS boolean
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

COMMENT ON FUNCTION goalkeeper_is_zone(text) IS
    'Whether this is the IANA name of a time zone that Postgres knows, and reads as everybody else does.';

CREATE FUNCTION goalkeeper_check_zone() RETURNS trigger
    LANGUAGE plpgsql
AS $$
BEGIN
    IF NOT goalkeeper_is_zone(NEW.time_zone) THEN
        RAISE EXCEPTION 'There is no time zone "%".', NEW.time_zone
            USING ERRCODE = 'check_violation', TABLE = TG_TABLE_NAME, COLUMN = 'time_zone',
                  HINT = 'Use an IANA name such as Europe/Berlin or America/New_York.';
    END IF;
    RETURN NEW;
END
$$;

COMMENT ON FUNCTION goalkeeper_check_zone() IS
    'Refuses an unknown time zone, which would later abort every statement that reads its row.';

CREATE TRIGGER check_zone BEFORE INSERT OR UPDATE OF time_zone ON workspaces
    FOR EACH ROW EXECUTE FUNCTION goalkeeper_check_zone();
CREATE TRIGGER check_zone BEFORE INSERT OR UPDATE OF time_zone ON users
    FOR EACH ROW EXECUTE FUNCTION goalkeeper_check_zone();


CREATE FUNCTION goalkeeper_refuse_rewriting() RETURNS trigger
    LANGUAGE plpgsql
AS $$
BEGIN
    RAISE EXCEPTION 'The table % only grows: what happened is not changed or deleted afterwards.', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation', TABLE = TG_TABLE_NAME,
              HINT = 'Write a further row that says what is true now.';
END
$$;

COMMENT ON FUNCTION goalkeeper_refuse_rewriting() IS 'Keeps a table append-only, whoever tries.';

CREATE TRIGGER only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON goal_changes
    FOR EACH STATEMENT EXECUTE FUNCTION goalkeeper_refuse_rewriting();


CREATE FUNCTION goalkeeper_give_bonus_tiers() RETURNS trigger
    LANGUAGE plpgsql
AS $$
BEGIN
    INSERT INTO bonus_tiers (workspace_id, tier, signups_needed)
    SELECT NEW.id, tier, needed
    FROM unnest(ARRAY[15, 20, 25, 30, 40, 50]) WITH ORDINALITY AS usual (needed, tier);
    RETURN NULL;
END
$$;

COMMENT ON FUNCTION goalkeeper_give_bonus_tiers() IS 'Gives a new workspace the usual six tiers (SPEC 2).';

CREATE TRIGGER give_bonus_tiers AFTER INSERT ON workspaces
    FOR EACH ROW EXECUTE FUNCTION goalkeeper_give_bonus_tiers();


-- The bot cannot see a workspace before it knows its id, and may not make any: this is its one way in.
CREATE FUNCTION goalkeeper_enter_workspace(slack_team_id text, name text, bot_user_id text) RETURNS bigint
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
BEGIN ATOMIC
    INSERT INTO workspaces AS known (slack_team_id, name, bot_user_id)
    VALUES (slack_team_id, name, bot_user_id)
    ON CONFLICT (slack_team_id) DO UPDATE
        SET name = excluded.name, bot_user_id = coalesce(excluded.bot_user_id, known.bot_user_id)
    RETURNING id;
END;

COMMENT ON FUNCTION goalkeeper_enter_workspace(text, text, text) IS
    'The id of the workspace with this Slack id; makes it if it is new, and takes over its name.';

REVOKE EXECUTE ON FUNCTION goalkeeper_enter_workspace(text, text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION goalkeeper_enter_workspace(text, text, text) TO goalkeeper_app, goalkeeper_everywhere;


CREATE FUNCTION goalkeeper_percent(actual numeric, goal numeric) RETURNS numeric
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE
        WHEN goal > 0 THEN least(greatest(round(actual * 100 / goal, 2), 0.00), 999999999999999.99)
    END;

COMMENT ON FUNCTION goalkeeper_percent(numeric, numeric) IS
    'Progress in percent with two decimals: never below 0, may exceed 100, null without a goal (SPEC 2).';

CREATE FUNCTION goalkeeper_is_made(
    signup_goal numeric, signups numeric, revenue_goal numeric, revenue numeric
) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (signup_goal > 0 OR revenue_goal > 0)
       AND (signup_goal = 0 OR signups >= signup_goal)
       AND (revenue_goal = 0 OR revenue >= revenue_goal);

COMMENT ON FUNCTION goalkeeper_is_made(numeric, numeric, numeric, numeric) IS
    'Whether every metric that has a goal has reached it. Asks the figures, not the rounded percentages.';

CREATE FUNCTION goalkeeper_rep_zone(workspace_id bigint, rep_id bigint) RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT coalesce(u.time_zone, w.time_zone)
    FROM sales_reps r
    JOIN workspaces w ON w.id = r.workspace_id
    JOIN users u ON u.workspace_id = r.workspace_id AND u.id = r.user_id
    WHERE r.workspace_id = goalkeeper_rep_zone.workspace_id AND r.id = goalkeeper_rep_zone.rep_id;
END;

COMMENT ON FUNCTION goalkeeper_rep_zone(bigint, bigint) IS 'The time zone a rep is in now: their own, else the workspace''s.';
