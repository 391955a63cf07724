"""Delivery lanes, one a recipient: paused when Slack rate-limits them, parked when nothing gets through."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from domain.outbox.service import Topic

WHOLE_WORKSPACE = "*"
"""The lane of the whole workspace, which all its other lanes depend on."""

_HOLD = text("""
INSERT INTO outbox_lanes (lane, next_at) VALUES (:lane, clock_timestamp() + :wait)
    ON CONFLICT (workspace_id, lane)
    DO UPDATE SET next_at = greatest(outbox_lanes.next_at, excluded.next_at)
""")
_PARK = text("""
INSERT INTO outbox_lanes AS l (lane, next_at, parked_at, parked_reason)
VALUES (:lane, clock_timestamp() + :probe_after, clock_timestamp(), :reason)
    ON CONFLICT (workspace_id, lane)
    DO UPDATE SET next_at = excluded.next_at, parked_reason = excluded.parked_reason,
                  parked_at = coalesce(l.parked_at, excluded.parked_at)
RETURNING parked_at,
          parked_at = (SELECT p.parked_at FROM outbox_lanes p WHERE p.lane = :lane) IS TRUE AS already
""")
_RESUME = text("""
WITH parked AS (
    SELECT id, lane, parked_at FROM outbox_lanes
     WHERE lane = ANY(:lanes) AND parked_at IS NOT NULL
       FOR UPDATE)
UPDATE outbox_lanes l
   SET parked_at = NULL, parked_reason = NULL, next_at = clock_timestamp()
  FROM parked p
 WHERE l.id = p.id
RETURNING l.lane, p.parked_at
""")
_PARKED = text("""
SELECT l.lane, l.parked_reason, l.parked_at,
       (SELECT count(*) FROM outbox o
         WHERE o.status = 'pending' AND (o.audience = l.lane OR l.lane = '*')) AS waiting
  FROM outbox_lanes l WHERE l.parked_at IS NOT NULL
 ORDER BY l.parked_at
""")
_TRY = text("UPDATE outbox_lanes SET next_at = clock_timestamp() WHERE parked_at IS NOT NULL")
_STATE = text("""
SELECT l.parked_reason,
       (SELECT count(*) FROM outbox o
         WHERE o.audience = l.lane AND o.status IN ('pending', 'sending')) AS waiting
  FROM outbox_lanes l WHERE l.lane = :lane AND l.parked_at = :parked_at
""")


@dataclass(frozen=True, slots=True)
class Parking:
    """One parking of a lane."""

    lane: str
    parked_at: datetime

    @property
    def topic(self) -> Topic:
        """The topic of its report: one message, updated when the lane works again."""
        return Topic("lane", part=f"{self.lane}:{self.parked_at:%Y%m%d%H%M%S%f}")


@dataclass(frozen=True, slots=True)
class LaneState:
    """A lane's state: why it is parked, if it still is, and how many intents wait in it."""

    parked_reason: str | None
    waiting: int


@dataclass(frozen=True, slots=True)
class Parked:
    """A lane that is parked now."""

    lane: str
    reason: str
    since: datetime
    """Real time."""
    waiting: int
    """Intents."""


async def parked(session: AsyncSession) -> list[Parked]:
    """Return the parked lanes, the longest parked first."""
    return [Parked(*row) for row in await session.execute(_PARKED)]


async def try_parked(session: AsyncSession) -> None:
    """Try every parked lane now rather than at its next probe."""
    await session.execute(_TRY)


async def hold(session: AsyncSession, lane: str, wait: timedelta) -> None:
    """Use the lane no earlier than after `wait` of real time."""
    await session.execute(_HOLD, {"lane": lane, "wait": wait})


async def park(session: AsyncSession, lane: str, reason: str, probe_after: timedelta) -> Parking | None:
    """Park the lane until its destination works again, and try that now and then; None if already parked."""
    values = {"lane": lane, "reason": reason, "probe_after": probe_after}
    row = (await session.execute(_PARK, values)).one()
    return None if row.already else Parking(lane, row.parked_at)


async def resume(session: AsyncSession, *lanes: str) -> list[Parking]:
    """Resume those of these lanes that are parked; return the parkings that this ended."""
    rows = await session.execute(_RESUME, {"lanes": list(lanes)})
    return [Parking(row.lane, row.parked_at) for row in rows]


async def state(session: AsyncSession, parking: Parking) -> LaneState:
    """Return the state of a parking; a later parking of the same lane doesn't count."""
    keys = {"lane": parking.lane, "parked_at": parking.parked_at}
    row = (await session.execute(_STATE, keys)).one_or_none()
    return LaneState(None, 0) if row is None else LaneState(row.parked_reason, row.waiting)
