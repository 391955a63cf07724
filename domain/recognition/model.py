"""The tables of achievements and badges, of the posts that tell of them, and of the cheers for those."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import NewType

from sqlalchemy import CheckConstraint, Enum, Index, SmallInteger, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from domain.db import MONEY, PERCENT, Base, Tenant, belongs_to

AchievementId = NewType("AchievementId", int)
BadgeId = NewType("BadgeId", int)
BadgeRuleId = NewType("BadgeRuleId", int)
PostId = NewType("PostId", int)


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


class BadgeType(StrEnum):
    """How a badge came about."""

    RULE = "rule"
    GIVEN = "given"
    """By a manager or an admin, with a word."""


class BadgePeriod(StrEnum):
    """The kind of period that a badge's rule looks at."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


class RecognitionType(StrEnum):
    """Where an achievement was posted."""

    CHANNEL = "channel"
    DM = "dm"
    NONE = "none"


def _kinds(kind: type[StrEnum], length: int) -> Enum:
    return Enum(
        kind, native_enum=False, length=length, values_callable=lambda kinds: [k.value for k in kinds]
    )


class RecognitionPost(Tenant, Base):
    """A post of what a rep has achieved; what the rep achieves within five minutes joins it by an edit."""

    __tablename__ = "recognition_posts"
    __keys__ = (
        belongs_to("sales_rep_id", "sales_reps"),
        Index("ix_recognition_posts_rep", "workspace_id", "sales_rep_id", "announced_at"),
    )

    sales_rep_id: Mapped[int]
    announced_at: Mapped[datetime] = mapped_column(server_default=text("goalkeeper_now()"))
    """When it was queued; for five minutes more achievements of the rep join it."""


class Achievement(Tenant, Base):
    """What a rep reached in a month or a year, recorded by the statement that moved the number."""

    __tablename__ = "goal_achievements"
    __keys__ = (
        belongs_to("sales_rep_id", "sales_reps"),
        belongs_to("monthly_goal_id", "rep_monthly_goals", ondelete="CASCADE"),
        belongs_to("yearly_goal_id", "rep_yearly_goals", ondelete="CASCADE"),
        belongs_to("announced_in", "recognition_posts"),
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
        Index(
            "ix_goal_achievements_outdated",
            "workspace_id",
            "sales_rep_id",
            postgresql_where=text("announced_in IS NOT NULL AND is_shown <> (reversed_at IS NULL)"),
        ),
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
    """The post that names it."""
    reversed_at: Mapped[datetime | None]
    """Since when a correction has taken it away."""
    is_shown: Mapped[bool] = mapped_column(server_default=text("false"))
    """Whether the post names it; False again once the post has been edited because it was taken away."""
    created_at: Mapped[datetime] = mapped_column(server_default=text("goalkeeper_now()"))
    updated_at: Mapped[datetime] = mapped_column(server_default=text("goalkeeper_now()"))


class BadgeRule(Tenant, Base):
    """A badge that reps get by reaching a figure of one metric within a period."""

    __tablename__ = "badge_rules"
    __keys__ = (
        belongs_to("created_by", "users"),
        CheckConstraint("period_kind IN ('day', 'week', 'month', 'quarter', 'year')", name="period_kind"),
        CheckConstraint("threshold > 0", name="threshold"),
        CheckConstraint("length(title) BETWEEN 1 AND 60", name="title"),
    )

    metric: Mapped[str]
    """Code of a metric that is a sum."""
    period_kind: Mapped[BadgePeriod]
    threshold: Mapped[Decimal] = mapped_column(MONEY)
    each_period: Mapped[bool] = mapped_column(server_default=text("false"))
    """True: once in each period; False: once for ever."""
    title: Mapped[str]
    description: Mapped[str | None]
    badge_icon: Mapped[str] = mapped_column(server_default="🏆")
    created_by: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(server_default=text("goalkeeper_now()"))
    ended_at: Mapped[datetime | None]
    """Since when it gives no more badges; those that it gave stay."""
    updated_at: Mapped[datetime] = mapped_column(server_default=text("goalkeeper_now()"))


class Badge(Tenant, Base):
    """A badge that somebody has been given, by a rule or by a person."""

    __tablename__ = "achievements"
    __keys__ = (
        belongs_to("user_id", "users"),
        belongs_to("given_by", "users"),
        belongs_to("rule_id", "badge_rules"),
        belongs_to("announced_in", "recognition_posts"),
        CheckConstraint("achievement_type IN ('rule', 'given')", name="achievement_type"),
        CheckConstraint("(achievement_type = 'rule') = (rule_id IS NOT NULL)", name="rule_id"),
        CheckConstraint("recognition_type IN ('channel', 'dm', 'none')", name="recognition_type"),
        CheckConstraint("length(title) BETWEEN 1 AND 60", name="title"),
        Index(
            "uq_achievements_rule",
            "workspace_id",
            "rule_id",
            "user_id",
            "occasion",
            unique=True,
            postgresql_where=text("rule_id IS NOT NULL"),
            postgresql_nulls_not_distinct=True,
        ),
        Index("ix_achievements_user", "workspace_id", "user_id", "achieved_at"),
        Index(
            "ix_achievements_unannounced",
            "workspace_id",
            "user_id",
            postgresql_where=text("announced_in IS NULL AND reversed_at IS NULL"),
        ),
        Index("ix_achievements_announced_in", "workspace_id", "announced_in"),
        Index(
            "ix_achievements_outdated",
            "workspace_id",
            "user_id",
            postgresql_where=text("announced_in IS NOT NULL AND is_shown <> (reversed_at IS NULL)"),
        ),
    )

    user_id: Mapped[int]
    achievement_type: Mapped[BadgeType] = mapped_column(server_default="given")
    title: Mapped[str]
    description: Mapped[str | None]
    badge_icon: Mapped[str] = mapped_column(server_default="🏆")
    achievement_value: Mapped[Decimal | None] = mapped_column(MONEY)
    """The figure that was there when the rule's threshold was reached."""
    achieved_at: Mapped[datetime] = mapped_column(server_default=text("goalkeeper_now()"))
    given_by: Mapped[int | None]
    """The user who gave it; null for a rule's."""
    rule_id: Mapped[int | None]
    occasion: Mapped[date | None]
    """First day of the period that it was given for; null if its rule gives it once."""
    recognized: Mapped[bool] = mapped_column(server_default=text("false"))
    """Whether it has been posted."""
    recognized_at: Mapped[datetime | None]
    recognition_type: Mapped[RecognitionType] = mapped_column(
        _kinds(RecognitionType, 16), server_default="none"
    )
    announced_in: Mapped[int | None]
    """The post that names it."""
    reversed_at: Mapped[datetime | None]
    """Since when the figure is below the threshold again."""
    is_shown: Mapped[bool] = mapped_column(server_default=text("false"))
    """Whether the post names it."""
    created_at: Mapped[datetime] = mapped_column(server_default=text("goalkeeper_now()"))
    updated_at: Mapped[datetime] = mapped_column(server_default=text("goalkeeper_now()"))


class Cheer(Tenant, Base):
    """One person's cheer for a post; taken back, it stays as a row that doesn't count."""

    __tablename__ = "achievement_cheers"
    __keys__ = (
        belongs_to("post_id", "recognition_posts"),
        belongs_to("user_id", "users"),
        UniqueConstraint("workspace_id", "post_id", "user_id", name="uq_achievement_cheers_person"),
    )

    post_id: Mapped[int]
    user_id: Mapped[int]
    counts: Mapped[bool] = mapped_column(server_default=text("true"))
    created_at: Mapped[datetime] = mapped_column(server_default=text("goalkeeper_now()"))
    updated_at: Mapped[datetime] = mapped_column(server_default=text("goalkeeper_now()"))
