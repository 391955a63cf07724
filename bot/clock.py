"""The two clocks: real time, which is read here and nowhere else, and the business clock that can be moved.

Business time is kept by the database, as an offset, and comes with each transaction (`domain.db`).
"""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine


def real_seconds() -> float:
    """Return the seconds since the epoch, in which signatures and Slack's timestamps count."""
    return time.time()


def elapsed() -> float:
    """Return the seconds of a clock that nobody sets, for measuring durations."""
    return time.monotonic()


@dataclass(frozen=True, slots=True)
class Clocks:
    """Both clocks at one moment."""

    business: datetime
    real: datetime

    @property
    def moved(self) -> bool:
        """Whether they differ."""
        return self.business != self.real


_READ = text("SELECT goalkeeper_now(), now()")
_SET = text("""
UPDATE business_clock
   SET clock_offset = CAST(:to AS timestamptz) - clock_timestamp(), moved_at = clock_timestamp()
""")
_ADVANCE = text("""
UPDATE business_clock SET clock_offset = clock_offset + :by, moved_at = clock_timestamp()
""")
_REAL = text("UPDATE business_clock SET clock_offset = interval '0', moved_at = clock_timestamp()")
_IN_REACH = text("""
SELECT now() + clock_offset BETWEEN '2000-01-01Z' AND '2100-01-01Z' FROM business_clock
""")
_CALL = text("NOTIFY goalkeeper_outbox")
_TICK = text("UPDATE workspaces SET tick_at = '-infinity'")


class ClockFixed(Exception):
    """The clock may not be moved here, or not to that time; the message says what would work."""


class BusinessClock:
    """The business clock of a database, for all copies of the bot at once.

    Only the owner of the database may move it, and only in a rehearsal; `engine` is the owner's.
    """

    def __init__(self, engine: AsyncEngine, *, movable: bool) -> None:
        self._engine = engine
        self._movable = movable

    async def read(self) -> Clocks:
        """Return what both clocks show."""
        async with self._engine.connect() as connection:
            return Clocks(*(await connection.execute(_READ)).one())

    async def set(self, to: datetime) -> None:
        """Set the clock to an instant; it runs on from there. Raises `ClockFixed`."""
        async with self._moving() as connection:
            await connection.execute(_SET, {"to": to})

    async def advance(self, by: timedelta) -> None:
        """Move the clock forward, or back by a negative span; raises `ClockFixed`."""
        async with self._moving() as connection:
            await connection.execute(_ADVANCE, {"by": by})

    async def real(self) -> None:
        """Reset the clock to real time; raises `ClockFixed`."""
        async with self._moving() as connection:
            await connection.execute(_REAL)

    @asynccontextmanager
    async def _moving(self) -> AsyncIterator[AsyncConnection]:
        if not self._movable:
            raise ClockFixed(
                "The clock can only be moved in a rehearsal: set GOALKEEPER_REHEARSAL=1 "
                "(never for a workspace where people work)."
            )
        async with self._engine.begin() as connection:
            yield connection
            if not (await connection.execute(_IN_REACH)).scalar_one():
                # Outside the range of drivers and calendars no transaction would work.
                raise ClockFixed("The clock can be moved within the years 2000 to 2099.")
            # Wakes the couriers, so that what has come due is sent now.
            await connection.execute(_CALL)
            # Each workspace's next look was computed with the old offset.
            await connection.execute(_TICK)
