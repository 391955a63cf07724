"""The tables of achievements and of cheers for them."""

import sqlalchemy as sa
from alembic import op

from migrations import objects
from migrations.columns import INSTANT, MONEY, belongs_to, created_and_updated, keys, tenant

revision = "s08"
down_revision = "s07"

_TABLES = ("goal_achievements", "achievement_cheers")


def upgrade() -> None:
    """Make the tables."""
    _create_goal_achievements()
    _create_achievement_cheers()
    objects.run("triggers", *_TABLES)
    objects.run("policies", *_TABLES)


def downgrade() -> None:
    """Drop them, and all that was in them."""
    for table in reversed(_TABLES):
        op.drop_table(table)


def _create_goal_achievements() -> None:
    op.create_table(
        "goal_achievements",
        *tenant(),
        sa.Column("sales_rep_id", sa.BigInteger(), nullable=False),
        sa.Column("monthly_goal_id", sa.BigInteger()),
        sa.Column("yearly_goal_id", sa.BigInteger()),
        sa.Column("achievement_type", sa.String(32), nullable=False),
        sa.Column("step", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("achievement_date", sa.Date(), nullable=False),
        sa.Column("achievement_month", sa.SmallInteger()),
        sa.Column("achievement_year", sa.SmallInteger(), nullable=False),
        sa.Column("goal_value", MONEY),
        sa.Column("actual_value", MONEY),
        sa.Column("percent_achieved", MONEY),
        sa.Column("bonus_amount", MONEY, server_default=sa.text("0"), nullable=False),
        sa.Column("bonus_tier", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("recognized", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("recognized_at", INSTANT),
        sa.Column("recognition_type", sa.String(16), server_default="none", nullable=False),
        sa.Column("is_quiet", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("announced_in", sa.BigInteger()),
        sa.Column("announced_at", INSTANT),
        sa.Column("reversed_at", INSTANT),
        sa.Column("is_shown", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        *created_and_updated(),
        sa.CheckConstraint(
            "num_nonnulls(monthly_goal_id, yearly_goal_id) = 1", name=op.f("ck_goal_achievements_goal")
        ),
        sa.CheckConstraint(
            "achievement_type IN ('monthly_signup_goal', 'monthly_revenue_goal', 'yearly_signup_goal', "
            "'yearly_revenue_goal', 'bonus_tier_unlocked', 'streak_milestone', 'perfect_month')",
            name=op.f("ck_goal_achievements_achievement_type"),
        ),
        sa.CheckConstraint(
            "recognition_type IN ('channel', 'dm', 'none')",
            name=op.f("ck_goal_achievements_recognition_type"),
        ),
        sa.CheckConstraint(
            "achievement_month BETWEEN 1 AND 12", name=op.f("ck_goal_achievements_achievement_month")
        ),
        sa.CheckConstraint("bonus_tier BETWEEN 0 AND 6", name=op.f("ck_goal_achievements_bonus_tier")),
        *keys("goal_achievements"),
        belongs_to("goal_achievements", "sales_rep_id", "sales_reps"),
        belongs_to("goal_achievements", "monthly_goal_id", "rep_monthly_goals", "CASCADE"),
        belongs_to("goal_achievements", "yearly_goal_id", "rep_yearly_goals", "CASCADE"),
        belongs_to("goal_achievements", "announced_in", "goal_achievements", "CASCADE"),
        sa.UniqueConstraint(
            "workspace_id", "monthly_goal_id", "achievement_type", "step", name="uq_goal_achievements_month"
        ),
        sa.UniqueConstraint(
            "workspace_id", "yearly_goal_id", "achievement_type", "step", name="uq_goal_achievements_year"
        ),
    )
    op.create_index(
        "ix_goal_achievements_rep", "goal_achievements", ["workspace_id", "sales_rep_id", "achievement_year"]
    )
    op.create_index(
        "ix_goal_achievements_unannounced",
        "goal_achievements",
        ["workspace_id", "sales_rep_id"],
        postgresql_where=sa.text("announced_in IS NULL AND reversed_at IS NULL AND NOT is_quiet"),
    )
    op.create_index(
        "ix_goal_achievements_announced_in", "goal_achievements", ["workspace_id", "announced_in"]
    )


def _create_achievement_cheers() -> None:
    op.create_table(
        "achievement_cheers",
        *tenant(),
        sa.Column("achievement_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("counts", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        *created_and_updated(),
        *keys("achievement_cheers"),
        belongs_to("achievement_cheers", "achievement_id", "goal_achievements", "CASCADE"),
        belongs_to("achievement_cheers", "user_id", "users"),
        sa.UniqueConstraint("workspace_id", "achievement_id", "user_id", name="uq_achievement_cheers_person"),
    )
