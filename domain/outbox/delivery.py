"""The courier's side of the outbox: claiming what is due, and recording how it ended.

Leases and waits are real time, whatever the business clock says; `clock_timestamp()` is the clock that all
copies share. What has been claimed ends only with the token it was claimed with, so that a copy whose lease
ran out cannot overrule the one that took over.
"""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import CursorResult, text
from sqlalchemy.ext.asyncio import AsyncSession

from domain.db import WorkspaceId
from domain.outbox.model import IntentId, IntentStatus, Mode


@dataclass(frozen=True, slots=True)
class Claimed:
    """An intent in hand, to be sent before its lease ends."""

    workspace_id: WorkspaceId
    id: IntentId
    kind: str
    audience: str
    facts: Mapping[str, Any]
    topic: str
    mode: Mode
    token: uuid.UUID
    attempts: int
    posted_channel: str | None
    """Edits: where the message to change is."""
    posted_ts: str | None


# An edit that ran out of its lease is outdated where a newer one waits: the newer one will do.
_RETURN_EXPIRED = text("""
UPDATE outbox AS o
   SET token = NULL, leased_until = NULL,
       status = CASE WHEN superseded THEN 'cancelled' ELSE 'pending' END,
       reason = CASE WHEN superseded THEN 'replaced by a newer edit' END
  FROM (SELECT e.workspace_id, e.id,
               e.mode = 'edit' AND EXISTS (
                   SELECT FROM outbox n
                    WHERE n.workspace_id = e.workspace_id AND n.topic = e.topic
                      AND n.mode = 'edit' AND n.status = 'pending') AS superseded
          FROM outbox e
         WHERE e.status = 'sending' AND e.leased_until <= clock_timestamp()
           FOR UPDATE SKIP LOCKED) AS expired
 WHERE o.workspace_id = expired.workspace_id AND o.id = expired.id
""")
# One in flight a topic, in order: whatever waits behind an earlier intent of its topic is left alone.
_CLAIM = text("""
WITH due AS (
    SELECT o.workspace_id, o.id
      FROM outbox o
     WHERE o.status = 'pending' AND o.due_at <= goalkeeper_now() AND o.workspace_id = ANY(:workspaces)
       AND (o.not_before IS NULL OR o.not_before <= clock_timestamp())
       AND NOT EXISTS (
           SELECT FROM outbox e
            WHERE e.workspace_id = o.workspace_id AND e.topic = o.topic AND e.id < o.id
              AND e.status IN ('pending', 'sending', 'parked'))
     ORDER BY o.due_at, o.id
     LIMIT :most
       FOR UPDATE SKIP LOCKED)
UPDATE outbox o
   SET status = 'sending', token = gen_random_uuid(), leased_until = clock_timestamp() + :lease,
       attempts = attempts + 1, not_before = NULL
  FROM due
 WHERE o.workspace_id = due.workspace_id AND o.id = due.id
RETURNING o.workspace_id, o.id, o.kind, o.audience, o.facts, o.topic, o.mode, o.token, o.attempts,
          (SELECT ARRAY[p.channel, p.ts] FROM outbox p
            WHERE p.workspace_id = o.workspace_id AND p.topic = o.topic
              AND p.mode = 'post' AND p.status = 'sent') AS receipt
""")


async def claim(
    session: AsyncSession, workspaces: Iterable[WorkspaceId], *, most: int, lease: timedelta
) -> list[Claimed]:
    """Take up to `most` due intents of these workspaces, in a transaction of `Database.everywhere()`."""
    await session.execute(_RETURN_EXPIRED)
    rows = await session.execute(_CLAIM, {"workspaces": list(workspaces), "most": most, "lease": lease})
    return [_claimed(dict(row)) for row in rows.mappings()]


def _claimed(row: dict[str, Any]) -> Claimed:
    channel, ts = row.pop("receipt") or (None, None)
    mode = Mode(row.pop("mode"))
    return Claimed(**row, mode=mode, posted_channel=channel, posted_ts=ts)


_SENT = text("""
UPDATE outbox
   SET status = 'sent', token = NULL, leased_until = NULL, reason = NULL,
       channel = :channel, ts = :ts, sent_at = goalkeeper_now()
 WHERE workspace_id = :workspace_id AND id = :id AND token = :token
""")
_END = text("""
UPDATE outbox
   SET status = :status, token = NULL, leased_until = NULL, reason = :reason
 WHERE workspace_id = :workspace_id AND id = :id AND token = :token
""")
_RETRY = text("""
UPDATE outbox AS o
   SET token = NULL, leased_until = NULL, reason = :reason,
       status = CASE WHEN superseded THEN 'cancelled' ELSE 'pending' END,
       not_before = clock_timestamp() + :wait
  FROM (SELECT e.mode = 'edit' AND EXISTS (
                   SELECT FROM outbox n
                    WHERE n.workspace_id = e.workspace_id AND n.topic = e.topic
                      AND n.mode = 'edit' AND n.status = 'pending') AS superseded
          FROM outbox e
         WHERE e.workspace_id = :workspace_id AND e.id = :id) AS newer
 WHERE o.workspace_id = :workspace_id AND o.id = :id AND o.token = :token
""")


async def record_sent(session: AsyncSession, intent: Claimed, channel: str, ts: str) -> bool:
    """Record the receipt; False when the lease had been lost, and the receipt does not count."""
    return await _settle(session, _SENT, intent, channel=channel, ts=ts)


async def record_end(session: AsyncSession, intent: Claimed, status: IntentStatus, reason: str) -> bool:
    """End it (`cancelled`, `failed`) or lay it aside (`parked`), and say why."""
    return await _settle(session, _END, intent, status=status.value, reason=reason)


async def record_retry(session: AsyncSession, intent: Claimed, wait: timedelta, reason: str) -> bool:
    """Have it tried again after `wait` of real time; an edit that a newer one has replaced ends here."""
    return await _settle(session, _RETRY, intent, wait=wait, reason=reason)


async def _settle(session: AsyncSession, statement: Any, intent: Claimed, **values: Any) -> bool:
    keys = {"workspace_id": intent.workspace_id, "id": intent.id, "token": intent.token}
    settled = await session.execute(statement, {**keys, **values})
    assert isinstance(settled, CursorResult)
    return settled.rowcount == 1
