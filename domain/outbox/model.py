"""The outbox's tables: intents on their way to Slack, and the runs of jobs that may happen only once."""

import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any, NewType, assert_never

from sqlalchemy import CheckConstraint, Computed, Index, Integer, SmallInteger, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from domain.db import Base, Tenant

IntentId = NewType("IntentId", int)


class Mode(StrEnum):
    """The mode of an intent: a new message, or an edit of its topic's message."""

    POST = "post"
    EDIT = "edit"

    @property
    def is_new(self) -> bool:
        """Whether sending it twice would show it twice."""
        match self:
            case Mode.POST:
                return True
            case Mode.EDIT:
                return False
            case _:
                assert_never(self)


class IntentStatus(StrEnum):
    """The status of an intent; the last three are final."""

    PENDING = "pending"
    SENDING = "sending"
    PARKED = "parked"
    SENT = "sent"
    CANCELLED = "cancelled"
    FAILED = "failed"


class Intent(Tenant, Base):
    """A row of the transactional outbox: a message to be sent.

    `due_at` is business time. `not_before` and `leased_until`, which rule the courier, are real time.
    """

    __tablename__ = "outbox"
    __keys__ = (
        CheckConstraint("mode IN ('post', 'edit')", name="mode"),
        CheckConstraint(
            "status IN ('pending', 'sending', 'parked', 'sent', 'cancelled', 'failed')", name="status"
        ),
        CheckConstraint("(mode = 'post') = (dedupe_key IS NOT NULL)", name="dedupe_key"),
        CheckConstraint("(status = 'sending') = (token IS NOT NULL)", name="token"),
        CheckConstraint("status <> 'sent' OR (channel IS NOT NULL AND ts IS NOT NULL)", name="receipt"),
        CheckConstraint("attempts >= 0", name="attempts"),
        UniqueConstraint("workspace_id", "dedupe_key"),
        Index(
            "uq_outbox_pending_edit",
            "workspace_id",
            "topic",
            unique=True,
            postgresql_where=text("mode = 'edit' AND status = 'pending'"),
        ),
        Index("ix_outbox_topic", "workspace_id", "topic", "id"),
        Index(
            "ix_outbox_about",
            "workspace_id",
            "subject",
            "period",
            "sales_rep_id",
            postgresql_where=text("mode = 'post' AND period IS NOT NULL"),
        ),
        Index("ix_outbox_due", "due_at", postgresql_where=text("status = 'pending'")),
        Index(
            "ix_outbox_waiting",
            "workspace_id",
            "audience",
            "due_at",
            "id",
            postgresql_where=text("status = 'pending'"),
        ),
        Index("ix_outbox_in_hand", "workspace_id", "audience", postgresql_where=text("status = 'sending'")),
        Index("ix_outbox_lease", "leased_until", postgresql_where=text("status = 'sending'")),
    )

    kind: Mapped[str]
    """The kind, which selects the renderer, e.g. `goals.confirmation`."""
    audience: Mapped[str]
    """The recipient: `user:ID` (of `users`) or `channel:SLACK_ID`."""
    facts: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'"))
    subject: Mapped[str]
    """What it is about, e.g. `reminder`; the next columns say which, each where there is one (`Topic`)."""
    sales_rep_id: Mapped[int | None]
    period: Mapped[str | None]
    stage: Mapped[str | None]
    round: Mapped[int | None] = mapped_column(SmallInteger)
    part: Mapped[str | None]
    topic: Mapped[str] = mapped_column(
        Computed("goalkeeper_topic(subject, sales_rep_id, period, stage, round, part)", persisted=True)
    )
    """The key made from them; edits change the post of the same topic. Nothing reads it in parts."""
    mode: Mapped[Mode]
    due_at: Mapped[datetime] = mapped_column(server_default=text("goalkeeper_now()"))
    dedupe_key: Mapped[str | None]
    """Posts only: unique for ever."""
    status: Mapped[IntentStatus] = mapped_column(server_default="pending")
    not_before: Mapped[datetime | None]
    token: Mapped[uuid.UUID | None]
    """The lease token: a receipt counts only with the token of the current lease."""
    leased_until: Mapped[datetime | None]
    nonce: Mapped[uuid.UUID] = mapped_column(server_default=text("gen_random_uuid()"))
    """The nonce sent as message metadata, to find the message again in Slack; the same for every try."""
    uncertain_since: Mapped[datetime | None]
    """Real time of the first uncertain try, which may have posted; null: none."""
    uncertain_until: Mapped[datetime | None]
    """Real time by which the last uncertain try has arrived in Slack, if it ever does."""
    attempts: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    channel: Mapped[str | None]
    """The receipt, together with `ts`: where the message is in Slack."""
    ts: Mapped[str | None]
    sent_at: Mapped[datetime | None]
    reason: Mapped[str | None]
    """The reason for being cancelled, parked or failed: a sentence, or Slack's error."""
    created_at: Mapped[datetime] = mapped_column(server_default=text("goalkeeper_now()"))
    updated_at: Mapped[datetime] = mapped_column(server_default=text("goalkeeper_now()"))


class Lane(Tenant, Base):
    """A delivery lane: one for each audience and, as `*`, one for the workspace; made when first used.

    All times are real.
    """

    __tablename__ = "outbox_lanes"
    __keys__ = (
        UniqueConstraint("workspace_id", "lane"),
        CheckConstraint("(parked_at IS NULL) = (parked_reason IS NULL)", name="parked"),
    )

    lane: Mapped[str]
    next_at: Mapped[datetime]
    """Nothing is sent before this: because of Slack's limits, or because it would be refused."""
    parked_at: Mapped[datetime | None]
    parked_reason: Mapped[str | None]
    """Slack's error while the destination doesn't work; it is tried again at `next_at`."""


class JobRun(Tenant, Base):
    """A job's work for one period: claimed by inserting the row in the transaction that does the work.

    Or, as job `slack_event`, that an event was taken in (`period` is its id); `ran_at` is real time then.
    """

    __tablename__ = "job_runs"
    __keys__ = (
        UniqueConstraint("workspace_id", "job", "period"),
        Index("ix_job_runs_events", "workspace_id", "ran_at", postgresql_where=text("job = 'slack_event'")),
    )

    job: Mapped[str]
    period: Mapped[str]
    rows: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    ran_at: Mapped[datetime] = mapped_column(server_default=text("goalkeeper_now()"))
