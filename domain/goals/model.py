"""Goals of months and years, the history of their changes, and the tiers of the bonus."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    Computed,
    DateTime,
    Index,
    Integer,
    SmallInteger,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from domain.db import MONEY, PERCENT, Base, Tenant, belongs_to
from domain.people.model import Door


class GoalStatus(StrEnum):
    """The status of a month or a year."""

    ACTIVE = "active"
    COMPLETED = "completed"
    MISSED = "missed"
    ARCHIVED = "archived"


SET_AT = DateTime(timezone=True).evaluates_none()
"""None is written as null; otherwise the column's default would mark the goal as set."""
_STATUS = "status IN ('active', 'completed', 'missed', 'archived')"
_REVENUE_MAX = "9999999999.99"


class MonthlyGoal(Tenant, Base):
    """One rep's month. Triggers keep derived columns true, also when SQL is typed by hand."""

    __tablename__ = "rep_monthly_goals"
    __keys__ = (
        belongs_to("sales_rep_id", "sales_reps"),
        belongs_to("goal_set_by", "users"),
        UniqueConstraint(
            "workspace_id", "sales_rep_id", "goal_year", "goal_month", name="uq_rep_monthly_goals_month"
        ),
        CheckConstraint("goal_year BETWEEN 2024 AND 9999", name="goal_year"),
        CheckConstraint("goal_month BETWEEN 1 AND 12", name="goal_month"),
        CheckConstraint("signup_goal BETWEEN 0 AND 100000", name="signup_goal"),
        CheckConstraint(f"revenue_goal BETWEEN 0 AND {_REVENUE_MAX}", name="revenue_goal"),
        CheckConstraint("bonus_tier_goal BETWEEN 0 AND 6", name="bonus_tier_goal"),
        CheckConstraint("bonus_tier_actual BETWEEN 0 AND 6", name="bonus_tier_actual"),
        CheckConstraint("bonus_amount >= 0", name="bonus_amount"),
        CheckConstraint("signup_progress_percent >= 0", name="signup_progress_percent"),
        CheckConstraint("revenue_progress_percent >= 0", name="revenue_progress_percent"),
        CheckConstraint("cardinality(tier_signups) = 6", name="tier_signups"),
        CheckConstraint("cardinality(tier_amounts) = 6", name="tier_amounts"),
        CheckConstraint(_STATUS, name="status"),
        CheckConstraint("status <> 'completed' OR completed_at IS NOT NULL", name="completed_at"),
        CheckConstraint("goal_set_at IS NULL OR signup_goal > 0 OR revenue_goal > 0", name="some_goal"),
        CheckConstraint("starts_at < ends_at AND starts_at < deadline", name="bounds"),
        Index("ix_rep_monthly_goals_period", "workspace_id", "goal_year", "goal_month", "time_zone"),
        Index("ix_rep_monthly_goals_deadline", "workspace_id", "deadline"),
        Index(
            "ix_rep_monthly_goals_running",
            "workspace_id",
            "ends_at",
            postgresql_where=text("status = 'active'"),
        ),
        Index(
            "ix_rep_monthly_goals_unfrozen",
            "workspace_id",
            "ends_at",
            postgresql_where=text("frozen_at IS NULL"),
        ),
    )

    sales_rep_id: Mapped[int]
    goal_year: Mapped[int] = mapped_column(SmallInteger)
    goal_month: Mapped[int] = mapped_column(SmallInteger)
    time_zone: Mapped[str]
    """IANA name; the rep's on the first day, for the whole month."""
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    """First instant of the next month in the month's zone."""
    deadline: Mapped[datetime]
    """The first instant that is too late: the midnight that ends the deadline's day."""
    signup_goal: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    signups_actual: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    signup_progress_percent: Mapped[Decimal | None] = mapped_column(PERCENT)
    revenue_goal: Mapped[Decimal] = mapped_column(MONEY, server_default=text("0"))
    revenue_actual: Mapped[Decimal] = mapped_column(MONEY, server_default=text("0"))
    revenue_progress_percent: Mapped[Decimal | None] = mapped_column(PERCENT)
    bonus_tier_goal: Mapped[int] = mapped_column(SmallInteger, server_default=text("0"))
    bonus_tier_actual: Mapped[int] = mapped_column(SmallInteger, server_default=text("0"))
    bonus_triggered: Mapped[bool] = mapped_column(server_default=text("false"))
    bonus_amount: Mapped[Decimal] = mapped_column(MONEY, server_default=text("0"))
    tier_signups: Mapped[list[int]] = mapped_column(ARRAY(Integer))
    """Signups needed for tiers 1 to 6, when the month began: the team's, else the workspace's."""
    tier_amounts: Mapped[list[Decimal]] = mapped_column(ARRAY(MONEY))
    goal_set_at: Mapped[datetime | None] = mapped_column(SET_AT, server_default=text("goalkeeper_now()"))
    """The first setting, for good. Null: opened but not set; a row inserted without it counts as set."""
    goal_set_by: Mapped[int | None]
    set_by_deadline: Mapped[bool | None]
    """`goal_set_at < deadline`; null while the goal is not set."""
    status: Mapped[GoalStatus] = mapped_column(server_default="active")
    completed_at: Mapped[datetime | None]
    frozen_at: Mapped[datetime | None]
    """From this instant on, triggers refuse changes of goals and actuals; null while they are taken."""
    reopened_until: Mapped[datetime | None]
    """When a month that was reopened freezes again; null if it never was."""
    created_at: Mapped[datetime] = mapped_column(server_default=text("goalkeeper_now()"))
    updated_at: Mapped[datetime] = mapped_column(server_default=text("goalkeeper_now()"))


class YearlyGoal(Tenant, Base):
    """One rep's year; its actuals are the sum of its months, its targets the goal by months carried."""

    __tablename__ = "rep_yearly_goals"
    __keys__ = (
        belongs_to("sales_rep_id", "sales_reps"),
        belongs_to("goal_set_by", "users"),
        UniqueConstraint("workspace_id", "sales_rep_id", "goal_year", name="uq_rep_yearly_goals_year"),
        CheckConstraint("goal_year BETWEEN 2024 AND 9999", name="goal_year"),
        CheckConstraint("months_carried BETWEEN 1 AND 12", name="months_carried"),
        CheckConstraint("yearly_signup_goal BETWEEN 0 AND 1200000", name="yearly_signup_goal"),
        CheckConstraint(f"yearly_revenue_goal BETWEEN 0 AND {_REVENUE_MAX}", name="yearly_revenue_goal"),
        CheckConstraint("yearly_signup_progress_percent >= 0", name="yearly_signup_progress_percent"),
        CheckConstraint("yearly_revenue_progress_percent >= 0", name="yearly_revenue_progress_percent"),
        CheckConstraint(_STATUS, name="status"),
        CheckConstraint("status <> 'completed' OR completed_at IS NOT NULL", name="completed_at"),
        CheckConstraint(
            "goal_set_at IS NULL OR yearly_signup_goal > 0 OR yearly_revenue_goal > 0", name="some_goal"
        ),
        Index(
            "ix_rep_yearly_goals_running",
            "workspace_id",
            "goal_year",
            postgresql_where=text("status = 'active'"),
        ),
        Index(
            "ix_rep_yearly_goals_unfrozen",
            "workspace_id",
            "goal_year",
            postgresql_where=text("frozen_at IS NULL"),
        ),
    )

    sales_rep_id: Mapped[int]
    goal_year: Mapped[int] = mapped_column(SmallInteger)
    yearly_signup_goal: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    yearly_signups_actual: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    yearly_signup_progress_percent: Mapped[Decimal | None] = mapped_column(PERCENT)
    yearly_revenue_goal: Mapped[Decimal] = mapped_column(MONEY, server_default=text("0"))
    yearly_revenue_actual: Mapped[Decimal] = mapped_column(MONEY, server_default=text("0"))
    yearly_revenue_progress_percent: Mapped[Decimal | None] = mapped_column(PERCENT)
    months_carried: Mapped[int] = mapped_column(SmallInteger)
    """Months of the year in which the rep carries goals; from joining unless it is given."""
    monthly_signup_target: Mapped[Decimal] = mapped_column(
        MONEY, Computed("round(yearly_signup_goal::numeric / months_carried, 2)", persisted=True)
    )
    monthly_revenue_target: Mapped[Decimal] = mapped_column(
        MONEY, Computed("round(yearly_revenue_goal / months_carried, 2)", persisted=True)
    )
    goal_set_at: Mapped[datetime | None] = mapped_column(SET_AT, server_default=text("goalkeeper_now()"))
    goal_set_by: Mapped[int | None]
    status: Mapped[GoalStatus] = mapped_column(server_default="active")
    completed_at: Mapped[datetime | None]
    frozen_at: Mapped[datetime | None]
    """From this instant on, triggers refuse changes of goals and actuals; null while they are taken."""
    created_at: Mapped[datetime] = mapped_column(server_default=text("goalkeeper_now()"))
    updated_at: Mapped[datetime] = mapped_column(server_default=text("goalkeeper_now()"))


class GoalChange(Tenant, Base):
    """One change of a month's or, without `goal_month`, a year's goals.

    Append-only; a first setting has no old values.
    """

    __tablename__ = "goal_changes"
    __keys__ = (
        belongs_to("sales_rep_id", "sales_reps"),
        belongs_to("changed_by", "users"),
        CheckConstraint("door IN ('form', 'command', 'api', 'import')", name="door"),
        CheckConstraint("goal_year BETWEEN 2024 AND 9999", name="goal_year"),
        CheckConstraint("goal_month BETWEEN 1 AND 12", name="goal_month"),
        Index("ix_goal_changes_goal", "workspace_id", "sales_rep_id", "goal_year", "goal_month", "id"),
    )

    sales_rep_id: Mapped[int]
    goal_year: Mapped[int] = mapped_column(SmallInteger)
    goal_month: Mapped[int | None] = mapped_column(SmallInteger)
    changed_at: Mapped[datetime] = mapped_column(server_default=text("goalkeeper_now()"))
    changed_by: Mapped[int | None]
    door: Mapped[Door]
    reason: Mapped[str | None]
    from_signup_goal: Mapped[int | None] = mapped_column(Integer)
    from_revenue_goal: Mapped[Decimal | None] = mapped_column(MONEY)
    from_bonus_tier_goal: Mapped[int | None] = mapped_column(SmallInteger)
    to_signup_goal: Mapped[int] = mapped_column(Integer)
    to_revenue_goal: Mapped[Decimal] = mapped_column(MONEY)
    to_bonus_tier_goal: Mapped[int] = mapped_column(SmallInteger, server_default=text("0"))


class BonusTier(Tenant, Base):
    """What a tier of the bonus takes and gives, in a team or, without `team_id`, in the workspace.

    A team has all six tiers of its own, or none. A month keeps those that counted when it began.
    """

    __tablename__ = "bonus_tiers"
    __keys__ = (
        belongs_to("team_id", "teams"),
        UniqueConstraint(
            "workspace_id",
            "team_id",
            "tier",
            name="uq_bonus_tiers_tier",
            postgresql_nulls_not_distinct=True,
        ),
        CheckConstraint("tier BETWEEN 1 AND 6", name="tier"),
        CheckConstraint("signups_needed BETWEEN 1 AND 100000", name="signups_needed"),
        CheckConstraint("amount >= 0", name="amount"),
    )

    team_id: Mapped[int | None]
    tier: Mapped[int] = mapped_column(SmallInteger)
    signups_needed: Mapped[int] = mapped_column(Integer)
    amount: Mapped[Decimal] = mapped_column(MONEY, server_default=text("0"))
    created_at: Mapped[datetime] = mapped_column(server_default=text("goalkeeper_now()"))
    updated_at: Mapped[datetime] = mapped_column(server_default=text("goalkeeper_now()"))
