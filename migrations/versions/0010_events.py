"""Slack's events are forgotten when Slack will not send them again (SLACK.md: requests in)."""

import sqlalchemy as sa
from alembic import op

from migrations import sql

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Make the way to forget them."""
    op.create_index(
        "ix_job_runs_events",
        "job_runs",
        ["workspace_id", "ran_at"],
        postgresql_where=sa.text("job = 'slack_event'"),
    )
    sql.run("0010_up.sql")


def downgrade() -> None:
    """Drop it."""
    sql.run("0010_down.sql")
    op.drop_index("ix_job_runs_events", "job_runs")
