"""The tables of what is to be said, and of work that is done once."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations import objects
from migrations.columns import INSTANT, NOW, created_and_updated, keys, tenant

revision = "s04"
down_revision = "s03"

_TABLES = (
    "outbox",
    "outbox_lanes",
    "job_runs",
)


def upgrade() -> None:
    """Make the tables."""
    _create_outbox()
    _create_outbox_lanes()
    _create_job_runs()
    # Whether a copy of the bot fits the database is for it to ask (/readyz).
    objects.execute("GRANT SELECT ON alembic_version TO goalkeeper_app, goalkeeper_everywhere")


def downgrade() -> None:
    """Drop them, and all that was in them."""
    objects.execute("REVOKE ALL ON alembic_version FROM goalkeeper_app, goalkeeper_everywhere")
    for table in reversed(_TABLES):
        op.drop_table(table)


def _create_outbox() -> None:
    op.create_table(
        "outbox",
        *tenant(),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("facts", postgresql.JSONB(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("mode", sa.String(16), nullable=False),
        sa.Column("due_at", INSTANT, server_default=NOW, nullable=False),
        sa.Column("dedupe_key", sa.Text(), nullable=True),
        sa.Column("status", sa.String(16), server_default="pending", nullable=False),
        sa.Column("not_before", INSTANT, nullable=True),
        sa.Column("token", sa.Uuid(), nullable=True),
        sa.Column("leased_until", INSTANT, nullable=True),
        sa.Column("nonce", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("uncertain_since", INSTANT, nullable=True),
        sa.Column("uncertain_until", INSTANT, nullable=True),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("channel", sa.Text(), nullable=True),
        sa.Column("ts", sa.Text(), nullable=True),
        sa.Column("sent_at", INSTANT, nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        *created_and_updated(),
        sa.CheckConstraint("(mode = 'post') = (dedupe_key IS NOT NULL)", name=op.f("ck_outbox_dedupe_key")),
        sa.CheckConstraint("(status = 'sending') = (token IS NOT NULL)", name=op.f("ck_outbox_token")),
        sa.CheckConstraint("mode IN ('post', 'edit')", name=op.f("ck_outbox_mode")),
        sa.CheckConstraint(
            "status <> 'sent' OR (channel IS NOT NULL AND ts IS NOT NULL)", name=op.f("ck_outbox_receipt")
        ),
        sa.CheckConstraint(
            "status IN ('pending', 'sending', 'parked', 'sent', 'cancelled', 'failed')",
            name=op.f("ck_outbox_status"),
        ),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_outbox_attempts")),
        *keys("outbox"),
        sa.UniqueConstraint("workspace_id", "dedupe_key", name=op.f("uq_outbox_workspace_id_dedupe_key")),
    )
    op.create_index(
        "ix_outbox_deadlines",
        "outbox",
        ["workspace_id", "topic"],
        postgresql_ops={"topic": "text_pattern_ops"},
        postgresql_where=sa.text("mode = 'post' AND (topic LIKE 'reminder:%' OR topic LIKE 'digest:%')"),
    )
    op.create_index("ix_outbox_due", "outbox", ["due_at"], postgresql_where=sa.text("status = 'pending'"))
    op.create_index(
        "ix_outbox_in_hand",
        "outbox",
        ["workspace_id", "audience"],
        postgresql_where=sa.text("status = 'sending'"),
    )
    op.create_index(
        "ix_outbox_lease", "outbox", ["leased_until"], postgresql_where=sa.text("status = 'sending'")
    )
    op.create_index("ix_outbox_topic", "outbox", ["workspace_id", "topic", "id"])
    op.create_index(
        "ix_outbox_waiting",
        "outbox",
        ["workspace_id", "audience", "due_at", "id"],
        postgresql_where=sa.text("status = 'pending'"),
    )
    op.create_index(
        "uq_outbox_pending_edit",
        "outbox",
        ["workspace_id", "topic"],
        unique=True,
        postgresql_where=sa.text("mode = 'edit' AND status = 'pending'"),
    )


def _create_outbox_lanes() -> None:
    op.create_table(
        "outbox_lanes",
        *tenant(),
        sa.Column("lane", sa.Text(), nullable=False),
        sa.Column("next_at", INSTANT, nullable=False),
        sa.Column("parked_at", INSTANT, nullable=True),
        sa.Column("parked_reason", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(parked_at IS NULL) = (parked_reason IS NULL)", name=op.f("ck_outbox_lanes_parked")
        ),
        *keys("outbox_lanes"),
        sa.UniqueConstraint("workspace_id", "lane", name=op.f("uq_outbox_lanes_workspace_id_lane")),
    )


def _create_job_runs() -> None:
    op.create_table(
        "job_runs",
        *tenant(),
        sa.Column("job", sa.Text(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("rows", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("ran_at", INSTANT, server_default=NOW, nullable=False),
        *keys("job_runs"),
        sa.UniqueConstraint(
            "workspace_id", "job", "period", name=op.f("uq_job_runs_workspace_id_job_period")
        ),
    )
    op.create_index(
        "ix_job_runs_events",
        "job_runs",
        ["workspace_id", "ran_at"],
        postgresql_where=sa.text("job = 'slack_event'"),
    )
