CREATE OR REPLACE FUNCTION goalkeeper_follow_reps() RETURNS trigger
    LANGUAGE plpgsql
AS $$
DECLARE
    rep record;
BEGIN
    FOR rep IN
        SELECT a.workspace_id, a.id, a.is_active, a.joined_on, b.joined_on AS joined_before,
               b.is_active AS was_active, s.id AS stint_id, s.started_on,
               goalkeeper_rep_today(a.workspace_id, a.id) AS today
        FROM rows_after a
        JOIN rows_before b ON b.workspace_id = a.workspace_id AND b.id = a.id
        LEFT JOIN current_stints s ON s.workspace_id = a.workspace_id AND s.sales_rep_id = a.id
        WHERE (a.is_active, a.joined_on) IS DISTINCT FROM (b.is_active, b.joined_on)
        ORDER BY a.workspace_id, a.id
    LOOP
        IF NOT rep.is_active AND rep.stint_id IS NOT NULL THEN
            UPDATE rep_stints SET ended_on = greatest(started_on, rep.today)
            WHERE workspace_id = rep.workspace_id AND id = rep.stint_id;
        ELSIF rep.is_active AND rep.stint_id IS NULL THEN
            IF rep.joined_on <> rep.joined_before THEN
                rep.today := rep.joined_on;
            ELSE
                -- A rep whose zone moved west may return on an earlier date than the one on which they left.
                UPDATE rep_stints SET ended_on = greatest(started_on, rep.today)
                WHERE workspace_id = rep.workspace_id AND sales_rep_id = rep.id AND ended_on > rep.today;
            END IF;
            INSERT INTO rep_stints (workspace_id, sales_rep_id, started_on)
            VALUES (rep.workspace_id, rep.id, rep.today);
        ELSIF rep.is_active AND rep.joined_on <> rep.started_on THEN
            UPDATE rep_stints SET started_on = rep.joined_on, settles_from = rep.joined_on
            WHERE workspace_id = rep.workspace_id AND id = rep.stint_id;
        END IF;
    END LOOP;
    RETURN NULL;
END
$$;

COMMENT ON FUNCTION goalkeeper_follow_reps() IS
    'Setting is_active ends a rep''s stint today or begins another, and joined_on moves the first day of it.';
