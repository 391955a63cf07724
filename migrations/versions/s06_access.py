"""Access: grants and row-level security."""

from migrations import objects

revision = "s06"
down_revision = "s05"

_TABLES = (
    "workspaces",
    "users",
    "teams",
    "sales_reps",
    "team_memberships",
    "bonus_tiers",
    "rep_monthly_goals",
    "rep_yearly_goals",
    "goal_changes",
    "outbox",
    "job_runs",
    "outbox_lanes",
    "goal_deadline_reminders",
    "goal_nudges",
    "settings_changes",
    "join_requests",
    "rep_stints",
    "changes",
)


def upgrade() -> None:
    """Grant the roles their rights and add the policies."""
    objects.run("policies", *_TABLES)


def downgrade() -> None:
    """Take the policies and the grants back."""
    for table in _TABLES:
        objects.execute(_OPEN.format(table=table))


_OPEN = """
DO $$
DECLARE
    policy text;
BEGIN
    FOR policy IN SELECT policyname FROM pg_policies WHERE tablename = '{table}' LOOP
        EXECUTE format('DROP POLICY %I ON {table}', policy);
    END LOOP;
END
$$;
ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;
REVOKE ALL ON {table} FROM goalkeeper_app, goalkeeper_everywhere;
"""
