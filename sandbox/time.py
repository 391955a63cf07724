"""The sandbox's only clock: real seconds since 1970, and message timestamps that never repeat."""

import time
from collections.abc import Callable

RealTime = Callable[[], float]
"""Returns real time in seconds since 1970 (never the movable business time: Slack does not follow that)."""


def real_time() -> float:
    """Seconds since 1970."""
    return time.time()


def elapsed() -> float:
    """A stopwatch in seconds that no change of the system's clock disturbs."""
    return time.perf_counter()


class Timestamps:
    """Hands out Slack's `ts`, strictly increasing: it is the identity of a message in its channel."""

    def __init__(self, now: RealTime) -> None:
        self._now = now
        self._last = 0

    def next(self) -> str:
        """The next timestamp, such as `1700000000.000100`."""
        self._last = max(int(self._now() * 1_000_000), self._last + 1)
        return f"{self._last // 1_000_000}.{self._last % 1_000_000:06d}"

    def follow(self, ts: str) -> None:
        """Makes sure that what comes next is later than `ts` (read back from the store)."""
        seconds, _, micros = ts.partition(".")
        self._last = max(self._last, int(seconds) * 1_000_000 + int(micros or 0))
