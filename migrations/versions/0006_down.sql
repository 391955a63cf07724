DROP TRIGGER outbox_wake_courier ON outbox;
DROP FUNCTION goalkeeper_wake_courier();
DROP INDEX ix_outbox_in_hand;
DROP INDEX ix_outbox_waiting;
DROP POLICY everywhere ON outbox_lanes;
DROP POLICY own_workspace ON outbox_lanes;
ALTER TABLE outbox_lanes DISABLE ROW LEVEL SECURITY;
REVOKE ALL ON alembic_version FROM goalkeeper_app, goalkeeper_everywhere;
REVOKE ALL ON outbox_lanes FROM goalkeeper_app, goalkeeper_everywhere;
