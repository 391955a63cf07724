"""The table of snapshots of progress, and what fills and keeps its rows."""

import sqlalchemy as sa
from alembic import op

from migrations import objects
from migrations.columns import INSTANT, MONEY, NOW, belongs_to, keys, tenant

revision = "s09"
down_revision = "s08"

_TABLES = ("goal_progress_snapshots",)
_FUNCTIONS = (
    "goalkeeper_progress",
    "goalkeeper_fill_snapshot",
    "goalkeeper_replace_snapshot",
    "goalkeeper_keep_snapshot",
)


def upgrade() -> None:
    """Make the table, what keeps it true, and who may use it."""
    _create_goal_progress_snapshots()
    objects.run("functions", *_FUNCTIONS)
    objects.run("triggers", *_TABLES)
    objects.run("policies", *_TABLES)


def downgrade() -> None:
    """Drop it, and all that was in it."""
    objects.drop("FUNCTION", _FUNCTIONS)
    for table in reversed(_TABLES):
        op.drop_table(table)


def _create_goal_progress_snapshots() -> None:
    op.create_table(
        "goal_progress_snapshots",
        *tenant(),
        sa.Column("sales_rep_id", sa.BigInteger(), nullable=False),
        sa.Column("monthly_goal_id", sa.BigInteger(), nullable=False),
        sa.Column("snapshot_type", sa.String(16), nullable=False),
        sa.Column("snapshot_date", sa.Date(), nullable=False),
        sa.Column("signups_to_date", sa.Integer(), nullable=False),
        sa.Column("signup_goal", sa.Integer(), nullable=False),
        sa.Column("signup_progress_percent", MONEY, nullable=True),
        sa.Column("revenue_to_date", MONEY, nullable=False),
        sa.Column("revenue_goal", MONEY, nullable=False),
        sa.Column("revenue_progress_percent", MONEY, nullable=True),
        sa.Column("bonus_tier", sa.SmallInteger(), nullable=False),
        sa.Column("days_remaining", sa.SmallInteger(), nullable=False),
        sa.Column("on_pace", sa.Boolean(), nullable=True),
        sa.Column("pace_indicator", sa.String(16), nullable=True),
        sa.Column("created_at", INSTANT, server_default=NOW, nullable=False),
        sa.CheckConstraint(
            "snapshot_type IN ('daily', 'weekly', 'monthly', 'ad_hoc')",
            name=op.f("ck_goal_progress_snapshots_snapshot_type"),
        ),
        sa.CheckConstraint(
            "pace_indicator IN ('ahead', 'on_track', 'behind', 'critical')",
            name=op.f("ck_goal_progress_snapshots_pace_indicator"),
        ),
        sa.CheckConstraint("bonus_tier BETWEEN 0 AND 6", name=op.f("ck_goal_progress_snapshots_bonus_tier")),
        sa.CheckConstraint("days_remaining >= 0", name=op.f("ck_goal_progress_snapshots_days_remaining")),
        belongs_to("goal_progress_snapshots", "sales_rep_id", "sales_reps"),
        belongs_to("goal_progress_snapshots", "monthly_goal_id", "rep_monthly_goals"),
        *keys("goal_progress_snapshots"),
    )
    op.create_index(
        "uq_goal_progress_snapshots_day",
        "goal_progress_snapshots",
        ["workspace_id", "sales_rep_id", sa.text("snapshot_date DESC"), "snapshot_type"],
        unique=True,
    )
    op.create_index(
        "ix_goal_progress_snapshots_monthly_goal_id",
        "goal_progress_snapshots",
        ["workspace_id", "monthly_goal_id"],
    )
