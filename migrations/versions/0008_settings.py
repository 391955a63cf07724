"""Who changed which setting, and from which month a deadline day counts (SPEC 1)."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations import sql

revision = "0008"
down_revision = "0007"

_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the table and the columns."""
    op.add_column("workspaces", sa.Column("former_deadline_day", sa.SmallInteger()))
    op.add_column("workspaces", sa.Column("deadline_day_from", sa.Date()))
    op.create_check_constraint(
        op.f("ck_workspaces_former_deadline_day"),
        "workspaces",
        "num_nulls(former_deadline_day, deadline_day_from) <> 1 AND former_deadline_day BETWEEN 4 AND 27",
    )
    _create_settings_changes()
    sql.run("0008_up.sql")


def downgrade() -> None:
    """Drop them."""
    sql.run("0008_down.sql")
    op.drop_table("settings_changes")
    op.drop_constraint(op.f("ck_workspaces_former_deadline_day"), "workspaces")
    op.drop_column("workspaces", "deadline_day_from")
    op.drop_column("workspaces", "former_deadline_day")


def _create_settings_changes() -> None:
    scope = sa.text("goalkeeper_workspace()")
    op.create_table(
        "settings_changes",
        sa.Column("workspace_id", sa.BigInteger(), server_default=scope, nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("changed_at", _INSTANT, server_default=sa.text("goalkeeper_now()"), nullable=False),
        sa.Column("changed_by", sa.BigInteger(), nullable=False),
        sa.Column("subject", sa.String(16), nullable=False),
        sa.Column("subject_id", sa.BigInteger()),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("from_value", postgresql.JSONB()),
        sa.Column("to_value", postgresql.JSONB()),
        sa.CheckConstraint("subject IN ('workspace', 'tiers', 'admin', 'team', 'rep')", name="subject"),
        sa.CheckConstraint("from_value IS DISTINCT FROM to_value", name="some_change"),
        sa.PrimaryKeyConstraint("workspace_id", "id", name="pk_settings_changes"),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name="fk_settings_changes_workspace_id"),
        sa.ForeignKeyConstraint(
            ["workspace_id", "changed_by"],
            ["users.workspace_id", "users.id"],
            name="fk_settings_changes_workspace_id_changed_by",
        ),
    )
    op.create_index(
        "ix_settings_changes_subject", "settings_changes", ["workspace_id", "subject", "subject_id", "id"]
    )
