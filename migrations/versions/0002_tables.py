"""The tables of people, goals and what is to be said (SPEC 1 to 3; DESIGN: tenants, the outbox)."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations import sql

revision = "0002"
down_revision = "0001"

_TABLES = (
    "workspaces",
    "users",
    "teams",
    "sales_reps",
    "team_memberships",
    "bonus_tiers",
    "rep_monthly_goals",
    "rep_yearly_goals",
    "goal_changes",
    "outbox",
    "job_runs",
)

_INSTANT = sa.DateTime(timezone=True)
_MONEY = sa.Numeric(17, 2)
_WORD = sa.String(16)
_NOW = sa.text("goalkeeper_now()")


def upgrade() -> None:
    """Make the tables."""
    _create_workspaces()
    sql.run("0002_up.sql")
    _create_users()
    _create_teams()
    _create_sales_reps()
    _create_team_memberships()
    _create_bonus_tiers()
    _create_rep_monthly_goals()
    _create_rep_yearly_goals()
    _create_goal_changes()
    _create_outbox()
    _create_job_runs()


def downgrade() -> None:
    """Drop them, and all that was in them."""
    for table in reversed(_TABLES[1:]):
        op.drop_table(table)
    sql.run("0002_down.sql")
    op.drop_table(_TABLES[0])


def _tenant() -> tuple[sa.Column[Any], ...]:
    """The columns that every row of a workspace begins with."""
    return (
        sa.Column(
            "workspace_id", sa.BigInteger(), server_default=sa.text("goalkeeper_workspace()"), nullable=False
        ),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
    )


def _created_and_updated() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("created_at", _INSTANT, server_default=_NOW, nullable=False),
        sa.Column("updated_at", _INSTANT, server_default=_NOW, nullable=False),
    )


def _create_workspaces() -> None:
    op.create_table(
        "workspaces",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("slack_team_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("bot_user_id", sa.Text(), nullable=True),
        sa.Column("time_zone", sa.Text(), server_default="UTC", nullable=False),
        sa.Column("time_zone_chosen", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("currency", sa.Text(), server_default="USD", nullable=False),
        sa.Column("locale", sa.Text(), server_default="en_US", nullable=False),
        sa.Column("deadline_day", sa.SmallInteger(), server_default=sa.text("6"), nullable=False),
        sa.Column("reminder_time", sa.Time(), server_default=sa.text("'12:00'"), nullable=False),
        sa.Column("company_channel", sa.Text(), nullable=True),
        sa.Column("board_weekday", sa.SmallInteger(), server_default=sa.text("1"), nullable=False),
        sa.Column("board_time", sa.Time(), server_default=sa.text("'09:00'"), nullable=False),
        *_created_and_updated(),
        sa.CheckConstraint("currency ~ '^[A-Z]{3}$'", name=op.f("ck_workspaces_currency")),
        sa.CheckConstraint("board_weekday BETWEEN 1 AND 7", name=op.f("ck_workspaces_board_weekday")),
        sa.CheckConstraint("deadline_day BETWEEN 4 AND 27", name=op.f("ck_workspaces_deadline_day")),
        sa.PrimaryKeyConstraint("id", name="pk_workspaces"),
        sa.UniqueConstraint("slack_team_id", name="uq_workspaces_slack_team_id"),
    )


def _create_users() -> None:
    op.create_table(
        "users",
        *_tenant(),
        sa.Column("slack_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("time_zone", sa.Text(), nullable=True),
        sa.Column("standing", _WORD, server_default="member", nullable=False),
        sa.Column("slack_admin", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("named_admin", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column(
            "role",
            _WORD,
            sa.Computed(
                "CASE WHEN slack_admin OR named_admin THEN 'admin' ELSE 'member' END", persisted=True
            ),
            nullable=False,
        ),
        sa.Column("is_active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("dm_channel", sa.Text(), nullable=True),
        *_created_and_updated(),
        sa.CheckConstraint(
            "standing IN ('member', 'guest', 'external', 'bot')", name=op.f("ck_users_standing")
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name="fk_users_workspace_id"),
        sa.PrimaryKeyConstraint("workspace_id", "id", name="pk_users"),
        sa.UniqueConstraint("workspace_id", "slack_id", name="uq_users_workspace_id_slack_id"),
    )
    op.create_index("ix_users_email", "users", ["workspace_id", sa.text("lower(email)")])


def _create_teams() -> None:
    op.create_table(
        "teams",
        *_tenant(),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("manager_id", sa.BigInteger(), nullable=True),
        sa.Column("channel", sa.Text(), nullable=True),
        *_created_and_updated(),
        sa.ForeignKeyConstraint(
            ["workspace_id", "manager_id"],
            ["users.workspace_id", "users.id"],
            name="fk_teams_workspace_id_manager_id",
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name="fk_teams_workspace_id"),
        sa.PrimaryKeyConstraint("workspace_id", "id", name="pk_teams"),
    )
    op.create_index("ix_teams_manager_id", "teams", ["workspace_id", "manager_id"])
    op.create_index("uq_teams_name", "teams", ["workspace_id", sa.text("lower(name)")], unique=True)


def _create_sales_reps() -> None:
    op.create_table(
        "sales_reps",
        *_tenant(),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("monthly_signup_goal", sa.Integer(), nullable=True),
        sa.Column("yearly_signup_goal", sa.Integer(), nullable=True),
        sa.Column("is_active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("joined_on", sa.Date(), server_default=sa.text("goalkeeper_now()::date"), nullable=False),
        sa.Column("on_public_boards", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        *_created_and_updated(),
        sa.CheckConstraint(
            "monthly_signup_goal BETWEEN 0 AND 100000", name=op.f("ck_sales_reps_monthly_signup_goal")
        ),
        sa.CheckConstraint(
            "yearly_signup_goal BETWEEN 0 AND 1200000", name=op.f("ck_sales_reps_yearly_signup_goal")
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "user_id"],
            ["users.workspace_id", "users.id"],
            name="fk_sales_reps_workspace_id_user_id",
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name="fk_sales_reps_workspace_id"),
        sa.PrimaryKeyConstraint("workspace_id", "id", name="pk_sales_reps"),
        sa.UniqueConstraint("workspace_id", "user_id", name="uq_sales_reps_workspace_id_user_id"),
    )


def _create_team_memberships() -> None:
    op.create_table(
        "team_memberships",
        *_tenant(),
        sa.Column("rep_id", sa.BigInteger(), nullable=False),
        sa.Column("team_id", sa.BigInteger(), nullable=False),
        sa.Column("started_on", sa.Date(), server_default=sa.text("goalkeeper_now()::date"), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("created_at", _INSTANT, server_default=_NOW, nullable=False),
        sa.CheckConstraint("ended_on >= started_on", name=op.f("ck_team_memberships_days")),
        sa.ForeignKeyConstraint(
            ["workspace_id", "rep_id"],
            ["sales_reps.workspace_id", "sales_reps.id"],
            name="fk_team_memberships_workspace_id_rep_id",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "team_id"],
            ["teams.workspace_id", "teams.id"],
            name="fk_team_memberships_workspace_id_team_id",
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name="fk_team_memberships_workspace_id"),
        sa.PrimaryKeyConstraint("workspace_id", "id", name="pk_team_memberships"),
    )
    op.create_index("ix_team_memberships_rep_id", "team_memberships", ["workspace_id", "rep_id"])
    op.create_index("ix_team_memberships_team_id", "team_memberships", ["workspace_id", "team_id"])
    op.create_index(
        "uq_team_memberships_open",
        "team_memberships",
        ["workspace_id", "rep_id", "team_id"],
        unique=True,
        postgresql_where=sa.text("ended_on IS NULL"),
    )


def _create_bonus_tiers() -> None:
    op.create_table(
        "bonus_tiers",
        *_tenant(),
        sa.Column("tier", sa.SmallInteger(), nullable=False),
        sa.Column("signups_needed", sa.Integer(), nullable=False),
        sa.Column("amount", _MONEY, server_default=sa.text("0"), nullable=False),
        *_created_and_updated(),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_bonus_tiers_amount")),
        sa.CheckConstraint("signups_needed BETWEEN 1 AND 100000", name=op.f("ck_bonus_tiers_signups_needed")),
        sa.CheckConstraint("tier BETWEEN 1 AND 6", name=op.f("ck_bonus_tiers_tier")),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name="fk_bonus_tiers_workspace_id"),
        sa.PrimaryKeyConstraint("workspace_id", "id", name="pk_bonus_tiers"),
        sa.UniqueConstraint("workspace_id", "tier", name="uq_bonus_tiers_workspace_id_tier"),
    )


def _create_rep_monthly_goals() -> None:
    op.create_table(
        "rep_monthly_goals",
        *_tenant(),
        sa.Column("rep_id", sa.BigInteger(), nullable=False),
        sa.Column("goal_year", sa.SmallInteger(), nullable=False),
        sa.Column("goal_month", sa.SmallInteger(), nullable=False),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column("starts_at", _INSTANT, nullable=False),
        sa.Column("ends_at", _INSTANT, nullable=False),
        sa.Column("deadline", _INSTANT, nullable=False),
        sa.Column("signup_goal", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("signups_actual", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("signup_progress_percent", _MONEY, nullable=True),
        sa.Column("revenue_goal", _MONEY, server_default=sa.text("0"), nullable=False),
        sa.Column("revenue_actual", _MONEY, server_default=sa.text("0"), nullable=False),
        sa.Column("revenue_progress_percent", _MONEY, nullable=True),
        sa.Column("bonus_tier_goal", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("bonus_tier_actual", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("bonus_triggered", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("bonus_amount", _MONEY, server_default=sa.text("0"), nullable=False),
        sa.Column("tier_signups", sa.ARRAY(sa.Integer()), nullable=False),
        sa.Column("tier_amounts", sa.ARRAY(_MONEY), nullable=False),
        sa.Column("goal_set_at", _INSTANT, server_default=_NOW, nullable=True),
        sa.Column("goal_set_by", sa.BigInteger(), nullable=True),
        sa.Column("set_by_deadline", sa.Boolean(), nullable=True),
        sa.Column("status", _WORD, server_default="active", nullable=False),
        sa.Column("completed_at", _INSTANT, nullable=True),
        *_created_and_updated(),
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
        sa.ForeignKeyConstraint(
            ["workspace_id", "goal_set_by"],
            ["users.workspace_id", "users.id"],
            name="fk_rep_monthly_goals_workspace_id_goal_set_by",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "rep_id"],
            ["sales_reps.workspace_id", "sales_reps.id"],
            name="fk_rep_monthly_goals_workspace_id_rep_id",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name="fk_rep_monthly_goals_workspace_id"
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name="pk_rep_monthly_goals"),
    )
    op.create_index(
        "ix_rep_monthly_goals_ends_at",
        "rep_monthly_goals",
        ["ends_at"],
        postgresql_where=sa.text("status IN ('active', 'completed', 'missed')"),
    )
    op.create_index(
        "ix_rep_monthly_goals_period", "rep_monthly_goals", ["workspace_id", "goal_year", "goal_month"]
    )
    # The last of the table's indexes: while a table is empty all of them look equally good to the planner, it
    # takes the newest, and a connection keeps that plan while the table grows.
    op.create_unique_constraint(
        "uq_rep_monthly_goals_workspace_id_rep_id_goal_year_goal_month",
        "rep_monthly_goals",
        ["workspace_id", "rep_id", "goal_year", "goal_month"],
    )


def _create_rep_yearly_goals() -> None:
    op.create_table(
        "rep_yearly_goals",
        *_tenant(),
        sa.Column("rep_id", sa.BigInteger(), nullable=False),
        sa.Column("goal_year", sa.SmallInteger(), nullable=False),
        sa.Column("yearly_signup_goal", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("yearly_signups_actual", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("yearly_signup_progress_percent", _MONEY, nullable=True),
        sa.Column("yearly_revenue_goal", _MONEY, server_default=sa.text("0"), nullable=False),
        sa.Column("yearly_revenue_actual", _MONEY, server_default=sa.text("0"), nullable=False),
        sa.Column("yearly_revenue_progress_percent", _MONEY, nullable=True),
        sa.Column(
            "monthly_signup_target",
            _MONEY,
            sa.Computed("round(yearly_signup_goal / 12.0, 2)", persisted=True),
            nullable=False,
        ),
        sa.Column(
            "monthly_revenue_target",
            _MONEY,
            sa.Computed("round(yearly_revenue_goal / 12.0, 2)", persisted=True),
            nullable=False,
        ),
        sa.Column("goal_set_at", _INSTANT, server_default=_NOW, nullable=True),
        sa.Column("goal_set_by", sa.BigInteger(), nullable=True),
        sa.Column("status", _WORD, server_default="active", nullable=False),
        sa.Column("completed_at", _INSTANT, nullable=True),
        *_created_and_updated(),
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
        sa.ForeignKeyConstraint(
            ["workspace_id", "goal_set_by"],
            ["users.workspace_id", "users.id"],
            name="fk_rep_yearly_goals_workspace_id_goal_set_by",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "rep_id"],
            ["sales_reps.workspace_id", "sales_reps.id"],
            name="fk_rep_yearly_goals_workspace_id_rep_id",
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name="fk_rep_yearly_goals_workspace_id"),
        sa.PrimaryKeyConstraint("workspace_id", "id", name="pk_rep_yearly_goals"),
        sa.UniqueConstraint(
            "workspace_id", "rep_id", "goal_year", name="uq_rep_yearly_goals_workspace_id_rep_id_goal_year"
        ),
    )


def _create_goal_changes() -> None:
    op.create_table(
        "goal_changes",
        *_tenant(),
        sa.Column("rep_id", sa.BigInteger(), nullable=False),
        sa.Column("goal_year", sa.SmallInteger(), nullable=False),
        sa.Column("goal_month", sa.SmallInteger(), nullable=True),
        sa.Column("changed_at", _INSTANT, server_default=_NOW, nullable=False),
        sa.Column("changed_by", sa.BigInteger(), nullable=True),
        sa.Column("door", _WORD, nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("from_signup_goal", sa.Integer(), nullable=True),
        sa.Column("from_revenue_goal", _MONEY, nullable=True),
        sa.Column("from_bonus_tier_goal", sa.SmallInteger(), nullable=True),
        sa.Column("to_signup_goal", sa.Integer(), nullable=False),
        sa.Column("to_revenue_goal", _MONEY, nullable=False),
        sa.Column("to_bonus_tier_goal", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.CheckConstraint("door IN ('form', 'command', 'api', 'import')", name=op.f("ck_goal_changes_door")),
        sa.CheckConstraint("goal_month BETWEEN 1 AND 12", name=op.f("ck_goal_changes_goal_month")),
        sa.CheckConstraint("goal_year BETWEEN 2024 AND 9999", name=op.f("ck_goal_changes_goal_year")),
        sa.ForeignKeyConstraint(
            ["workspace_id", "changed_by"],
            ["users.workspace_id", "users.id"],
            name="fk_goal_changes_workspace_id_changed_by",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "rep_id"],
            ["sales_reps.workspace_id", "sales_reps.id"],
            name="fk_goal_changes_workspace_id_rep_id",
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name="fk_goal_changes_workspace_id"),
        sa.PrimaryKeyConstraint("workspace_id", "id", name="pk_goal_changes"),
    )
    op.create_index(
        "ix_goal_changes_goal", "goal_changes", ["workspace_id", "rep_id", "goal_year", "goal_month", "id"]
    )


def _create_outbox() -> None:
    op.create_table(
        "outbox",
        *_tenant(),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("facts", postgresql.JSONB(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("mode", _WORD, nullable=False),
        sa.Column("due_at", _INSTANT, server_default=_NOW, nullable=False),
        sa.Column("dedupe_key", sa.Text(), nullable=True),
        sa.Column("status", _WORD, server_default="pending", nullable=False),
        sa.Column("not_before", _INSTANT, nullable=True),
        sa.Column("token", sa.Uuid(), nullable=True),
        sa.Column("leased_until", _INSTANT, nullable=True),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("channel", sa.Text(), nullable=True),
        sa.Column("ts", sa.Text(), nullable=True),
        sa.Column("sent_at", _INSTANT, nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        *_created_and_updated(),
        sa.CheckConstraint("(mode = 'post') = (dedupe_key IS NOT NULL)", name=op.f("ck_outbox_dedupe_key")),
        sa.CheckConstraint("(status = 'sending') = (token IS NOT NULL)", name=op.f("ck_outbox_token")),
        sa.CheckConstraint("mode IN ('post', 'edit')", name=op.f("ck_outbox_mode")),
        sa.CheckConstraint(
            "status <> 'sent' OR (channel IS NOT NULL AND ts IS NOT NULL)", name=op.f("ck_outbox_receipt")
        ),
        sa.CheckConstraint(
            "status IN ('pending', 'sending', 'parked', 'sent', 'cancelled', 'failed')",
            name=op.f("ck_outbox_status"),
        ),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_outbox_attempts")),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name="fk_outbox_workspace_id"),
        sa.PrimaryKeyConstraint("workspace_id", "id", name="pk_outbox"),
        sa.UniqueConstraint("workspace_id", "dedupe_key", name="uq_outbox_workspace_id_dedupe_key"),
    )
    op.create_index("ix_outbox_due", "outbox", ["due_at"], postgresql_where=sa.text("status = 'pending'"))
    op.create_index(
        "ix_outbox_lease", "outbox", ["leased_until"], postgresql_where=sa.text("status = 'sending'")
    )
    op.create_index("ix_outbox_topic", "outbox", ["workspace_id", "topic", "id"])
    op.create_index(
        "uq_outbox_pending_edit",
        "outbox",
        ["workspace_id", "topic"],
        unique=True,
        postgresql_where=sa.text("mode = 'edit' AND status = 'pending'"),
    )


def _create_job_runs() -> None:
    op.create_table(
        "job_runs",
        *_tenant(),
        sa.Column("job", sa.Text(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("rows", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("ran_at", _INSTANT, server_default=_NOW, nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name="fk_job_runs_workspace_id"),
        sa.PrimaryKeyConstraint("workspace_id", "id", name="pk_job_runs"),
        sa.UniqueConstraint("workspace_id", "job", "period", name="uq_job_runs_workspace_id_job_period"),
    )
