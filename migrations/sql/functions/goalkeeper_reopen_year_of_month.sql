CREATE OR REPLACE FUNCTION goalkeeper_reopen_year_of_month() RETURNS trigger
    LANGUAGE plpgsql
AS $$
BEGIN
    UPDATE rep_yearly_goals
    SET frozen_at = NULL
    WHERE workspace_id = NEW.workspace_id AND sales_rep_id = NEW.sales_rep_id AND goal_year = NEW.goal_year
      AND frozen_at IS NOT NULL;
    RETURN NULL;
END
$$;

COMMENT ON FUNCTION goalkeeper_reopen_year_of_month() IS
    'Reopens the year of a reopened month, whose sums may move. It freezes again with its last month.';
