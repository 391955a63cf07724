"""Snapshots of progress: how a rep's month stood at the end of a day."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, Integer, SmallInteger, text
from sqlalchemy.orm import Mapped, mapped_column

from domain.db import MONEY, PERCENT, Base, Tenant, belongs_to
from domain.progress.rules import Indicator


class SnapshotType(StrEnum):
    """What a snapshot was taken for."""

    DAILY = "daily"
    """The end of a local day."""
    WEEKLY = "weekly"
    """The end of a Sunday."""
    MONTHLY = "monthly"
    """The end of the month's last day."""
    AD_HOC = "ad_hoc"
    """Somebody asked; the next one of that day replaces it."""


class Snapshot(Tenant, Base):
    """How one rep stood at the end of a day: by entry day, as known when it was written; never rewritten."""

    __tablename__ = "goal_progress_snapshots"
    __keys__ = (
        belongs_to("sales_rep_id", "sales_reps"),
        belongs_to("monthly_goal_id", "rep_monthly_goals"),
        CheckConstraint("snapshot_type IN ('daily', 'weekly', 'monthly', 'ad_hoc')", name="snapshot_type"),
        CheckConstraint(
            "pace_indicator IN ('ahead', 'on_track', 'behind', 'critical')", name="pace_indicator"
        ),
        CheckConstraint("bonus_tier BETWEEN 0 AND 6", name="bonus_tier"),
        CheckConstraint("days_remaining >= 0", name="days_remaining"),
        Index(
            "uq_goal_progress_snapshots_day",
            "workspace_id",
            "sales_rep_id",
            text("snapshot_date DESC"),
            "snapshot_type",
            unique=True,
        ),
        Index("ix_goal_progress_snapshots_monthly_goal_id", "workspace_id", "monthly_goal_id"),
    )

    sales_rep_id: Mapped[int]
    monthly_goal_id: Mapped[int]
    snapshot_type: Mapped[SnapshotType]
    snapshot_date: Mapped[date]
    """The rep's local day; today unless given."""
    signups_to_date: Mapped[int] = mapped_column(Integer)
    signup_goal: Mapped[int] = mapped_column(Integer)
    signup_progress_percent: Mapped[Decimal | None] = mapped_column(PERCENT)
    revenue_to_date: Mapped[Decimal] = mapped_column(MONEY)
    revenue_goal: Mapped[Decimal] = mapped_column(MONEY)
    revenue_progress_percent: Mapped[Decimal | None] = mapped_column(PERCENT)
    bonus_tier: Mapped[int] = mapped_column(SmallInteger)
    """The tier reached; 0 for none."""
    days_remaining: Mapped[int] = mapped_column(SmallInteger)
    """Calendar days of the month after this one."""
    on_pace: Mapped[bool | None]
    """Null, as `pace_indicator`, without a verdict: before three working days, or while goals aren't set."""
    pace_indicator: Mapped[Indicator | None]
    created_at: Mapped[datetime] = mapped_column(server_default=text("goalkeeper_now()"))
