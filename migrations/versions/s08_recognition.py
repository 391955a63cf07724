"""The tables of achievements and badges, of the posts that tell of them, and of the cheers for those."""

import sqlalchemy as sa
from alembic import op

from migrations import objects
from migrations.columns import INSTANT, MONEY, NOW, belongs_to, created_and_updated, keys, tenant

revision = "s08"
down_revision = "s07"

_TABLES = ("recognition_posts", "goal_achievements", "badge_rules", "achievements", "achievement_cheers")
_FUNCTIONS = ("goalkeeper_fill_badge", "goalkeeper_announce_badges")


def upgrade() -> None:
    """Make the tables."""
    _create_recognition_posts()
    _create_goal_achievements()
    _create_badge_rules()
    _create_achievements()
    _create_achievement_cheers()
    objects.run("functions", *_FUNCTIONS)
    objects.run("triggers", *_TABLES[1:])
    objects.run("policies", *_TABLES)


def downgrade() -> None:
    """Drop them, and all that was in them."""
    for table in reversed(_TABLES):
        op.drop_table(table)
    objects.drop("FUNCTION", _FUNCTIONS)


def _create_recognition_posts() -> None:
    op.create_table(
        "recognition_posts",
        *tenant(),
        sa.Column("sales_rep_id", sa.BigInteger(), nullable=False),
        sa.Column("announced_at", INSTANT, server_default=NOW, nullable=False),
        *keys("recognition_posts"),
        belongs_to("recognition_posts", "sales_rep_id", "sales_reps"),
    )
    op.create_index(
        "ix_recognition_posts_rep", "recognition_posts", ["workspace_id", "sales_rep_id", "announced_at"]
    )


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
        belongs_to("goal_achievements", "announced_in", "recognition_posts"),
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
    _index_announcing("goal_achievements", "sales_rep_id", " AND NOT is_quiet")


def _index_announcing(table: str, person: str, unless: str = "") -> None:
    """Index what is still to be posted, what a post names, and what a post no longer names rightly."""
    op.create_index(
        f"ix_{table}_unannounced",
        table,
        ["workspace_id", person],
        postgresql_where=sa.text(f"announced_in IS NULL AND reversed_at IS NULL{unless}"),
    )
    op.create_index(f"ix_{table}_announced_in", table, ["workspace_id", "announced_in"])
    op.create_index(
        f"ix_{table}_outdated",
        table,
        ["workspace_id", person],
        postgresql_where=sa.text("announced_in IS NOT NULL AND is_shown <> (reversed_at IS NULL)"),
    )


def _create_badge_rules() -> None:
    op.create_table(
        "badge_rules",
        *tenant(),
        sa.Column("metric", sa.Text(), nullable=False),
        sa.Column("period_kind", sa.String(16), nullable=False),
        sa.Column("threshold", MONEY, nullable=False),
        sa.Column("each_period", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("description", sa.Text()),
        sa.Column("badge_icon", sa.Text(), server_default="🏆", nullable=False),
        sa.Column("created_by", sa.BigInteger()),
        sa.Column("ended_at", INSTANT),
        *created_and_updated(),
        sa.CheckConstraint(
            "period_kind IN ('day', 'week', 'month', 'quarter', 'year')",
            name=op.f("ck_badge_rules_period_kind"),
        ),
        sa.CheckConstraint("threshold > 0", name=op.f("ck_badge_rules_threshold")),
        sa.CheckConstraint("length(title) BETWEEN 1 AND 60", name=op.f("ck_badge_rules_title")),
        *keys("badge_rules"),
        belongs_to("badge_rules", "created_by", "users"),
    )


def _create_achievements() -> None:
    op.create_table(
        "achievements",
        *tenant(),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("achievement_type", sa.String(16), server_default="given", nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("description", sa.Text()),
        sa.Column("badge_icon", sa.Text(), server_default="🏆", nullable=False),
        sa.Column("achievement_value", MONEY),
        sa.Column("achieved_at", INSTANT, server_default=NOW, nullable=False),
        sa.Column("given_by", sa.BigInteger()),
        sa.Column("rule_id", sa.BigInteger()),
        sa.Column("occasion", sa.Date()),
        sa.Column("recognized", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("recognized_at", INSTANT),
        sa.Column("recognition_type", sa.String(16), server_default="none", nullable=False),
        sa.Column("announced_in", sa.BigInteger()),
        sa.Column("reversed_at", INSTANT),
        sa.Column("is_shown", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        *created_and_updated(),
        sa.CheckConstraint(
            "achievement_type IN ('rule', 'given')", name=op.f("ck_achievements_achievement_type")
        ),
        sa.CheckConstraint(
            "(achievement_type = 'rule') = (rule_id IS NOT NULL)", name=op.f("ck_achievements_rule_id")
        ),
        sa.CheckConstraint(
            "recognition_type IN ('channel', 'dm', 'none')", name=op.f("ck_achievements_recognition_type")
        ),
        sa.CheckConstraint("length(title) BETWEEN 1 AND 60", name=op.f("ck_achievements_title")),
        *keys("achievements"),
        belongs_to("achievements", "user_id", "users"),
        belongs_to("achievements", "given_by", "users"),
        belongs_to("achievements", "rule_id", "badge_rules"),
        belongs_to("achievements", "announced_in", "recognition_posts"),
    )
    op.create_index(
        "uq_achievements_rule",
        "achievements",
        ["workspace_id", "rule_id", "user_id", "occasion"],
        unique=True,
        postgresql_where=sa.text("rule_id IS NOT NULL"),
        postgresql_nulls_not_distinct=True,
    )
    op.create_index("ix_achievements_user", "achievements", ["workspace_id", "user_id", "achieved_at"])
    _index_announcing("achievements", "user_id")


def _create_achievement_cheers() -> None:
    op.create_table(
        "achievement_cheers",
        *tenant(),
        sa.Column("post_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("counts", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        *created_and_updated(),
        *keys("achievement_cheers"),
        belongs_to("achievement_cheers", "post_id", "recognition_posts"),
        belongs_to("achievement_cheers", "user_id", "users"),
        sa.UniqueConstraint("workspace_id", "post_id", "user_id", name="uq_achievement_cheers_person"),
    )
