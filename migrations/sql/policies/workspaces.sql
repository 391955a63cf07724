GRANT SELECT ON workspaces TO goalkeeper_app;
GRANT UPDATE (
    name, bot_user_id, time_zone, time_zone_chosen, currency, locale, deadline_day, former_deadline_day,
    deadline_day_from, reminder_time, company_channel, working_days, pace_by, board_weekday, board_time,
    board_metric, boards_are_posted, boards_since, money_is_public, tick_at
) ON workspaces TO goalkeeper_app;
-- Ticks look for workspaces with work that is due, and read nothing else of them.
GRANT SELECT (id, tick_at), UPDATE (tick_at) ON workspaces TO goalkeeper_everywhere;

ALTER TABLE workspaces ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_workspace ON workspaces TO goalkeeper_app
    USING (id = (SELECT nullif(current_setting('goalkeeper.workspace', true), '')::bigint))
    WITH CHECK (id = (SELECT nullif(current_setting('goalkeeper.workspace', true), '')::bigint));
-- For finding due work and claiming it, across workspaces; on these tables alone.

CREATE POLICY everywhere ON workspaces FOR SELECT TO goalkeeper_everywhere USING (true);
CREATE POLICY everywhere_tick ON workspaces FOR UPDATE TO goalkeeper_everywhere USING (true) WITH CHECK (true);
