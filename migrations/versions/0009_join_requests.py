"""Who asked to join which team, and what became of it (SPEC 1)."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations import sql

revision = "0009"
down_revision = "0008"

_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the table."""
    scope = sa.text("goalkeeper_workspace()")
    op.create_table(
        "join_requests",
        sa.Column("workspace_id", sa.BigInteger(), server_default=scope, nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("team_id", sa.BigInteger(), nullable=False),
        sa.Column("asked_of", postgresql.ARRAY(sa.BigInteger()), nullable=False),
        sa.Column("decision", sa.String(16)),
        sa.Column("decided_by", sa.BigInteger()),
        sa.Column("decided_at", _INSTANT),
        sa.Column("created_at", _INSTANT, server_default=sa.text("goalkeeper_now()"), nullable=False),
        sa.CheckConstraint("decision IN ('added', 'declined', 'lapsed')", name="decision"),
        sa.CheckConstraint("num_nulls(decision, decided_by, decided_at) IN (0, 3)", name="decided"),
        sa.PrimaryKeyConstraint("workspace_id", "id", name="pk_join_requests"),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name="fk_join_requests_workspace_id"),
        *(_belongs_to(column, table) for column, table in _REFERENCES),
    )
    op.create_index("ix_join_requests_user_id", "join_requests", ["workspace_id", "user_id"])
    op.create_index("ix_join_requests_team_id", "join_requests", ["workspace_id", "team_id"])
    op.create_index(
        "uq_join_requests_open",
        "join_requests",
        ["workspace_id", "user_id", "team_id"],
        unique=True,
        postgresql_where=sa.text("decided_at IS NULL"),
    )
    sql.run("0009_up.sql")


def downgrade() -> None:
    """Drop it."""
    sql.run("0009_down.sql")
    op.drop_table("join_requests")


_REFERENCES = (("user_id", "users"), ("team_id", "teams"), ("decided_by", "users"))


def _belongs_to(column: str, table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["workspace_id", column],
        [f"{table}.workspace_id", f"{table}.id"],
        name=f"fk_join_requests_workspace_id_{column}",
    )
