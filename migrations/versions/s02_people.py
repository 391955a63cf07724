"""The tables of people, teams and settings."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations import objects
from migrations.columns import INSTANT, NOW, belongs_to, created_and_updated, keys, tenant

revision = "s02"
down_revision = "s01"

_TABLES = (
    "workspaces",
    "users",
    "teams",
    "sales_reps",
    "rep_stints",
    "team_memberships",
    "join_requests",
    "settings_changes",
)


def upgrade() -> None:
    """Make the tables."""
    _create_workspaces()
    # The other tables need it as the default of `workspace_id`, and it reads `workspaces`.
    objects.run("functions", "goalkeeper_workspace")
    _create_users()
    _create_teams()
    _create_sales_reps()
    _create_rep_stints()
    _create_team_memberships()
    _create_join_requests()
    _create_settings_changes()
    objects.run("views", "people")


def downgrade() -> None:
    """Drop them, and all that was in them."""
    objects.drop("VIEW", ["people"])
    for table in reversed(_TABLES[1:]):
        op.drop_table(table)
    objects.drop("FUNCTION", ["goalkeeper_workspace"])
    op.drop_table(_TABLES[0])


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
        sa.Column("former_deadline_day", sa.SmallInteger(), nullable=True),
        sa.Column("deadline_day_from", sa.Date(), nullable=True),
        sa.Column("reminder_time", sa.Time(), server_default=sa.text("'12:00'"), nullable=False),
        sa.Column("company_channel", sa.Text(), nullable=True),
        sa.Column(
            "working_days",
            sa.ARRAY(sa.SmallInteger()),
            server_default=sa.text("'{1,2,3,4,5}'"),
            nullable=False,
        ),
        sa.Column("pace_by", sa.String(16), server_default="working_days", nullable=False),
        sa.Column("board_weekday", sa.SmallInteger(), server_default=sa.text("1"), nullable=False),
        sa.Column("board_time", sa.Time(), server_default=sa.text("'09:00'"), nullable=False),
        sa.Column("board_metric", sa.Text(), server_default="attainment", nullable=False),
        sa.Column("boards_are_posted", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("boards_since", INSTANT, server_default=NOW, nullable=False),
        sa.Column("money_is_public", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("tick_at", INSTANT, server_default=sa.text("'-infinity'"), nullable=False),
        *created_and_updated(),
        sa.CheckConstraint("currency ~ '^[A-Z]{3}$'", name=op.f("ck_workspaces_currency")),
        sa.CheckConstraint(
            "pace_by IN ('working_days', 'calendar_days')", name=op.f("ck_workspaces_pace_by")
        ),
        sa.CheckConstraint(
            "cardinality(working_days) BETWEEN 1 AND 7 AND working_days <@ '{1,2,3,4,5,6,7}'::smallint[]",
            name=op.f("ck_workspaces_working_days"),
        ),
        sa.CheckConstraint("board_weekday BETWEEN 1 AND 7", name=op.f("ck_workspaces_board_weekday")),
        sa.CheckConstraint("deadline_day BETWEEN 4 AND 27", name=op.f("ck_workspaces_deadline_day")),
        sa.CheckConstraint(
            "num_nulls(former_deadline_day, deadline_day_from) <> 1 AND former_deadline_day BETWEEN 4 AND 27",
            name=op.f("ck_workspaces_former_deadline_day"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workspaces")),
        sa.UniqueConstraint("slack_team_id", name=op.f("uq_workspaces_slack_team_id")),
    )
    op.create_index("ix_workspaces_tick_at", "workspaces", ["tick_at"])


def _create_users() -> None:
    op.create_table(
        "users",
        *tenant(),
        sa.Column("slack_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("time_zone", sa.Text(), nullable=True),
        sa.Column("standing", sa.String(16), server_default="member", nullable=False),
        sa.Column("slack_admin", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("named_admin", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column(
            "role",
            sa.String(16),
            sa.Computed(
                "CASE WHEN slack_admin OR named_admin THEN 'admin' ELSE 'member' END", persisted=True
            ),
            nullable=False,
        ),
        sa.Column("is_active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("away_since", INSTANT, nullable=True),
        sa.Column("dm_channel", sa.Text(), nullable=True),
        *created_and_updated(),
        sa.CheckConstraint(
            "(away_since IS NULL) = (is_active AND standing = 'member')", name=op.f("ck_users_away_since")
        ),
        sa.CheckConstraint(
            "standing IN ('member', 'guest', 'external', 'bot')", name=op.f("ck_users_standing")
        ),
        *keys("users"),
        sa.UniqueConstraint("workspace_id", "slack_id", name=op.f("uq_users_workspace_id_slack_id")),
    )
    op.create_index(
        "ix_users_away_since",
        "users",
        ["workspace_id", "away_since"],
        postgresql_where=sa.text("away_since IS NOT NULL"),
    )
    op.create_index("ix_users_email", "users", ["workspace_id", sa.text("lower(email)")])


def _create_teams() -> None:
    op.create_table(
        "teams",
        *tenant(),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("manager_id", sa.BigInteger(), nullable=True),
        sa.Column("channel", sa.Text(), nullable=True),
        *created_and_updated(),
        belongs_to("teams", "manager_id", "users"),
        *keys("teams"),
    )
    op.create_index("ix_teams_manager_id", "teams", ["workspace_id", "manager_id"])
    op.create_index("uq_teams_name", "teams", ["workspace_id", sa.text("lower(name)")], unique=True)


def _create_sales_reps() -> None:
    op.create_table(
        "sales_reps",
        *tenant(),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("monthly_signup_goal", sa.Integer(), nullable=True),
        sa.Column("yearly_signup_goal", sa.Integer(), nullable=True),
        sa.Column("ramp", sa.ARRAY(sa.SmallInteger()), nullable=True),
        sa.Column("is_active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("joined_on", sa.Date(), nullable=False),
        sa.Column("on_public_boards", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        *created_and_updated(),
        sa.CheckConstraint(
            "monthly_signup_goal BETWEEN 0 AND 100000", name=op.f("ck_sales_reps_monthly_signup_goal")
        ),
        sa.CheckConstraint(
            "yearly_signup_goal BETWEEN 0 AND 1200000", name=op.f("ck_sales_reps_yearly_signup_goal")
        ),
        sa.CheckConstraint(
            "cardinality(ramp) BETWEEN 1 AND 12 AND array_position(ramp, NULL) IS NULL "
            "AND 0 <= ALL (ramp) AND 100 >= ALL (ramp)",
            name=op.f("ck_sales_reps_ramp"),
        ),
        belongs_to("sales_reps", "user_id", "users"),
        *keys("sales_reps"),
        sa.UniqueConstraint("workspace_id", "user_id", name=op.f("uq_sales_reps_workspace_id_user_id")),
    )


def _create_rep_stints() -> None:
    op.create_table(
        "rep_stints",
        *tenant(),
        sa.Column("sales_rep_id", sa.BigInteger(), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("settles_from", sa.Date(), nullable=False),
        sa.Column("present_since", INSTANT, server_default=NOW, nullable=False),
        sa.Column("ended_by_absence", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("created_at", INSTANT, server_default=NOW, nullable=False),
        sa.CheckConstraint("ended_on >= started_on", name=op.f("ck_rep_stints_days")),
        sa.CheckConstraint(
            "ended_on IS NOT NULL OR NOT ended_by_absence", name=op.f("ck_rep_stints_ended_by_absence")
        ),
        belongs_to("rep_stints", "sales_rep_id", "sales_reps"),
        *keys("rep_stints"),
    )
    op.create_index(
        "ix_rep_stints_present_since",
        "rep_stints",
        ["present_since"],
        postgresql_where=sa.text("ended_on IS NULL"),
    )
    op.create_index("ix_rep_stints_sales_rep_id", "rep_stints", ["workspace_id", "sales_rep_id"])
    op.create_index(
        "uq_rep_stints_open",
        "rep_stints",
        ["workspace_id", "sales_rep_id"],
        unique=True,
        postgresql_where=sa.text("ended_on IS NULL"),
    )


def _create_team_memberships() -> None:
    op.create_table(
        "team_memberships",
        *tenant(),
        sa.Column("sales_rep_id", sa.BigInteger(), nullable=False),
        sa.Column("team_id", sa.BigInteger(), nullable=False),
        sa.Column("started_on", sa.Date(), server_default=sa.text("goalkeeper_now()::date"), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("created_at", INSTANT, server_default=NOW, nullable=False),
        sa.CheckConstraint("ended_on >= started_on", name=op.f("ck_team_memberships_days")),
        belongs_to("team_memberships", "sales_rep_id", "sales_reps"),
        belongs_to("team_memberships", "team_id", "teams"),
        *keys("team_memberships"),
    )
    op.create_index("ix_team_memberships_sales_rep_id", "team_memberships", ["workspace_id", "sales_rep_id"])
    op.create_index("ix_team_memberships_team_id", "team_memberships", ["workspace_id", "team_id"])
    op.create_index(
        "uq_team_memberships_open",
        "team_memberships",
        ["workspace_id", "sales_rep_id"],
        unique=True,
        postgresql_where=sa.text("ended_on IS NULL"),
    )


def _create_join_requests() -> None:
    op.create_table(
        "join_requests",
        *tenant(),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("team_id", sa.BigInteger(), nullable=False),
        sa.Column("asked_of", sa.ARRAY(sa.BigInteger()), nullable=False),
        sa.Column("decision", sa.String(16), nullable=True),
        sa.Column("decided_by", sa.BigInteger(), nullable=True),
        sa.Column("decided_at", INSTANT, nullable=True),
        sa.Column("created_at", INSTANT, server_default=NOW, nullable=False),
        sa.CheckConstraint(
            "decision IN ('added', 'declined', 'lapsed')", name=op.f("ck_join_requests_decision")
        ),
        sa.CheckConstraint(
            "num_nulls(decision, decided_by, decided_at) IN (0, 3)", name=op.f("ck_join_requests_decided")
        ),
        belongs_to("join_requests", "decided_by", "users"),
        belongs_to("join_requests", "team_id", "teams"),
        belongs_to("join_requests", "user_id", "users"),
        *keys("join_requests"),
    )
    op.create_index("ix_join_requests_team_id", "join_requests", ["workspace_id", "team_id"])
    op.create_index("ix_join_requests_user_id", "join_requests", ["workspace_id", "user_id"])
    op.create_index(
        "uq_join_requests_open",
        "join_requests",
        ["workspace_id", "user_id", "team_id"],
        unique=True,
        postgresql_where=sa.text("decided_at IS NULL"),
    )


def _create_settings_changes() -> None:
    op.create_table(
        "settings_changes",
        *tenant(),
        sa.Column("changed_at", INSTANT, server_default=NOW, nullable=False),
        sa.Column("changed_by", sa.BigInteger(), nullable=False),
        sa.Column("subject", sa.String(16), nullable=False),
        sa.Column("subject_id", sa.BigInteger(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("from_value", postgresql.JSONB(), nullable=True),
        sa.Column("to_value", postgresql.JSONB(), nullable=True),
        sa.CheckConstraint(
            "subject IN ('workspace', 'tiers', 'admin', 'team', 'rep', 'metric', 'month')",
            name=op.f("ck_settings_changes_subject"),
        ),
        sa.CheckConstraint(
            "from_value IS DISTINCT FROM to_value", name=op.f("ck_settings_changes_some_change")
        ),
        belongs_to("settings_changes", "changed_by", "users"),
        *keys("settings_changes"),
    )
    op.create_index(
        "ix_settings_changes_subject", "settings_changes", ["workspace_id", "subject", "subject_id", "id"]
    )
