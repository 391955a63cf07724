"""The history of settings: who changed what, from what, to what (SPEC 1); append-only."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, Index, insert, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from domain.db import Base, Tenant, belongs_to
from domain.people.model import UserId


class Subject(StrEnum):
    """What a setting is of."""

    WORKSPACE = "workspace"
    TIERS = "tiers"
    ADMIN = "admin"
    """Its id is the user's."""
    TEAM = "team"
    REP = "rep"


class SettingsChange(Tenant, Base):
    """One change of one setting; what is made or ended has no `from_value` or no `to_value`."""

    __tablename__ = "settings_changes"
    __keys__ = (
        belongs_to("changed_by", "users"),
        CheckConstraint("subject IN ('workspace', 'tiers', 'admin', 'team', 'rep')", name="subject"),
        CheckConstraint("from_value IS DISTINCT FROM to_value", name="some_change"),
        Index("ix_settings_changes_subject", "workspace_id", "subject", "subject_id", "id"),
    )

    changed_at: Mapped[datetime] = mapped_column(server_default=text("goalkeeper_now()"))
    changed_by: Mapped[int]
    subject: Mapped[Subject]
    subject_id: Mapped[int | None]
    """The row that it is about; none for what the workspace has one of."""
    name: Mapped[str]
    """Which of its settings, as its column is called."""
    from_value: Mapped[Any | None] = mapped_column(JSONB(none_as_null=True))
    to_value: Mapped[Any | None] = mapped_column(JSONB(none_as_null=True))


async def record(
    session: AsyncSession,
    changed_by: UserId,
    subject: Subject,
    name: str,
    before: Any,
    after: Any,
    *,
    subject_id: int | None = None,
) -> None:
    """Write down one change; both values as JSON takes them. What is as it was is no change."""
    await record_all(session, changed_by, subject, {name: (before, after)}, subject_id=subject_id)


async def record_all(
    session: AsyncSession,
    changed_by: UserId,
    subject: Subject,
    changes: dict[str, tuple[Any, Any]],
    *,
    subject_id: int | None = None,
) -> None:
    """Write down changes of several settings of one subject, by name, in one statement."""
    rows = [
        {
            "changed_by": changed_by,
            "subject": subject,
            "subject_id": subject_id,
            "name": name,
            "from_value": before,
            "to_value": after,
        }
        for name, (before, after) in changes.items()
        if before != after
    ]
    if rows:
        await session.execute(insert(SettingsChange).values(rows))
