"""Reminders of a month's deadline, and nudges."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Enum, Index, SmallInteger, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from domain.db import Base, Tenant, belongs_to


class ReminderType(StrEnum):
    """The stages of a deadline, in order."""

    THREE_DAYS = "goal_deadline_3days"
    ONE_DAY = "goal_deadline_1day"
    LAST_DAY = "goal_deadline_day"
    OVERDUE = "goal_overdue"


class Reminder(Tenant, Base):
    """One stage of one rep's month: sent, or skipped with a reason."""

    __tablename__ = "goal_deadline_reminders"
    __keys__ = (
        belongs_to("sales_rep_id", "sales_reps"),
        UniqueConstraint(
            "workspace_id",
            "target_year",
            "target_month",
            "sales_rep_id",
            "reminder_type",
            name="uq_goal_deadline_reminders_stage",
        ),
        CheckConstraint(
            "reminder_type IN "
            "('goal_deadline_3days', 'goal_deadline_1day', 'goal_deadline_day', 'goal_overdue')",
            name="reminder_type",
        ),
        CheckConstraint("target_year BETWEEN 2024 AND 9999", name="target_year"),
        CheckConstraint("target_month BETWEEN 1 AND 12", name="target_month"),
        CheckConstraint("sent = (sent_at IS NOT NULL)", name="sent"),
        CheckConstraint("acknowledged = (acknowledged_at IS NOT NULL)", name="acknowledged"),
        CheckConstraint("(skipped_at IS NULL) = (skip_reason IS NULL)", name="skipped"),
        CheckConstraint("NOT sent OR skipped_at IS NULL", name="sent_or_skipped"),
        Index("ix_goal_deadline_reminders_sales_rep_id", "workspace_id", "sales_rep_id"),
        Index(
            "ix_goal_deadline_reminders_due",
            "workspace_id",
            "due_at",
            postgresql_where=text("NOT sent AND skipped_at IS NULL"),
        ),
        Index(
            "ix_goal_deadline_reminders_snoozed",
            "workspace_id",
            "snoozed_until",
            postgresql_where=text("snoozed_until IS NOT NULL"),
        ),
    )

    sales_rep_id: Mapped[int]
    reminder_type: Mapped[ReminderType] = mapped_column(
        Enum(
            ReminderType,
            native_enum=False,
            length=32,
            values_callable=lambda kinds: [kind.value for kind in kinds],
        )
    )
    target_year: Mapped[int] = mapped_column(SmallInteger)
    target_month: Mapped[int] = mapped_column(SmallInteger)
    deadline: Mapped[datetime]
    round: Mapped[int] = mapped_column(SmallInteger, server_default=text("1"))
    """How many times the month's reminders have been planned: again when its deadline has moved."""
    due_at: Mapped[datetime]
    """The reminder time on the stage's day, in the month's zone."""
    sent: Mapped[bool] = mapped_column(server_default=text("false"))
    sent_at: Mapped[datetime | None]
    acknowledged: Mapped[bool] = mapped_column(server_default=text("false"))
    acknowledged_at: Mapped[datetime | None]
    snoozed_until: Mapped[datetime | None]
    skipped_at: Mapped[datetime | None]
    skip_reason: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(server_default=text("goalkeeper_now()"))
    updated_at: Mapped[datetime] = mapped_column(server_default=text("goalkeeper_now()"))


class Nudge(Tenant, Base):
    """A manager's push: once in four hours a rep at most."""

    __tablename__ = "goal_nudges"
    __keys__ = (
        belongs_to("sales_rep_id", "sales_reps"),
        belongs_to("nudged_by", "users"),
        Index("ix_goal_nudges_sales_rep_id", "workspace_id", "sales_rep_id", "nudged_at"),
    )

    sales_rep_id: Mapped[int]
    nudged_by: Mapped[int]
    nudged_at: Mapped[datetime] = mapped_column(server_default=text("goalkeeper_now()"))
