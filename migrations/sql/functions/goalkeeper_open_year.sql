CREATE OR REPLACE FUNCTION goalkeeper_open_year() RETURNS trigger
    LANGUAGE plpgsql
AS $$
BEGIN
    -- A transaction that is changing a month of this year right now cannot see the new row and would not add to it:
    -- wait for them before summing, and have later ones wait for us.
    PERFORM FROM rep_monthly_goals
    WHERE workspace_id = NEW.workspace_id AND sales_rep_id = NEW.sales_rep_id AND goal_year = NEW.goal_year
    ORDER BY goal_month
    FOR NO KEY UPDATE;
    IF NEW.months_carried IS NULL THEN
        SELECT goalkeeper_months_carried(joined_on, NEW.goal_year) INTO NEW.months_carried
        FROM sales_reps
        WHERE workspace_id = NEW.workspace_id AND id = NEW.sales_rep_id;
    END IF;
    RETURN NEW;
END
$$;

COMMENT ON FUNCTION goalkeeper_open_year() IS 'Holds a new year''s months still while they are summed, and counts the months that its rep carries goals in.';
