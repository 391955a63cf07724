"""Word of every change: what the page's event stream sends on, and what tests wait for."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import TypeVar

from sandbox.model import Json
from sandbox.time import RealTime

T = TypeVar("T")
_KEPT = 2_000


@dataclass(frozen=True)
class Change:
    """Something happened; `audience` are the people who can see it (None: everybody)."""

    cursor: int
    audience: frozenset[str] | None
    event: Json

    def concerns(self, person: str) -> bool:
        """Whether this person can see it."""
        return self.audience is None or person in self.audience


class Changes:
    """The last changes in order, and a bell that rings with each."""

    def __init__(self, now: RealTime) -> None:
        # Cursors begin at the time of day in milliseconds, so that a page that was open before a restart
        # holds a cursor from the past and not one that is still to come.
        self.cursor = int(now() * 1000)
        self._kept: deque[Change] = deque(maxlen=_KEPT)
        self._bell = asyncio.Event()
        self._closed = False
        self.listener: Callable[[], None] = lambda: None
        """Called at each change: the store's turn."""

    def tell(self, kind: str, audience: frozenset[str] | None = None, /, **fields: object) -> None:
        """Records a change and wakes whoever waits."""
        self.cursor += 1
        event = {"cursor": self.cursor, "type": kind, **fields}
        self._kept.append(Change(self.cursor, audience, event))
        self.listener()
        self._ring()

    def close(self) -> None:
        """Ends every stream: an open one would keep the server from shutting down."""
        self._closed = True
        self._ring()

    def open(self) -> None:
        """Lets streams begin again after `close` (the same sandbox served anew)."""
        self._closed = False

    async def since(self, cursor: int, person: str, heartbeat: float = 15.0) -> AsyncIterator[Json | None]:
        """The changes after `cursor` that this person can see, for ever; None when all is quiet."""
        if self._kept and cursor < self._kept[0].cursor - 1:
            # What happened in between is forgotten: have the page read everything anew.
            yield {"cursor": self._kept[0].cursor - 1, "type": "channels"}
        while not self._closed:
            bell = self._bell
            for change in self.after(cursor):
                cursor = change.cursor
                if change.concerns(person):
                    yield change.event
            if bell is self._bell and not await _rings(bell, heartbeat):
                yield None

    def after(self, cursor: int) -> list[Change]:
        """Return the changes after `cursor` that are kept."""
        return [kept for kept in self._kept if kept.cursor > cursor]

    async def wait_for(self, predicate: Callable[[], T], seconds: float) -> T:
        """Waits until the predicate is true, looking again at each change.

        Raises:
            TimeoutError: if it still is not after `seconds`.
        """
        async with asyncio.timeout(seconds):
            while True:
                bell = self._bell
                if found := predicate():
                    return found
                await bell.wait()

    def _ring(self) -> None:
        self._bell.set()
        self._bell = asyncio.Event()


async def _rings(bell: asyncio.Event, seconds: float) -> bool:
    try:
        async with asyncio.timeout(seconds):
            await bell.wait()
    except TimeoutError:
        return False
    return True
