"""The business clock as the page sees and moves it; whoever runs the sandbox brings the clock itself."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from sandbox.model import Json


@dataclass(frozen=True)
class NextDue:
    """Something that is to happen by the business clock, named for people ("Ana's reminder, day 3")."""

    at: datetime
    what: str


@dataclass(frozen=True)
class ClockReading:
    """Both clocks at one moment; datetimes carry a zone.

    `moved`: they differ on purpose. `coming`: what happens next, soonest first.
    """

    business: datetime
    real: datetime
    moved: bool
    coming: tuple[NextDue, ...] = ()

    @property
    def next_due(self) -> NextDue | None:
        """The first of what is coming."""
        return self.coming[0] if self.coming else None


class ClockRefused(Exception):
    """The clock cannot be moved so; the message is for the person who tried."""


class ClockControl(Protocol):
    """The business clock of the bot. Slack's own timestamps never follow it."""

    async def read(self) -> ClockReading:
        """What it shows."""

    async def set(self, to: datetime) -> None:
        """Moves it to an instant (with a zone), from which it goes on.

        Raises:
            ClockRefused: in words.
        """

    async def advance(self, by: timedelta) -> None:
        """Moves it on, or with a negative span back.

        Raises:
            ClockRefused: in words.
        """

    async def real(self) -> None:
        """Back to real time."""


def instant(to: datetime, zone: str | None) -> datetime:
    """A time as typed: without a zone of its own it is meant in `zone` (None: UTC)."""
    return to if to.tzinfo else to.replace(tzinfo=ZoneInfo(zone or "UTC"))


def clock_json(reading: ClockReading) -> Json:
    """A reading as the page has it: ISO 8601 in UTC offsets."""
    return {
        "business": reading.business.isoformat(),
        "real": reading.real.isoformat(),
        "moved": reading.moved,
        "coming": [{"at": due.at.isoformat(), "what": due.what} for due in reading.coming],
    }
