"""The history of settings, append-only: author, setting, old and new value.

It shows the person saving a form what others have changed since it was opened.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, Generic, TypeVar

from sqlalchemy import CheckConstraint, Index, insert, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from domain.db import Base, Tenant, belongs_to
from domain.errors import Refusal
from domain.people.model import UserId

S = TypeVar("S")


class Subject(StrEnum):
    """The kind of thing that a setting belongs to."""

    WORKSPACE = "workspace"
    TIERS = "tiers"
    ADMIN = "admin"
    """Its id is the user's."""
    TEAM = "team"
    REP = "rep"
    MONTH = "month"
    """A closed month was reopened. `name` is the month; `subject_id` is the rep, or null for all reps."""
    METRIC = "metric"


class SettingsChange(Tenant, Base):
    """One change of one setting; a new one has no `from_value`, an ended one no `to_value`."""

    __tablename__ = "settings_changes"
    __keys__ = (
        belongs_to("changed_by", "users"),
        CheckConstraint(
            "subject IN ('workspace', 'tiers', 'admin', 'team', 'rep', 'metric', 'month')", name="subject"
        ),
        CheckConstraint("from_value IS DISTINCT FROM to_value", name="some_change"),
        Index("ix_settings_changes_subject", "workspace_id", "subject", "subject_id", "id"),
    )

    changed_at: Mapped[datetime] = mapped_column(server_default=text("goalkeeper_now()"))
    changed_by: Mapped[int]
    subject: Mapped[Subject]
    subject_id: Mapped[int | None]
    """The id of the changed row; null for settings of the workspace itself."""
    name: Mapped[str]
    """The setting's name, which is its column's name."""
    from_value: Mapped[Any | None] = mapped_column(JSONB(none_as_null=True))
    to_value: Mapped[Any | None] = mapped_column(JSONB(none_as_null=True))


async def record(
    session: AsyncSession,
    changed_by: UserId,
    subject: Subject,
    changes: Mapping[str, tuple[Any, Any]],
    *,
    subject_ids: Sequence[int | None] = (None,),
) -> None:
    """Write down changes by name, from and to as JSON takes them, of one subject or more; one statement.

    Equal values are no change.
    """
    rows = [
        {
            "changed_by": changed_by,
            "subject": subject,
            "subject_id": subject_id,
            "name": name,
            "from_value": before,
            "to_value": after,
        }
        for subject_id in subject_ids
        for name, (before, after) in changes.items()
        if before != after
    ]
    if rows:
        await session.execute(insert(SettingsChange).values(rows))


class ChangedMeanwhile(Refusal, Generic[S]):
    """Somebody else has changed the settings since the form was opened.

    `now` are the current settings; `changes` has the author of each change by name (None: not known).
    """

    code = "changed_meanwhile"

    def __init__(self, now: S, changes: Mapping[str, str | None]) -> None:
        super().__init__("Somebody else has changed this meanwhile.")
        self.now = now
        self.changes = dict(changes)


async def check_as_opened(
    session: AsyncSession,
    subject: Subject,
    opened: Mapping[str, Any],
    stands: Mapping[str, Any],
    now: S,
    *,
    subject_id: int | None = None,
) -> None:
    """Refuse to overwrite changes that the person hasn't seen; settings are named as in the history.

    Raises:
        ChangedMeanwhile: with `now`, unless all `stands` as the form was `opened` with.
    """
    changed = {name: value for name, value in stands.items() if value != opened[name]}
    if changed:
        raise ChangedMeanwhile(now, await _changed_by(session, subject, changed, subject_id))


_LAST = text("""
SELECT DISTINCT ON (c.name) c.name, c.to_value, u.name
  FROM settings_changes c
  JOIN users u ON u.workspace_id = c.workspace_id AND u.id = c.changed_by
 WHERE c.subject = :subject AND c.name = ANY(:names)
   AND c.subject_id IS NOT DISTINCT FROM CAST(:subject_id AS bigint)
 ORDER BY c.name, c.id DESC
""")


async def _changed_by(
    session: AsyncSession, subject: Subject, changed: Mapping[str, Any], subject_id: int | None
) -> dict[str, str | None]:
    """Return the last person to change each of these; None if a roster or SQL did."""
    keys = {"subject": subject.value, "names": list(changed), "subject_id": subject_id}
    last = {row[0]: (row[1], row[2]) for row in await session.execute(_LAST, keys)}
    who = {name: by for name, (value, by) in last.items() if value == changed[name]}
    return {name: who.get(name) for name in changed}
