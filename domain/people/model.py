"""Workspaces and the people in them: users, teams, sales reps, and memberships over time."""

from datetime import date, datetime, time
from enum import StrEnum
from typing import NewType

from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    Computed,
    Identity,
    Index,
    Integer,
    SmallInteger,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from domain.db import Base, Tenant, belongs_to
from domain.workdays import PaceBy

UserId = NewType("UserId", int)
TeamId = NewType("TeamId", int)
RepId = NewType("RepId", int)


class Role(StrEnum):
    """A user's rights beyond their own goals."""

    MEMBER = "member"
    ADMIN = "admin"


class Standing(StrEnum):
    """The kind of a Slack account; only members take part."""

    MEMBER = "member"
    GUEST = "guest"
    EXTERNAL = "external"
    BOT = "bot"


class Door(StrEnum):
    """How a person reached Goalkeeper: a form, a command, the API or an import."""

    FORM = "form"
    COMMAND = "command"
    API = "api"
    IMPORT = "import"


class Workspace(Base):
    """One Slack workspace and its settings."""

    __tablename__ = "workspaces"
    __table_args__ = (
        UniqueConstraint("slack_team_id"),
        CheckConstraint("deadline_day BETWEEN 4 AND 27", name="deadline_day"),
        CheckConstraint(
            "num_nulls(former_deadline_day, deadline_day_from) <> 1 AND former_deadline_day BETWEEN 4 AND 27",
            name="former_deadline_day",
        ),
        CheckConstraint("currency ~ '^[A-Z]{3}$'", name="currency"),
        CheckConstraint(
            "cardinality(working_days) BETWEEN 1 AND 7 AND working_days <@ '{1,2,3,4,5,6,7}'::smallint[]",
            name="working_days",
        ),
        CheckConstraint("pace_by IN ('working_days', 'calendar_days')", name="pace_by"),
        CheckConstraint("board_weekday BETWEEN 1 AND 7", name="board_weekday"),
        Index("ix_workspaces_tick_at", "tick_at"),
    )

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    slack_team_id: Mapped[str]
    name: Mapped[str]
    bot_user_id: Mapped[str | None]
    time_zone: Mapped[str] = mapped_column(server_default="UTC")
    time_zone_chosen: Mapped[bool] = mapped_column(server_default=text("false"))
    """False while the zone is the primary owner's, true once an admin has set it."""
    currency: Mapped[str] = mapped_column(server_default="USD")
    locale: Mapped[str] = mapped_column(server_default="en_US")
    deadline_day: Mapped[int] = mapped_column(SmallInteger, server_default=text("6"))
    former_deadline_day: Mapped[int | None] = mapped_column(SmallInteger)
    deadline_day_from: Mapped[date | None]
    """First day of the month from which `deadline_day` counts; the former one counts before it."""
    reminder_time: Mapped[time] = mapped_column(server_default=text("'12:00'"))
    company_channel: Mapped[str | None]
    working_days: Mapped[list[int]] = mapped_column(ARRAY(SmallInteger), server_default=text("'{1,2,3,4,5}'"))
    """ISO weekdays on which people work, 1 is Monday."""
    pace_by: Mapped[PaceBy] = mapped_column(server_default="working_days")
    board_weekday: Mapped[int] = mapped_column(SmallInteger, server_default=text("1"))
    """ISO weekday on which boards are posted, 1 is Monday."""
    board_time: Mapped[time] = mapped_column(server_default=text("'09:00'"))
    board_metric: Mapped[str] = mapped_column(server_default="attainment")
    """What posted boards rank by: `attainment`, or the code of a metric."""
    boards_are_posted: Mapped[bool] = mapped_column(server_default=text("true"))
    boards_since: Mapped[datetime] = mapped_column(server_default=text("goalkeeper_now()"))
    """When the schedule of boards was last changed; none that were due before are posted."""
    money_is_public: Mapped[bool] = mapped_column(server_default=text("true"))
    """Whether boards and posts in channels name amounts of money."""
    tick_at: Mapped[datetime] = mapped_column(server_default=text("'-infinity'"))
    """Business time at which something may come due; ticks leave the workspace alone until then."""
    created_at: Mapped[datetime] = mapped_column(server_default=text("goalkeeper_now()"))
    updated_at: Mapped[datetime] = mapped_column(server_default=text("goalkeeper_now()"))


class User(Tenant, Base):
    """Everyone Goalkeeper knows, by their Slack account."""

    __tablename__ = "users"
    __keys__ = (
        UniqueConstraint("workspace_id", "slack_id"),
        CheckConstraint("standing IN ('member', 'guest', 'external', 'bot')", name="standing"),
        CheckConstraint("(away_since IS NULL) = (is_active AND standing = 'member')", name="away_since"),
        Index("ix_users_email", "workspace_id", text("lower(email)")),
        Index(
            "ix_users_away_since",
            "workspace_id",
            "away_since",
            postgresql_where=text("away_since IS NOT NULL"),
        ),
    )

    slack_id: Mapped[str]
    name: Mapped[str]
    email: Mapped[str | None]
    time_zone: Mapped[str | None]
    """IANA name from the Slack profile; none: the workspace's."""
    standing: Mapped[Standing] = mapped_column(server_default="member")
    slack_admin: Mapped[bool] = mapped_column(server_default=text("false"))
    """True for an owner or admin of the Slack workspace."""
    named_admin: Mapped[bool] = mapped_column(server_default=text("false"))
    """True for an admin named by another admin in Goalkeeper."""
    role: Mapped[Role] = mapped_column(
        Computed("CASE WHEN slack_admin OR named_admin THEN 'admin' ELSE 'member' END", persisted=True)
    )
    is_active: Mapped[bool] = mapped_column(server_default=text("true"))
    away_since: Mapped[datetime | None]
    """Start of an absence: deactivated in Slack, or no longer a member. Kept by a trigger."""
    dm_channel: Mapped[str | None]
    """The bot's direct message channel with this person, once it has been opened."""
    created_at: Mapped[datetime] = mapped_column(server_default=text("goalkeeper_now()"))
    updated_at: Mapped[datetime] = mapped_column(server_default=text("goalkeeper_now()"))


class Team(Tenant, Base):
    """A team with its manager and channel; managing a team is what makes a user a manager."""

    __tablename__ = "teams"
    __keys__ = (
        belongs_to("manager_id", "users"),
        Index("uq_teams_name", "workspace_id", text("lower(name)"), unique=True),
        Index("ix_teams_manager_id", "workspace_id", "manager_id"),
    )

    name: Mapped[str]
    manager_id: Mapped[int | None]
    channel: Mapped[str | None]
    """Slack's id of the team's channel."""
    created_at: Mapped[datetime] = mapped_column(server_default=text("goalkeeper_now()"))
    updated_at: Mapped[datetime] = mapped_column(server_default=text("goalkeeper_now()"))


class SalesRep(Tenant, Base):
    """A user who carries goals.

    `is_active` and `joined_on` follow from the stints. Writing them begins and ends stints, by triggers.
    """

    __tablename__ = "sales_reps"
    __keys__ = (
        belongs_to("user_id", "users"),
        UniqueConstraint("workspace_id", "user_id"),
        CheckConstraint("monthly_signup_goal BETWEEN 0 AND 100000", name="monthly_signup_goal"),
        CheckConstraint("yearly_signup_goal BETWEEN 0 AND 1200000", name="yearly_signup_goal"),
        CheckConstraint(
            "cardinality(ramp) BETWEEN 1 AND 12 AND array_position(ramp, NULL) IS NULL "
            "AND 0 <= ALL (ramp) AND 100 >= ALL (ramp)",
            name="ramp",
        ),
    )

    user_id: Mapped[int]
    name: Mapped[str]
    email: Mapped[str | None]
    title: Mapped[str | None]
    monthly_signup_goal: Mapped[int | None] = mapped_column(Integer)
    """Default for new months; none: last month's goals."""
    yearly_signup_goal: Mapped[int | None] = mapped_column(Integer)
    ramp: Mapped[list[int] | None] = mapped_column(ARRAY(SmallInteger))
    """Percents of the default in the first months of a stint; none: all of it from the beginning."""
    is_active: Mapped[bool] = mapped_column(server_default=text("true"))
    joined_on: Mapped[date]
    """First day of the last stint; today on the rep's own calendar unless it is given."""
    on_public_boards: Mapped[bool] = mapped_column(server_default=text("true"))
    created_at: Mapped[datetime] = mapped_column(server_default=text("goalkeeper_now()"))
    updated_at: Mapped[datetime] = mapped_column(server_default=text("goalkeeper_now()"))


class RepStint(Tenant, Base):
    """The days on which a rep carried goals; `ended_on` is the first day without, or null while open.

    Stints of a rep share no day; triggers see to that, and to the rep's months when a stint begins or ends.
    """

    __tablename__ = "rep_stints"
    __keys__ = (
        belongs_to("sales_rep_id", "sales_reps"),
        CheckConstraint("ended_on >= started_on", name="days"),
        CheckConstraint("ended_on IS NOT NULL OR NOT ended_by_absence", name="ended_by_absence"),
        Index("ix_rep_stints_sales_rep_id", "workspace_id", "sales_rep_id"),
        Index(
            "ix_rep_stints_present_since",
            "present_since",
            postgresql_where=text("ended_on IS NULL"),
        ),
        Index(
            "uq_rep_stints_open",
            "workspace_id",
            "sales_rep_id",
            unique=True,
            postgresql_where=text("ended_on IS NULL"),
        ),
    )

    sales_rep_id: Mapped[int]
    started_on: Mapped[date]
    ended_on: Mapped[date | None]
    settles_from: Mapped[date]
    """Day from which the rep has three days to set goals: the first, or that of the return to Slack after an
    absence that ended no stint but covered a deadline."""
    present_since: Mapped[datetime] = mapped_column(server_default=text("goalkeeper_now()"))
    """Instant of joining, or of the last return to Slack; reminders that were due before it are skipped."""
    ended_by_absence: Mapped[bool] = mapped_column(server_default=text("false"))
    """Ended because the rep had been gone from Slack for seven days; coming back begins another."""
    created_at: Mapped[datetime] = mapped_column(server_default=text("goalkeeper_now()"))


class TeamMembership(Tenant, Base):
    """From which day to which (the first no longer) a rep was in a team; open while `ended_on` is null.

    On any day a rep is in one team at most, which a trigger enforces; joining another team is a move.
    """

    __tablename__ = "team_memberships"
    __keys__ = (
        belongs_to("sales_rep_id", "sales_reps"),
        belongs_to("team_id", "teams"),
        CheckConstraint("ended_on >= started_on", name="days"),
        Index(
            "uq_team_memberships_open",
            "workspace_id",
            "sales_rep_id",
            unique=True,
            postgresql_where=text("ended_on IS NULL"),
        ),
        Index("ix_team_memberships_sales_rep_id", "workspace_id", "sales_rep_id"),
        Index("ix_team_memberships_team_id", "workspace_id", "team_id"),
    )

    sales_rep_id: Mapped[int]
    team_id: Mapped[int]
    started_on: Mapped[date] = mapped_column(server_default=text("goalkeeper_now()::date"))
    ended_on: Mapped[date | None]
    created_at: Mapped[datetime] = mapped_column(server_default=text("goalkeeper_now()"))
