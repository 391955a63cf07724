"""Stuck intents: an operator has them tried again, or drops them."""

from collections.abc import Collection

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from domain.outbox.model import IntentId

# At most one edit of a topic waits. The newest is enough, because it shows the state when it is sent.
_RELEASE = text("""
WITH stuck AS (
    SELECT o.id,
           o.mode = 'edit' AND EXISTS (
               SELECT FROM outbox n
                WHERE n.workspace_id = o.workspace_id AND n.topic = o.topic AND n.mode = 'edit'
                  AND (n.status = 'pending'
                       OR n.id > o.id AND n.id = ANY(:ids) AND n.status IN ('parked', 'failed'))
           ) AS superseded
      FROM outbox o
     WHERE o.id = ANY(:ids) AND o.status IN ('parked', 'failed')
)
UPDATE outbox o
   SET status = CASE WHEN superseded THEN 'cancelled' ELSE 'pending' END,
       reason = CASE WHEN superseded THEN 'replaced by a newer edit' END,
       not_before = NULL, uncertain_since = CASE WHEN NOT :anew THEN o.uncertain_since END,
       uncertain_until = CASE WHEN NOT :anew THEN o.uncertain_until END
  FROM stuck s
 WHERE o.id = s.id
RETURNING o.id
""")
_DROP = text("""
UPDATE outbox SET status = 'cancelled', reason = 'dropped by an operator: ' || coalesce(reason, status)
 WHERE id = ANY(:ids) AND status IN ('parked', 'failed')
RETURNING id
""")
_CALL = text("NOTIFY goalkeeper_outbox")


async def release(session: AsyncSession, ids: Collection[IntentId], *, anew: bool = False) -> list[IntentId]:
    """Queue those of these intents that are parked or failed for another attempt; return their ids.

    An intent that Slack may have already is looked for before it is sent, but not with `anew`.
    """
    rows = await session.execute(_RELEASE, {"ids": list(ids), "anew": anew})
    await session.execute(_CALL)
    return [IntentId(found) for found in rows.scalars()]


async def drop(session: AsyncSession, ids: Collection[IntentId]) -> list[IntentId]:
    """End the parked and failed intents of these, so that they are never sent; return their ids."""
    return [IntentId(found) for found in (await session.execute(_DROP, {"ids": list(ids)})).scalars()]
