CREATE OR REPLACE FUNCTION goalkeeper_resume_months() RETURNS trigger
    LANGUAGE plpgsql
AS $$
DECLARE
    rep record;
BEGIN
    -- One rep at a time: new reps have no month, and those who return are few. They are found first, because
    -- joining all of a roster was quadratic while the tables are not analysed.
    FOR rep IN
        WITH back AS MATERIALIZED (
            SELECT b.workspace_id, b.sales_rep_id, b.started_on, b.settles_from
            FROM begun b
            WHERE b.ended_on IS NULL
              AND EXISTS (SELECT FROM rep_monthly_goals m
                          WHERE m.workspace_id = b.workspace_id AND m.sales_rep_id = b.sales_rep_id)
        )
        SELECT b.workspace_id, b.sales_rep_id, b.started_on, b.settles_from,
               u.zone,
               w.deadline_day, w.former_deadline_day, w.deadline_day_from
        FROM back b
        JOIN sales_reps r ON r.workspace_id = b.workspace_id AND r.id = b.sales_rep_id
        JOIN people u ON u.workspace_id = r.workspace_id AND u.id = r.user_id
        JOIN workspaces w ON w.id = r.workspace_id
        ORDER BY b.workspace_id, b.sales_rep_id
    LOOP
        UPDATE rep_monthly_goals m
        SET time_zone = rep.zone,
            starts_at = goalkeeper_local_instant(make_date(m.goal_year, m.goal_month, 1), rep.zone),
            ends_at = goalkeeper_local_instant(
                make_date(m.goal_year, m.goal_month, 1) + interval '1 month', rep.zone),
            deadline = goalkeeper_deadline(
                m.goal_year, m.goal_month, rep.zone,
                goalkeeper_deadline_day(
                    rep.deadline_day, rep.former_deadline_day, rep.deadline_day_from,
                    make_date(m.goal_year, m.goal_month, 1)),
                rep.settles_from),
            status = CASE m.status WHEN 'archived' THEN 'active' ELSE m.status END
        WHERE m.workspace_id = rep.workspace_id AND m.sales_rep_id = rep.sales_rep_id
          AND make_date(m.goal_year, m.goal_month, 1) + interval '1 month'
              > greatest(rep.started_on::timestamp, goalkeeper_now() AT TIME ZONE rep.zone);
    END LOOP;
    RETURN NULL;
END
$$;

COMMENT ON FUNCTION goalkeeper_resume_months() IS
    'Resumes the open months of a rep who returns, with the zone and the deadline of a rep who has just joined.';
