"""The tables of goals, bonus tiers and reminders."""

import sqlalchemy as sa
from alembic import op

from migrations.columns import INSTANT, MONEY, NOW, belongs_to, created_and_updated, keys, tenant

revision = "s03"
down_revision = "s02"

_TABLES = (
    "bonus_tiers",
    "rep_monthly_goals",
    "rep_yearly_goals",
    "goal_changes",
    "goal_deadline_reminders",
    "goal_nudges",
)


def upgrade() -> None:
    """Make the tables."""
    _create_bonus_tiers()
    _create_rep_monthly_goals()
    _create_rep_yearly_goals()
    _create_goal_changes()
    _create_goal_deadline_reminders()
    _create_goal_nudges()


def downgrade() -> None:
    """Drop them, and all that was in them."""
    for table in reversed(_TABLES):
        op.drop_table(table)


def _create_bonus_tiers() -> None:
    op.create_table(
        "bonus_tiers",
        *tenant(),
        sa.Column("team_id", sa.BigInteger(), nullable=True),
        sa.Column("tier", sa.SmallInteger(), nullable=False),
        sa.Column("signups_needed", sa.Integer(), nullable=False),
        sa.Column("amount", MONEY, server_default=sa.text("0"), nullable=False),
        *created_and_updated(),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_bonus_tiers_amount")),
        sa.CheckConstraint("signups_needed BETWEEN 1 AND 100000", name=op.f("ck_bonus_tiers_signups_needed")),
        sa.CheckConstraint("tier BETWEEN 1 AND 6", name=op.f("ck_bonus_tiers_tier")),
        belongs_to("bonus_tiers", "team_id", "teams"),
        *keys("bonus_tiers"),
        sa.UniqueConstraint(
            "workspace_id",
            "team_id",
            "tier",
            name="uq_bonus_tiers_tier",
            postgresql_nulls_not_distinct=True,
        ),
    )


def _create_rep_monthly_goals() -> None:
    op.create_table(
        "rep_monthly_goals",
        *tenant(),
        sa.Column("sales_rep_id", sa.BigInteger(), nullable=False),
        sa.Column("goal_year", sa.SmallInteger(), nullable=False),
        sa.Column("goal_month", sa.SmallInteger(), nullable=False),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column("starts_at", INSTANT, nullable=False),
        sa.Column("ends_at", INSTANT, nullable=False),
        sa.Column("deadline", INSTANT, nullable=False),
        sa.Column("signup_goal", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("signups_actual", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("signup_progress_percent", MONEY, nullable=True),
        sa.Column("revenue_goal", MONEY, server_default=sa.text("0"), nullable=False),
        sa.Column("revenue_actual", MONEY, server_default=sa.text("0"), nullable=False),
        sa.Column("revenue_progress_percent", MONEY, nullable=True),
        sa.Column("bonus_tier_goal", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("bonus_tier_actual", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("bonus_triggered", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("bonus_amount", MONEY, server_default=sa.text("0"), nullable=False),
        sa.Column("tier_signups", sa.ARRAY(sa.Integer()), nullable=False),
        sa.Column("tier_amounts", sa.ARRAY(MONEY), nullable=False),
        sa.Column("goal_set_at", INSTANT, server_default=NOW, nullable=True),
        sa.Column("goal_set_by", sa.BigInteger(), nullable=True),
        sa.Column("set_by_deadline", sa.Boolean(), nullable=True),
        sa.Column("status", sa.String(16), server_default="active", nullable=False),
        sa.Column("completed_at", INSTANT, nullable=True),
        sa.Column("frozen_at", INSTANT, nullable=True),
        sa.Column("reopened_until", INSTANT, nullable=True),
        *created_and_updated(),
        sa.CheckConstraint(
            "status <> 'completed' OR completed_at IS NOT NULL",
            name=op.f("ck_rep_monthly_goals_completed_at"),
        ),
        sa.CheckConstraint(
            "status IN ('active', 'completed', 'missed', 'archived')",
            name=op.f("ck_rep_monthly_goals_status"),
        ),
        sa.CheckConstraint("bonus_amount >= 0", name=op.f("ck_rep_monthly_goals_bonus_amount")),
        sa.CheckConstraint(
            "bonus_tier_actual BETWEEN 0 AND 6", name=op.f("ck_rep_monthly_goals_bonus_tier_actual")
        ),
        sa.CheckConstraint(
            "bonus_tier_goal BETWEEN 0 AND 6", name=op.f("ck_rep_monthly_goals_bonus_tier_goal")
        ),
        sa.CheckConstraint("cardinality(tier_amounts) = 6", name=op.f("ck_rep_monthly_goals_tier_amounts")),
        sa.CheckConstraint("cardinality(tier_signups) = 6", name=op.f("ck_rep_monthly_goals_tier_signups")),
        sa.CheckConstraint("goal_month BETWEEN 1 AND 12", name=op.f("ck_rep_monthly_goals_goal_month")),
        sa.CheckConstraint(
            "goal_set_at IS NULL OR signup_goal > 0 OR revenue_goal > 0",
            name=op.f("ck_rep_monthly_goals_some_goal"),
        ),
        sa.CheckConstraint("goal_year BETWEEN 2024 AND 9999", name=op.f("ck_rep_monthly_goals_goal_year")),
        sa.CheckConstraint(
            "revenue_goal BETWEEN 0 AND 9999999999.99", name=op.f("ck_rep_monthly_goals_revenue_goal")
        ),
        sa.CheckConstraint(
            "revenue_progress_percent >= 0", name=op.f("ck_rep_monthly_goals_revenue_progress_percent")
        ),
        sa.CheckConstraint("signup_goal BETWEEN 0 AND 100000", name=op.f("ck_rep_monthly_goals_signup_goal")),
        sa.CheckConstraint(
            "signup_progress_percent >= 0", name=op.f("ck_rep_monthly_goals_signup_progress_percent")
        ),
        sa.CheckConstraint(
            "starts_at < ends_at AND starts_at < deadline", name=op.f("ck_rep_monthly_goals_bounds")
        ),
        belongs_to("rep_monthly_goals", "goal_set_by", "users"),
        belongs_to("rep_monthly_goals", "sales_rep_id", "sales_reps"),
        *keys("rep_monthly_goals"),
    )
    op.create_index(
        "ix_rep_monthly_goals_running",
        "rep_monthly_goals",
        ["workspace_id", "ends_at"],
        postgresql_where=sa.text("status = 'active'"),
    )
    op.create_index(
        "ix_rep_monthly_goals_unfrozen",
        "rep_monthly_goals",
        ["workspace_id", "ends_at"],
        postgresql_where=sa.text("frozen_at IS NULL"),
    )
    op.create_index(
        "ix_rep_monthly_goals_period",
        "rep_monthly_goals",
        ["workspace_id", "goal_year", "goal_month", "time_zone"],
    )
    op.create_index("ix_rep_monthly_goals_deadline", "rep_monthly_goals", ["workspace_id", "deadline"])
    # The last of the table's indexes: while a table is empty all of them look equally good to the planner, it
    # takes the newest, and a connection keeps that plan while the table grows.
    op.create_unique_constraint(
        "uq_rep_monthly_goals_month",
        "rep_monthly_goals",
        ["workspace_id", "sales_rep_id", "goal_year", "goal_month"],
    )


def _create_rep_yearly_goals() -> None:
    op.create_table(
        "rep_yearly_goals",
        *tenant(),
        sa.Column("sales_rep_id", sa.BigInteger(), nullable=False),
        sa.Column("goal_year", sa.SmallInteger(), nullable=False),
        sa.Column("yearly_signup_goal", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("yearly_signups_actual", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("yearly_signup_progress_percent", MONEY, nullable=True),
        sa.Column("yearly_revenue_goal", MONEY, server_default=sa.text("0"), nullable=False),
        sa.Column("yearly_revenue_actual", MONEY, server_default=sa.text("0"), nullable=False),
        sa.Column("yearly_revenue_progress_percent", MONEY, nullable=True),
        sa.Column("months_carried", sa.SmallInteger(), nullable=False),
        sa.Column(
            "monthly_signup_target",
            MONEY,
            sa.Computed("round(yearly_signup_goal::numeric / months_carried, 2)", persisted=True),
            nullable=False,
        ),
        sa.Column(
            "monthly_revenue_target",
            MONEY,
            sa.Computed("round(yearly_revenue_goal / months_carried, 2)", persisted=True),
            nullable=False,
        ),
        sa.Column("goal_set_at", INSTANT, server_default=NOW, nullable=True),
        sa.Column("goal_set_by", sa.BigInteger(), nullable=True),
        sa.Column("status", sa.String(16), server_default="active", nullable=False),
        sa.Column("completed_at", INSTANT, nullable=True),
        sa.Column("frozen_at", INSTANT, nullable=True),
        *created_and_updated(),
        sa.CheckConstraint(
            "status <> 'completed' OR completed_at IS NOT NULL", name=op.f("ck_rep_yearly_goals_completed_at")
        ),
        sa.CheckConstraint(
            "status IN ('active', 'completed', 'missed', 'archived')", name=op.f("ck_rep_yearly_goals_status")
        ),
        sa.CheckConstraint(
            "goal_set_at IS NULL OR yearly_signup_goal > 0 OR yearly_revenue_goal > 0",
            name=op.f("ck_rep_yearly_goals_some_goal"),
        ),
        sa.CheckConstraint("goal_year BETWEEN 2024 AND 9999", name=op.f("ck_rep_yearly_goals_goal_year")),
        sa.CheckConstraint(
            "months_carried BETWEEN 1 AND 12", name=op.f("ck_rep_yearly_goals_months_carried")
        ),
        sa.CheckConstraint(
            "yearly_revenue_goal BETWEEN 0 AND 9999999999.99",
            name=op.f("ck_rep_yearly_goals_yearly_revenue_goal"),
        ),
        sa.CheckConstraint(
            "yearly_revenue_progress_percent >= 0",
            name=op.f("ck_rep_yearly_goals_yearly_revenue_progress_percent"),
        ),
        sa.CheckConstraint(
            "yearly_signup_goal BETWEEN 0 AND 1200000", name=op.f("ck_rep_yearly_goals_yearly_signup_goal")
        ),
        sa.CheckConstraint(
            "yearly_signup_progress_percent >= 0",
            name=op.f("ck_rep_yearly_goals_yearly_signup_progress_percent"),
        ),
        belongs_to("rep_yearly_goals", "goal_set_by", "users"),
        belongs_to("rep_yearly_goals", "sales_rep_id", "sales_reps"),
        *keys("rep_yearly_goals"),
        sa.UniqueConstraint("workspace_id", "sales_rep_id", "goal_year", name="uq_rep_yearly_goals_year"),
    )
    op.create_index(
        "ix_rep_yearly_goals_running",
        "rep_yearly_goals",
        ["workspace_id", "goal_year"],
        postgresql_where=sa.text("status = 'active'"),
    )
    op.create_index(
        "ix_rep_yearly_goals_unfrozen",
        "rep_yearly_goals",
        ["workspace_id", "goal_year"],
        postgresql_where=sa.text("frozen_at IS NULL"),
    )


def _create_goal_changes() -> None:
    op.create_table(
        "goal_changes",
        *tenant(),
        sa.Column("sales_rep_id", sa.BigInteger(), nullable=False),
        sa.Column("goal_year", sa.SmallInteger(), nullable=False),
        sa.Column("goal_month", sa.SmallInteger(), nullable=True),
        sa.Column("changed_at", INSTANT, server_default=NOW, nullable=False),
        sa.Column("changed_by", sa.BigInteger(), nullable=True),
        sa.Column("door", sa.String(16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("from_signup_goal", sa.Integer(), nullable=True),
        sa.Column("from_revenue_goal", MONEY, nullable=True),
        sa.Column("from_bonus_tier_goal", sa.SmallInteger(), nullable=True),
        sa.Column("to_signup_goal", sa.Integer(), nullable=False),
        sa.Column("to_revenue_goal", MONEY, nullable=False),
        sa.Column("to_bonus_tier_goal", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.CheckConstraint("door IN ('form', 'command', 'api', 'import')", name=op.f("ck_goal_changes_door")),
        sa.CheckConstraint("goal_month BETWEEN 1 AND 12", name=op.f("ck_goal_changes_goal_month")),
        sa.CheckConstraint("goal_year BETWEEN 2024 AND 9999", name=op.f("ck_goal_changes_goal_year")),
        belongs_to("goal_changes", "changed_by", "users"),
        belongs_to("goal_changes", "sales_rep_id", "sales_reps"),
        *keys("goal_changes"),
    )
    op.create_index(
        "ix_goal_changes_goal",
        "goal_changes",
        ["workspace_id", "sales_rep_id", "goal_year", "goal_month", "id"],
    )


def _create_goal_deadline_reminders() -> None:
    op.create_table(
        "goal_deadline_reminders",
        *tenant(),
        sa.Column("sales_rep_id", sa.BigInteger(), nullable=False),
        sa.Column("reminder_type", sa.String(32), nullable=False),
        sa.Column("target_year", sa.SmallInteger(), nullable=False),
        sa.Column("target_month", sa.SmallInteger(), nullable=False),
        sa.Column("deadline", INSTANT, nullable=False),
        sa.Column("round", sa.SmallInteger(), server_default=sa.text("1"), nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("sent", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("sent_at", INSTANT, nullable=True),
        sa.Column("acknowledged", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("acknowledged_at", INSTANT, nullable=True),
        sa.Column("snoozed_until", INSTANT, nullable=True),
        sa.Column("skipped_at", INSTANT, nullable=True),
        sa.Column("skip_reason", sa.Text(), nullable=True),
        *created_and_updated(),
        sa.CheckConstraint(
            "reminder_type IN "
            "('goal_deadline_3days', 'goal_deadline_1day', 'goal_deadline_day', 'goal_overdue')",
            name=op.f("ck_goal_deadline_reminders_reminder_type"),
        ),
        sa.CheckConstraint(
            "(skipped_at IS NULL) = (skip_reason IS NULL)", name=op.f("ck_goal_deadline_reminders_skipped")
        ),
        sa.CheckConstraint(
            "NOT sent OR skipped_at IS NULL", name=op.f("ck_goal_deadline_reminders_sent_or_skipped")
        ),
        sa.CheckConstraint(
            "acknowledged = (acknowledged_at IS NOT NULL)",
            name=op.f("ck_goal_deadline_reminders_acknowledged"),
        ),
        sa.CheckConstraint("sent = (sent_at IS NOT NULL)", name=op.f("ck_goal_deadline_reminders_sent")),
        sa.CheckConstraint(
            "target_month BETWEEN 1 AND 12", name=op.f("ck_goal_deadline_reminders_target_month")
        ),
        sa.CheckConstraint(
            "target_year BETWEEN 2024 AND 9999", name=op.f("ck_goal_deadline_reminders_target_year")
        ),
        belongs_to("goal_deadline_reminders", "sales_rep_id", "sales_reps"),
        *keys("goal_deadline_reminders"),
        sa.UniqueConstraint(
            "workspace_id",
            "target_year",
            "target_month",
            "sales_rep_id",
            "reminder_type",
            name="uq_goal_deadline_reminders_stage",
        ),
    )
    op.create_index(
        "ix_goal_deadline_reminders_due",
        "goal_deadline_reminders",
        ["workspace_id", "due_at"],
        postgresql_where=sa.text("NOT sent AND skipped_at IS NULL"),
    )
    op.create_index(
        "ix_goal_deadline_reminders_sales_rep_id", "goal_deadline_reminders", ["workspace_id", "sales_rep_id"]
    )
    op.create_index(
        "ix_goal_deadline_reminders_snoozed",
        "goal_deadline_reminders",
        ["workspace_id", "snoozed_until"],
        postgresql_where=sa.text("snoozed_until IS NOT NULL"),
    )


def _create_goal_nudges() -> None:
    op.create_table(
        "goal_nudges",
        *tenant(),
        sa.Column("sales_rep_id", sa.BigInteger(), nullable=False),
        sa.Column("nudged_by", sa.BigInteger(), nullable=False),
        sa.Column("nudged_at", INSTANT, server_default=NOW, nullable=False),
        belongs_to("goal_nudges", "nudged_by", "users"),
        belongs_to("goal_nudges", "sales_rep_id", "sales_reps"),
        *keys("goal_nudges"),
    )
    op.create_index(
        "ix_goal_nudges_sales_rep_id", "goal_nudges", ["workspace_id", "sales_rep_id", "nudged_at"]
    )
