CREATE OR REPLACE FUNCTION goalkeeper_fill_entry() RETURNS trigger
    LANGUAGE plpgsql
AS $$
BEGIN
    NEW.stated_on := NEW.occurred_on;
    NEW.team_id := coalesce(
        NEW.team_id, goalkeeper_team_on(NEW.workspace_id, NEW.sales_rep_id, NEW.occurred_on)
    );
    NEW.currency := coalesce(NEW.currency, (
        SELECT w.currency
        FROM metrics m
        JOIN workspaces w ON w.id = m.workspace_id
        WHERE m.workspace_id = NEW.workspace_id AND m.code = NEW.metric AND m.unit = 'money'
    ));
    RETURN NEW;
END
$$;

COMMENT ON FUNCTION goalkeeper_fill_entry() IS
    'Fills in what an entry inserted by hand leaves out: its team, its currency and the day it is about.';
