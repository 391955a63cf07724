"""The tables of achievements and of the cheers for them."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import NewType

from sqlalchemy import CheckConstraint, Enum, Index, SmallInteger, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from domain.db import MONEY, PERCENT, Base, Tenant, belongs_to

AchievementId = NewType("AchievementId", int)


class AchievementType(StrEnum):
    """What a rep can achieve."""

    MONTHLY_SIGNUPS = "monthly_signup_goal"
    MONTHLY_REVENUE = "monthly_revenue_goal"
    YEARLY_SIGNUPS = "yearly_signup_goal"
    YEARLY_REVENUE = "yearly_revenue_goal"
    TIER = "bonus_tier_unlocked"
    STREAK = "streak_milestone"
    """Months made in a row: 3, 6, 12, then every 12."""
    PERFECT_MONTH = "perfect_month"
    """Signups and revenue both set and made, set by the deadline, and the bonus tier aimed at reached."""


class RecognitionType(StrEnum):
    """Where an achievement was posted."""

    CHANNEL = "channel"
    DM = "dm"
    NONE = "none"


def _kinds(kind: type[StrEnum], length: int) -> Enum:
    return Enum(
        kind, native_enum=False, length=length, values_callable=lambda kinds: [k.value for k in kinds]
    )


class Achievement(Tenant, Base):
    """What a rep reached in a month or a year, recorded by the statement that moved the number."""

    __tablename__ = "goal_achievements"
    __keys__ = (
        belongs_to("sales_rep_id", "sales_reps"),
        belongs_to("monthly_goal_id", "rep_monthly_goals", ondelete="CASCADE"),
        belongs_to("yearly_goal_id", "rep_yearly_goals", ondelete="CASCADE"),
        belongs_to("announced_in", "goal_achievements", ondelete="CASCADE"),
        UniqueConstraint(
            "workspace_id", "monthly_goal_id", "achievement_type", "step", name="uq_goal_achievements_month"
        ),
        UniqueConstraint(
            "workspace_id", "yearly_goal_id", "achievement_type", "step", name="uq_goal_achievements_year"
        ),
        CheckConstraint("num_nonnulls(monthly_goal_id, yearly_goal_id) = 1", name="goal"),
        CheckConstraint(
            "achievement_type IN ('monthly_signup_goal', 'monthly_revenue_goal', 'yearly_signup_goal', "
            "'yearly_revenue_goal', 'bonus_tier_unlocked', 'streak_milestone', 'perfect_month')",
            name="achievement_type",
        ),
        CheckConstraint("recognition_type IN ('channel', 'dm', 'none')", name="recognition_type"),
        CheckConstraint("achievement_month BETWEEN 1 AND 12", name="achievement_month"),
        CheckConstraint("bonus_tier BETWEEN 0 AND 6", name="bonus_tier"),
        Index("ix_goal_achievements_rep", "workspace_id", "sales_rep_id", "achievement_year"),
        Index(
            "ix_goal_achievements_unannounced",
            "workspace_id",
            "sales_rep_id",
            postgresql_where=text("announced_in IS NULL AND reversed_at IS NULL AND NOT is_quiet"),
        ),
        Index("ix_goal_achievements_announced_in", "workspace_id", "announced_in"),
    )

    sales_rep_id: Mapped[int]
    monthly_goal_id: Mapped[int | None]
    yearly_goal_id: Mapped[int | None]
    achievement_type: Mapped[AchievementType] = mapped_column(_kinds(AchievementType, 32))
    step: Mapped[int] = mapped_column(SmallInteger, server_default=text("0"))
    """The tier, or the length of the streak; 0 for the other types."""
    achievement_date: Mapped[date]
    """The day on the rep's calendar on which it was reached."""
    achievement_month: Mapped[int | None] = mapped_column(SmallInteger)
    """The month it was earned in; null for a year's."""
    achievement_year: Mapped[int] = mapped_column(SmallInteger)
    goal_value: Mapped[Decimal | None] = mapped_column(MONEY)
    """What was to be reached; for a streak its length in months."""
    actual_value: Mapped[Decimal | None] = mapped_column(MONEY)
    """What was there when it was reached."""
    percent_achieved: Mapped[Decimal | None] = mapped_column(PERCENT)
    bonus_amount: Mapped[Decimal] = mapped_column(MONEY, server_default=text("0"))
    """What a tier adds to the tier below it."""
    bonus_tier: Mapped[int] = mapped_column(SmallInteger, server_default=text("0"))
    recognized: Mapped[bool] = mapped_column(server_default=text("false"))
    """Whether it has been posted."""
    recognized_at: Mapped[datetime | None]
    recognition_type: Mapped[RecognitionType] = mapped_column(
        _kinds(RecognitionType, 16), server_default="none"
    )
    is_quiet: Mapped[bool] = mapped_column(server_default=text("false"))
    """Reached before its goal was set, or only by changing the goal: recorded, but never posted."""
    announced_in: Mapped[int | None]
    """The achievement whose post names this one; its own id when it has a post of its own."""
    announced_at: Mapped[datetime | None]
    """When its post was queued; for five minutes more achievements of the rep join that post."""
    reversed_at: Mapped[datetime | None]
    """Since when a correction has taken it away."""
    is_shown: Mapped[bool] = mapped_column(server_default=text("false"))
    """Whether the post names it; False again once the post has been edited because it was taken away."""
    created_at: Mapped[datetime] = mapped_column(server_default=text("goalkeeper_now()"))
    updated_at: Mapped[datetime] = mapped_column(server_default=text("goalkeeper_now()"))


class Cheer(Tenant, Base):
    """One person's cheer for a post of achievements; taken back, it stays as a row that doesn't count."""

    __tablename__ = "achievement_cheers"
    __keys__ = (
        belongs_to("achievement_id", "goal_achievements", ondelete="CASCADE"),
        belongs_to("user_id", "users"),
        UniqueConstraint("workspace_id", "achievement_id", "user_id", name="uq_achievement_cheers_person"),
    )

    achievement_id: Mapped[int]
    user_id: Mapped[int]
    counts: Mapped[bool] = mapped_column(server_default=text("true"))
    created_at: Mapped[datetime] = mapped_column(server_default=text("goalkeeper_now()"))
    updated_at: Mapped[datetime] = mapped_column(server_default=text("goalkeeper_now()"))
