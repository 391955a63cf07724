"""The courier's side of the outbox: claiming due intents, and recording their outcomes.

Leases and waits are real time, never business time; `clock_timestamp()` is the clock that all copies share.
Only the token of the claim can complete an intent, so a copy whose lease ran out can't overrule the one that
took over.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CursorResult, TextClause, text
from sqlalchemy.ext.asyncio import AsyncSession

from domain.db import WorkspaceId
from domain.outbox.model import IntentId, IntentStatus, Mode


@dataclass(frozen=True, slots=True)
class Claimed:
    """A claimed intent, to be sent before its lease ends."""

    workspace_id: WorkspaceId
    id: IntentId
    kind: str
    audience: str
    facts: Mapping[str, Any]
    topic: str
    round: int | None
    part: str | None
    mode: Mode
    due_at: datetime
    """Business time."""
    token: uuid.UUID
    nonce: uuid.UUID
    attempts: int
    claimed_at: datetime
    """Real time."""
    uncertain_since: datetime | None
    """Posts: real time since which Slack may have it; it must be looked for before it is sent."""
    uncertain_until: datetime | None
    """Real time by which an uncertain post has arrived, if it ever does."""
    lane_parked: bool
    """True if this is an attempt to reach a destination that didn't work before."""
    posted_channel: str | None
    """Edits: the place of the message to change."""
    posted_ts: str | None


@dataclass(frozen=True, slots=True)
class Objection:
    """The reason not to send a post now, although it could be sent."""

    reason: str
    until: datetime | None = None
    """Business time from which it may be sent; None: never."""


# A post whose lease ran out may be in Slack, so its next holder looks for it first. An edit may simply be
# repeated, unless a newer one waits, which is enough.
_RETURN_EXPIRED = text("""
UPDATE outbox AS o
   SET token = NULL, leased_until = NULL,
       uncertain_since = CASE WHEN o.mode = 'post'
                              THEN coalesce(o.uncertain_since, o.leased_until - CAST(:lease AS interval)) END,
       uncertain_until = CASE WHEN o.mode = 'post' THEN o.leased_until END,
       status = CASE WHEN superseded THEN 'cancelled' ELSE 'pending' END,
       reason = CASE WHEN superseded THEN 'replaced by a newer edit' ELSE o.reason END
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
# The first intent of each lane that may be used now: one at a time in a lane, and in order within a topic.
# Then workspaces take turns, so that a busy one doesn't keep the others waiting. The same statement moves the
# lane's next turn to when Slack's limits allow it.
_CLAIM = text("""
WITH served AS (
    SELECT * FROM unnest(CAST(:workspaces AS bigint[]), CAST(:rooms AS int[])) AS s(workspace_id, room)
), heads AS (
    SELECT DISTINCT ON (o.workspace_id, o.audience)
           o.workspace_id, o.id, o.due_at, s.room,
           l.parked_at IS NOT NULL OR w.parked_at IS NOT NULL AS lane_parked
      FROM outbox o
      JOIN served s ON s.workspace_id = o.workspace_id
      LEFT JOIN outbox_lanes l ON l.workspace_id = o.workspace_id AND l.lane = o.audience
      LEFT JOIN outbox_lanes w ON w.workspace_id = o.workspace_id AND w.lane = '*'
     WHERE o.status = 'pending' AND o.due_at <= goalkeeper_now()
       AND coalesce(greatest(o.not_before, l.next_at, w.next_at) <= clock_timestamp(), true)
       AND NOT EXISTS (
           SELECT FROM outbox h
            WHERE h.workspace_id = o.workspace_id AND h.audience = o.audience AND h.status = 'sending')
       AND NOT EXISTS (
           SELECT FROM outbox e
            WHERE e.workspace_id = o.workspace_id AND e.topic = o.topic AND e.id < o.id
              AND (e.status IN ('pending', 'sending') OR e.status = 'parked' AND e.mode = 'post'))
     ORDER BY o.workspace_id, o.audience, o.due_at, o.id
), turns AS (
    SELECT *, row_number() OVER (PARTITION BY workspace_id ORDER BY due_at, id) AS turn FROM heads
), chosen AS (
    SELECT o.workspace_id, o.id, o.audience, t.lane_parked
      FROM outbox o
      JOIN turns t ON t.workspace_id = o.workspace_id AND t.id = o.id
     WHERE o.status = 'pending' AND t.turn <= t.room
     ORDER BY t.turn, t.due_at
     LIMIT :most
       FOR UPDATE OF o SKIP LOCKED
), paced AS (
    INSERT INTO outbox_lanes (workspace_id, lane, next_at)
    SELECT workspace_id, audience, clock_timestamp() + :pace FROM chosen ORDER BY workspace_id, audience
        ON CONFLICT (workspace_id, lane)
        DO UPDATE SET next_at = greatest(outbox_lanes.next_at, excluded.next_at)
)
UPDATE outbox o
   SET status = 'sending', token = gen_random_uuid(), leased_until = clock_timestamp() + :lease,
       attempts = attempts + 1, not_before = NULL
  FROM chosen c
 WHERE o.workspace_id = c.workspace_id AND o.id = c.id
RETURNING o.workspace_id, o.id, o.kind, o.audience, o.facts, o.topic, o.round, o.part, o.mode,
          o.due_at, o.token, o.nonce, o.attempts, o.leased_until - :lease AS claimed_at, o.uncertain_since,
          o.uncertain_until, c.lane_parked,
          (SELECT ARRAY[p.channel, p.ts] FROM outbox p
            WHERE p.workspace_id = o.workspace_id AND p.topic = o.topic AND p.id < o.id
              AND p.mode = 'post' AND p.status = 'sent'
            ORDER BY p.id DESC LIMIT 1) AS receipt
""")


async def claim(
    session: AsyncSession, rooms: Mapping[WorkspaceId, int], *, most: int, lease: timedelta, pace: timedelta
) -> list[Claimed]:
    """Take up to `most` due intents, in a transaction of `Database.everywhere()`.

    `rooms` says which workspaces are served, and how many intents of each may be taken. A lane is not used
    again for `pace`.
    """
    await session.execute(_RETURN_EXPIRED, {"lease": lease})
    rows = await session.execute(
        _CLAIM,
        {
            "workspaces": list(rooms.keys()),
            "rooms": list(rooms.values()),
            "most": most,
            "lease": lease,
            "pace": pace,
        },
    )
    return [_claimed(dict(row)) for row in rows.mappings()]


def _claimed(row: dict[str, Any]) -> Claimed:
    channel, ts = row.pop("receipt") or (None, None)
    mode = Mode(row.pop("mode"))
    return Claimed(**row, mode=mode, posted_channel=channel, posted_ts=ts)


_SENT = text("""
UPDATE outbox
   SET status = 'sent', token = NULL, leased_until = NULL, reason = NULL,
       uncertain_since = NULL, uncertain_until = NULL,
       channel = :channel, ts = :ts, sent_at = goalkeeper_now()
 WHERE workspace_id = :workspace_id AND id = :id AND token = :token
""")
_END = text("""
UPDATE outbox
   SET status = :status, token = NULL, leased_until = NULL, reason = :reason
 WHERE workspace_id = :workspace_id AND id = :id AND token = :token
""")
_POSTPONE = text("""
UPDATE outbox
   SET status = 'pending', token = NULL, leased_until = NULL, reason = :reason, due_at = :until
 WHERE workspace_id = :workspace_id AND id = :id AND token = :token
""")
# A post stays uncertain until it is found, or an operator has it sent again. A later try that certainly
# failed doesn't end that. The uncertainty begins with the first such try and covers the lease of the last.
_RETRY = text("""
UPDATE outbox AS o
   SET token = NULL, leased_until = NULL,
       reason = CASE WHEN superseded THEN 'replaced by a newer edit' ELSE :reason END,
       status = CASE WHEN superseded THEN 'cancelled' ELSE 'pending' END,
       not_before = clock_timestamp() + :wait,
       uncertain_since = CASE WHEN :uncertain THEN coalesce(o.uncertain_since, :claimed_at)
                              ELSE o.uncertain_since END,
       uncertain_until = CASE WHEN :uncertain THEN o.leased_until ELSE o.uncertain_until END
  FROM (SELECT e.mode = 'edit' AND EXISTS (
                   SELECT FROM outbox n
                    WHERE n.workspace_id = e.workspace_id AND n.topic = e.topic
                      AND n.mode = 'edit' AND n.status = 'pending') AS superseded
          FROM outbox e
         WHERE e.workspace_id = :workspace_id AND e.id = :id) AS newer
 WHERE o.workspace_id = :workspace_id AND o.id = :id AND o.token = :token
""")


# Changed in place, so that a copy that dies leaves either an edit, which comes here again, or a normal post.
# Later edits wait for this post, and then change the new message. Its nonce has never been in Slack. If a
# newer edit is waiting already, that one comes here itself.
_POST_ANEW = text("""
UPDATE outbox AS o
   SET token = NULL, leased_until = NULL,
       mode = CASE WHEN superseded THEN o.mode ELSE 'post' END,
       dedupe_key = CASE WHEN NOT superseded THEN o.topic || ':anew:' || o.id END,
       status = CASE WHEN superseded THEN 'cancelled' ELSE 'pending' END,
       reason = CASE WHEN superseded THEN 'replaced by a newer edit' ELSE :reason END
  FROM (SELECT EXISTS (SELECT FROM outbox n
                        WHERE n.workspace_id = :workspace_id AND n.topic = :topic
                          AND n.mode = 'edit' AND n.status = 'pending') AS superseded) AS newer
 WHERE o.workspace_id = :workspace_id AND o.id = :id AND o.token = :token AND o.mode = 'edit'
""")


async def record_sent(session: AsyncSession, intent: Claimed, channel: str, ts: str) -> bool:
    """Record the receipt; False when the lease had been lost, and the receipt does not count."""
    return await _settle(session, _SENT, intent, channel=channel, ts=ts)


async def record_end(session: AsyncSession, intent: Claimed, status: IntentStatus, reason: str) -> bool:
    """Record that the intent ended (`cancelled`, `failed`) or was set aside (`parked`), and why."""
    return await _settle(session, _END, intent, status=status.value, reason=reason)


async def record_later(session: AsyncSession, intent: Claimed, until: datetime, reason: str) -> bool:
    """Postpone the intent `until` then (business time), and record why."""
    return await _settle(session, _POSTPONE, intent, until=until, reason=reason)


async def record_retry(
    session: AsyncSession, intent: Claimed, wait: timedelta, reason: str, *, uncertain: bool
) -> bool:
    """Schedule another attempt after `wait` (real time); an edit that a newer one has replaced ends instead.

    `uncertain` means that this try may have posted it in Slack, so the next one looks for it first.
    """
    claimed_at = intent.claimed_at
    return await _settle(
        session, _RETRY, intent, wait=wait, reason=reason, uncertain=uncertain, claimed_at=claimed_at
    )


async def post_anew(session: AsyncSession, intent: Claimed, reason: str) -> bool:
    """Turn an edit whose message is gone into a post of the same topic, and say why.

    If a newer edit has replaced this one, it ends here.
    """
    return await _settle(session, _POST_ANEW, intent, topic=intent.topic, reason=reason)


async def _settle(session: AsyncSession, statement: TextClause, intent: Claimed, **values: Any) -> bool:
    keys = {"workspace_id": intent.workspace_id, "id": intent.id, "token": intent.token}
    settled = await session.execute(statement, {**keys, **values})
    assert isinstance(settled, CursorResult)
    return settled.rowcount == 1
