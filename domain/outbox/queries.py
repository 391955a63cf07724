"""Every SELECT about intents that is not part of claiming them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from domain.outbox.model import Intent, IntentId


async def audience(session: AsyncSession, intent_id: IntentId) -> str | None:
    """Return an intent's recipient; None if there is no such intent."""
    return (await session.execute(select(Intent.audience).where(Intent.id == intent_id))).scalar_one_or_none()


_ON_THE_WAY = text("""
SELECT EXISTS (SELECT FROM outbox
                WHERE status = 'sending'
                   OR status = 'pending' AND not_before IS NULL AND due_at <= goalkeeper_now())
""")


async def is_on_the_way(session: AsyncSession) -> bool:
    """Return True if an intent is being sent or waits for its first try; later tries don't count."""
    found: bool = (await session.execute(_ON_THE_WAY)).scalar_one()
    return found


@dataclass(frozen=True, slots=True)
class Stuck:
    """An intent that is parked or has failed, so it isn't sent by itself."""

    id: IntentId
    kind: str
    audience: str
    status: str
    reason: str
    since: datetime
    """Business time."""


_STUCK = text("""
SELECT id, kind, audience, status, coalesce(reason, '') AS reason, updated_at
  FROM outbox WHERE status IN ('parked', 'failed')
 ORDER BY id DESC LIMIT :most
""")


async def stuck(session: AsyncSession, most: int = 100) -> list[Stuck]:
    """Return the parked and failed intents, the newest first."""
    rows = await session.execute(_STUCK, {"most": most})
    return [Stuck(IntentId(row[0]), *row[1:]) for row in rows]


@dataclass(frozen=True, slots=True)
class Said:
    """An intent that this transaction has put into the outbox."""

    to: str
    """The recipient's name, or the channel."""
    kind: str
    part: str | None
    facts: Mapping[str, Any]


_LAST_ID = text("SELECT coalesce(max(id), 0) FROM outbox")
# Only what this transaction has written: the bot goes on meanwhile.
_SAID = text("""
SELECT coalesce(u.name, o.audience) AS "to", o.kind, o.part, o.facts
  FROM outbox o
  LEFT JOIN users u ON u.workspace_id = o.workspace_id AND 'user:' || u.id = o.audience
 WHERE o.id > :since AND o.kind = :kind AND o.xmin = pg_current_xact_id()::xid
 ORDER BY o.id
""")


async def last_id(session: AsyncSession) -> int:
    """Return the id of the newest intent; 0 when there is none."""
    found: int = (await session.execute(_LAST_ID)).scalar_one()
    return found


async def said_since(session: AsyncSession, since: int, kind: str) -> list[Said]:
    """List the intents of a kind that this transaction has written after the one with id `since`."""
    rows = await session.execute(_SAID, {"since": since, "kind": kind})
    return [Said(**row) for row in rows.mappings()]
