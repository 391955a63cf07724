"""The tables of what is to be said, of work that is done once, and of what has changed."""

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
    "changes",
)
_FUNCTIONS = ("goalkeeper_topic",)


def upgrade() -> None:
    """Make the tables, and the type of what goes into the outbox."""
    objects.run("functions", *_FUNCTIONS)
    _create_outbox()
    _create_outbox_lanes()
    _create_job_runs()
    _create_changes()
    objects.execute(_INTENT)
    # Whether a copy of the bot fits the database is for it to ask (/readyz).
    objects.execute("GRANT SELECT ON alembic_version TO goalkeeper_app, goalkeeper_everywhere")


def downgrade() -> None:
    """Drop them, and all that was in them."""
    objects.execute("REVOKE ALL ON alembic_version FROM goalkeeper_app, goalkeeper_everywhere")
    objects.execute("DROP TYPE intent")
    for table in reversed(_TABLES):
        op.drop_table(table)
    objects.drop("FUNCTION", _FUNCTIONS)


_INTENT = """
CREATE TYPE intent AS (
    mode text, kind text, audience text, subject text, sales_rep_id bigint, period text, stage text,
    round smallint, part text, facts jsonb, dedupe_key text, due_at timestamptz
);
COMMENT ON TYPE intent IS
    'What goalkeeper_say takes: the columns of outbox that say what is to be said. Without a dedupe_key a '
    'post is unique by its topic; without due_at it is due now.';
"""


def _create_outbox() -> None:
    op.create_table(
        "outbox",
        *tenant(),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("facts", postgresql.JSONB(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("sales_rep_id", sa.BigInteger(), nullable=True),
        sa.Column("period", sa.Text(), nullable=True),
        sa.Column("stage", sa.Text(), nullable=True),
        sa.Column("round", sa.SmallInteger(), nullable=True),
        sa.Column("part", sa.Text(), nullable=True),
        sa.Column(
            "topic",
            sa.Text(),
            sa.Computed(
                "goalkeeper_topic(subject, sales_rep_id, period, stage, round, part)", persisted=True
            ),
            nullable=False,
        ),
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
        "ix_outbox_about",
        "outbox",
        ["workspace_id", "subject", "period", "sales_rep_id"],
        postgresql_where=sa.text("mode = 'post' AND period IS NOT NULL"),
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


def _create_changes() -> None:
    objects.execute(
        """
        CREATE TABLE changes (
            workspace_id bigint NOT NULL,
            xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
            sales_rep_id bigint NOT NULL,
            year smallint NOT NULL,
            month smallint NOT NULL,
            goals_changed boolean DEFAULT false NOT NULL,
            figures_changed boolean DEFAULT false NOT NULL,
            CONSTRAINT pk_changes PRIMARY KEY (workspace_id, xid, sales_rep_id, year, month)
        )
        """
    )
