-- "+ 0" keeps the planner, while it has no statistics, from taking the index by period and reading
-- everybody's months for each rep: it has not got the year then, and the index by rep has the rep.
CREATE OR REPLACE FUNCTION goalkeeper_measure_year() RETURNS trigger
    LANGUAGE plpgsql
AS $$
BEGIN
    SELECT coalesce(sum(signups_actual), 0), coalesce(sum(revenue_actual), 0)
    INTO NEW.yearly_signups_actual, NEW.yearly_revenue_actual
    FROM rep_monthly_goals
    WHERE workspace_id = NEW.workspace_id AND sales_rep_id = NEW.sales_rep_id AND goal_year + 0 = NEW.goal_year;

    NEW.yearly_signup_progress_percent := goalkeeper_percent(NEW.yearly_signups_actual, NEW.yearly_signup_goal);
    NEW.yearly_revenue_progress_percent := goalkeeper_percent(NEW.yearly_revenue_actual, NEW.yearly_revenue_goal);
    RETURN NEW;
END
$$;

COMMENT ON FUNCTION goalkeeper_measure_year() IS
    'Makes a year''s actuals the sum of its months, whatever was written, and keeps its progress.';
