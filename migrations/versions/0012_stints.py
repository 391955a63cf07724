"""Stints: from which day to which a rep carried goals, and since when somebody has been gone (SPEC 1)."""

import sqlalchemy as sa
from alembic import op

from migrations import sql

revision = "0012"
down_revision = "0011"

_INSTANT = sa.DateTime(timezone=True)
_NOW = sa.text("goalkeeper_now()")


def upgrade() -> None:
    """Make the table and the columns, fill them in from what is known, and keep them true from now on."""
    op.add_column("users", sa.Column("away_since", _INSTANT))
    op.add_column(
        "goal_deadline_reminders",
        sa.Column("round", sa.SmallInteger(), server_default=sa.text("1"), nullable=False),
    )
    _create_stints()
    sql.run("0012_up.sql")
    op.create_check_constraint(
        "away_since", "users", "(away_since IS NULL) = (is_active AND standing = 'member')"
    )
    op.create_index(
        "ix_users_away_since",
        "users",
        ["workspace_id", "away_since"],
        postgresql_where=sa.text("away_since IS NOT NULL"),
    )
    op.alter_column("sales_reps", "joined_on", server_default=None)


def downgrade() -> None:
    """Drop them; reps keep the last day on which they joined."""
    op.alter_column("sales_reps", "joined_on", server_default=sa.text("goalkeeper_now()::date"))
    sql.run("0012_down.sql")
    op.drop_table("rep_stints")
    op.drop_column("goal_deadline_reminders", "round")
    op.drop_index("ix_users_away_since", "users")
    op.drop_constraint(op.f("ck_users_away_since"), "users")
    op.drop_column("users", "away_since")


def _create_stints() -> None:
    scope = sa.text("goalkeeper_workspace()")
    op.create_table(
        "rep_stints",
        sa.Column("workspace_id", sa.BigInteger(), server_default=scope, nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("rep_id", sa.BigInteger(), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date()),
        sa.Column("settles_from", sa.Date(), nullable=False),
        sa.Column("present_since", _INSTANT, server_default=_NOW, nullable=False),
        sa.Column("ended_by_absence", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("created_at", _INSTANT, server_default=_NOW, nullable=False),
        sa.CheckConstraint("ended_on >= started_on", name="days"),
        sa.CheckConstraint("ended_on IS NOT NULL OR NOT ended_by_absence", name="ended_by_absence"),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name="fk_rep_stints_workspace_id"),
        sa.ForeignKeyConstraint(
            ["workspace_id", "rep_id"],
            ["sales_reps.workspace_id", "sales_reps.id"],
            name="fk_rep_stints_workspace_id_rep_id",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name="pk_rep_stints"),
    )
    op.create_index("ix_rep_stints_rep_id", "rep_stints", ["workspace_id", "rep_id"])
    op.create_index(
        "ix_rep_stints_present_since",
        "rep_stints",
        ["present_since"],
        postgresql_where=sa.text("ended_on IS NULL"),
    )
    op.create_index(
        "uq_rep_stints_open",
        "rep_stints",
        ["workspace_id", "rep_id"],
        unique=True,
        postgresql_where=sa.text("ended_on IS NULL"),
    )
