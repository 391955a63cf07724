"""Reminders, nudges, and when a workspace is to be looked at next (SPEC 4)."""

import sqlalchemy as sa
from alembic import op

from migrations import sql

revision = "0007"
down_revision = "0006"

_INSTANT = sa.DateTime(timezone=True)
_NOW = sa.text("goalkeeper_now()")


def upgrade() -> None:
    """Make the tables and the column."""
    op.add_column(
        "workspaces", sa.Column("tick_at", _INSTANT, server_default=sa.text("'-infinity'"), nullable=False)
    )
    op.create_index("ix_workspaces_tick_at", "workspaces", ["tick_at"])
    _create_reminders()
    _create_nudges()
    sql.run("0007_up.sql")


def downgrade() -> None:
    """Drop them."""
    sql.run("0007_down.sql")
    op.drop_table("goal_nudges")
    op.drop_table("goal_deadline_reminders")
    op.drop_index("ix_workspaces_tick_at", "workspaces")
    op.drop_column("workspaces", "tick_at")


def _create_reminders() -> None:
    op.create_table(
        "goal_deadline_reminders",
        *_tenant(),
        sa.Column("rep_id", sa.BigInteger(), nullable=False),
        sa.Column("reminder_type", sa.String(32), nullable=False),
        sa.Column("target_year", sa.SmallInteger(), nullable=False),
        sa.Column("target_month", sa.SmallInteger(), nullable=False),
        sa.Column("deadline", _INSTANT, nullable=False),
        sa.Column("due_at", _INSTANT, nullable=False),
        sa.Column("sent", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("sent_at", _INSTANT),
        sa.Column("acknowledged", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("acknowledged_at", _INSTANT),
        sa.Column("snoozed_until", _INSTANT),
        sa.Column("skipped_at", _INSTANT),
        sa.Column("skip_reason", sa.Text()),
        sa.Column("created_at", _INSTANT, server_default=_NOW, nullable=False),
        sa.Column("updated_at", _INSTANT, server_default=_NOW, nullable=False),
        sa.CheckConstraint(
            "reminder_type IN "
            "('goal_deadline_3days', 'goal_deadline_1day', 'goal_deadline_day', 'goal_overdue')",
            name="reminder_type",
        ),
        sa.CheckConstraint("target_year BETWEEN 2024 AND 9999", name="target_year"),
        sa.CheckConstraint("target_month BETWEEN 1 AND 12", name="target_month"),
        sa.CheckConstraint("sent = (sent_at IS NOT NULL)", name="sent"),
        sa.CheckConstraint("acknowledged = (acknowledged_at IS NOT NULL)", name="acknowledged"),
        sa.CheckConstraint("(skipped_at IS NULL) = (skip_reason IS NULL)", name="skipped"),
        sa.CheckConstraint("NOT sent OR skipped_at IS NULL", name="sent_or_skipped"),
        *_keys("goal_deadline_reminders"),
        sa.ForeignKeyConstraint(
            ["workspace_id", "rep_id"],
            ["sales_reps.workspace_id", "sales_reps.id"],
            name="fk_goal_deadline_reminders_workspace_id_rep_id",
        ),
        sa.UniqueConstraint(
            "workspace_id",
            "target_year",
            "target_month",
            "rep_id",
            "reminder_type",
            name="uq_goal_deadline_reminders_stage",
        ),
    )
    op.create_index(
        "ix_goal_deadline_reminders_rep_id", "goal_deadline_reminders", ["workspace_id", "rep_id"]
    )
    op.create_index(
        "ix_goal_deadline_reminders_due",
        "goal_deadline_reminders",
        ["workspace_id", "due_at"],
        postgresql_where=sa.text("NOT sent AND skipped_at IS NULL"),
    )
    op.create_index(
        "ix_goal_deadline_reminders_snoozed",
        "goal_deadline_reminders",
        ["workspace_id", "snoozed_until"],
        postgresql_where=sa.text("snoozed_until IS NOT NULL"),
    )


def _create_nudges() -> None:
    op.create_table(
        "goal_nudges",
        *_tenant(),
        sa.Column("rep_id", sa.BigInteger(), nullable=False),
        sa.Column("nudged_by", sa.BigInteger(), nullable=False),
        sa.Column("nudged_at", _INSTANT, server_default=_NOW, nullable=False),
        *_keys("goal_nudges"),
        sa.ForeignKeyConstraint(
            ["workspace_id", "rep_id"],
            ["sales_reps.workspace_id", "sales_reps.id"],
            name="fk_goal_nudges_workspace_id_rep_id",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "nudged_by"],
            ["users.workspace_id", "users.id"],
            name="fk_goal_nudges_workspace_id_nudged_by",
        ),
    )
    op.create_index("ix_goal_nudges_rep_id", "goal_nudges", ["workspace_id", "rep_id", "nudged_at"])


def _tenant() -> tuple[sa.Column[int], ...]:
    """The columns that every row of a workspace begins with."""
    scope = sa.text("goalkeeper_workspace()")
    return (
        sa.Column("workspace_id", sa.BigInteger(), server_default=scope, nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
    )


def _keys(table: str) -> tuple[sa.Constraint, ...]:
    """The keys that every table of a workspace has."""
    return (
        sa.PrimaryKeyConstraint("workspace_id", "id", name=f"pk_{table}"),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=f"fk_{table}_workspace_id"),
    )
