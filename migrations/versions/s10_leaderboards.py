"""The table of boards that were posted."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations import objects
from migrations.columns import INSTANT, belongs_to, created_and_updated, keys, tenant

revision = "s10"
down_revision = "s09"

_TABLES = ("leaderboard_snapshots",)


def upgrade() -> None:
    """Make the table."""
    _create_leaderboard_snapshots()
    objects.run("triggers", *_TABLES)
    objects.run("policies", *_TABLES)


def downgrade() -> None:
    """Drop it, and all that was in it."""
    for table in reversed(_TABLES):
        op.drop_table(table)


def _create_leaderboard_snapshots() -> None:
    op.create_table(
        "leaderboard_snapshots",
        *tenant(),
        sa.Column("team_id", sa.BigInteger()),
        sa.Column("metric", sa.Text(), nullable=False),
        sa.Column("year", sa.SmallInteger(), nullable=False),
        sa.Column("month", sa.SmallInteger(), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("posted_on", sa.Date(), nullable=False),
        sa.Column("rows", postgresql.JSONB(), nullable=False),
        sa.Column("listed", sa.Integer(), nullable=False),
        sa.Column("settled_at", INSTANT),
        *created_and_updated(),
        sa.CheckConstraint("year BETWEEN 2024 AND 9999", name=op.f("ck_leaderboard_snapshots_year")),
        sa.CheckConstraint("month BETWEEN 1 AND 12", name=op.f("ck_leaderboard_snapshots_month")),
        sa.CheckConstraint("kind IN ('weekly', 'final')", name=op.f("ck_leaderboard_snapshots_kind")),
        sa.CheckConstraint("jsonb_typeof(rows) = 'array'", name=op.f("ck_leaderboard_snapshots_rows")),
        sa.CheckConstraint(
            "listed >= jsonb_array_length(rows)", name=op.f("ck_leaderboard_snapshots_listed")
        ),
        *keys("leaderboard_snapshots"),
        belongs_to("leaderboard_snapshots", "team_id", "teams"),
        sa.UniqueConstraint(
            "workspace_id",
            "team_id",
            "year",
            "month",
            "kind",
            "posted_on",
            name="uq_leaderboard_snapshots_post",
            postgresql_nulls_not_distinct=True,
        ),
    )
