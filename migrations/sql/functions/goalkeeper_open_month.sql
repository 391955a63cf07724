CREATE OR REPLACE FUNCTION goalkeeper_open_month() RETURNS trigger
    LANGUAGE plpgsql
AS $$
DECLARE
    rep record;
    first_day date := make_date(NEW.goal_year, NEW.goal_month, 1);
BEGIN
    IF num_nulls(
        NEW.time_zone, NEW.starts_at, NEW.ends_at, NEW.deadline, NEW.tier_signups, NEW.tier_amounts
    ) = 0 THEN
        RETURN NEW;
    END IF;
    SELECT coalesce(s.settles_from, r.joined_on) AS settles_from, u.zone AS time_zone,
           goalkeeper_deadline_day(
               w.deadline_day, w.former_deadline_day, w.deadline_day_from, first_day
           ) AS deadline_day
    INTO rep
    FROM sales_reps r
    JOIN workspaces w ON w.id = r.workspace_id
    JOIN people u ON u.workspace_id = r.workspace_id AND u.id = r.user_id
    LEFT JOIN current_stints s ON s.workspace_id = r.workspace_id AND s.sales_rep_id = r.id
    WHERE r.workspace_id = NEW.workspace_id AND r.id = NEW.sales_rep_id;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'There is no sales rep % in workspace %.', NEW.sales_rep_id, coalesce(NEW.workspace_id::text, '(not given)')
            USING ERRCODE = 'foreign_key_violation', TABLE = TG_TABLE_NAME, COLUMN = 'sales_rep_id';
    END IF;

    NEW.time_zone := coalesce(NEW.time_zone, rep.time_zone);
    NEW.starts_at := coalesce(NEW.starts_at, goalkeeper_local_instant(first_day, NEW.time_zone));
    NEW.ends_at := coalesce(
        NEW.ends_at, goalkeeper_local_instant(first_day + interval '1 month', NEW.time_zone)
    );
    NEW.deadline := coalesce(
        NEW.deadline,
        goalkeeper_deadline(NEW.goal_year, NEW.goal_month, NEW.time_zone, rep.deadline_day, rep.settles_from)
    );
    IF NEW.tier_signups IS NULL OR NEW.tier_amounts IS NULL THEN
        -- As in rep_tiers, but for one rep, and most workspaces have no team with tiers of its own.
        IF EXISTS (SELECT FROM bonus_tiers WHERE workspace_id = NEW.workspace_id AND team_id IS NOT NULL) THEN
            SELECT coalesce(NEW.tier_signups, t.tier_signups), coalesce(NEW.tier_amounts, t.tier_amounts)
            INTO NEW.tier_signups, NEW.tier_amounts
            FROM rep_tiers t
            WHERE t.workspace_id = NEW.workspace_id AND t.sales_rep_id = NEW.sales_rep_id;
        ELSE
            SELECT coalesce(NEW.tier_signups, array_agg(signups_needed ORDER BY tier)),
                   coalesce(NEW.tier_amounts, array_agg(amount ORDER BY tier))
            INTO NEW.tier_signups, NEW.tier_amounts
            FROM bonus_tiers
            WHERE workspace_id = NEW.workspace_id;
        END IF;
    END IF;
    RETURN NEW;
END
$$;

COMMENT ON FUNCTION goalkeeper_open_month() IS
    'Fills in what a new month leaves out: zone and bounds from the rep, tiers from the team or the workspace.';
