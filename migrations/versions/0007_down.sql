DROP TRIGGER c1_say_so ON rep_monthly_goals;
DROP FUNCTION goalkeeper_goals_set();
DROP INDEX ix_outbox_deadlines;
DROP TRIGGER touch ON goal_deadline_reminders;
DROP POLICY everywhere_tick ON workspaces;
REVOKE UPDATE (tick_at) ON workspaces FROM goalkeeper_app, goalkeeper_everywhere;
DROP POLICY own_workspace ON goal_nudges;
DROP POLICY own_workspace ON goal_deadline_reminders;
REVOKE ALL ON goal_deadline_reminders, goal_nudges FROM goalkeeper_app;
