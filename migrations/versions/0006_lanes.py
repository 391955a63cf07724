"""Lanes of the outbox, what finds an uncertain message again, and the call that wakes the courier."""

import sqlalchemy as sa
from alembic import op

from migrations import sql

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add the columns, the table and the notification."""
    op.add_column(
        "outbox", sa.Column("nonce", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False)
    )
    op.add_column("outbox", sa.Column("uncertain_since", sa.DateTime(timezone=True)))
    op.create_table(
        "outbox_lanes",
        sa.Column(
            "workspace_id", sa.BigInteger(), server_default=sa.text("goalkeeper_workspace()"), nullable=False
        ),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("lane", sa.Text(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("parked_at", sa.DateTime(timezone=True)),
        sa.Column("parked_reason", sa.Text()),
        sa.CheckConstraint("(parked_at IS NULL) = (parked_reason IS NULL)", name="parked"),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name="fk_outbox_lanes_workspace_id"),
        sa.PrimaryKeyConstraint("workspace_id", "id", name="pk_outbox_lanes"),
        sa.UniqueConstraint("workspace_id", "lane", name="uq_outbox_lanes_workspace_id_lane"),
    )
    sql.run("0006_up.sql")


def downgrade() -> None:
    """Take them away again."""
    sql.run("0006_down.sql")
    op.drop_table("outbox_lanes")
    op.drop_column("outbox", "uncertain_since")
    op.drop_column("outbox", "nonce")
