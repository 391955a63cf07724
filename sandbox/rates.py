"""Slack's rate limits, as buckets that fill while nobody calls."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sandbox.model import Json
from sandbox.time import RealTime


@dataclass(frozen=True)
class Limit:
    """So many calls at once, and `per_second` on the long run."""

    burst: float
    per_second: float


def per_minute(calls: int) -> Limit:
    """A tier: so many calls a minute, all at once if need be."""
    return Limit(calls, calls / 60)


_TIER_2, _TIER_3, _TIER_4 = per_minute(20), per_minute(50), per_minute(100)
CHANNEL = Limit(3, 1)
"""chat.postMessage in one channel: one a second, with short bursts."""
WORKSPACE = per_minute(300)
"""chat.postMessage altogether: Slack says "several hundred" a minute."""

TIERS: Mapping[str, Limit] = {
    "chat.postEphemeral": _TIER_4,
    "chat.update": _TIER_3,
    "chat.delete": _TIER_3,
    "files.getUploadURLExternal": _TIER_4,
    "files.completeUploadExternal": _TIER_4,
    "files.info": _TIER_4,
    "files.delete": _TIER_3,
    "conversations.open": _TIER_3,
    "conversations.info": _TIER_3,
    "conversations.history": _TIER_3,
    "conversations.list": _TIER_2,
    "conversations.members": _TIER_4,
    "users.info": _TIER_4,
    "users.list": _TIER_2,
    "users.lookupByEmail": _TIER_3,
    "views.open": _TIER_4,
    "views.push": _TIER_4,
    "views.update": _TIER_4,
    "views.publish": _TIER_4,
    "team.info": _TIER_3,
    "apps.connections.open": per_minute(60),
}
"""By method; what is missing has no limit."""


@dataclass
class _Bucket:
    left: float
    at: float


class Rates:
    """Counts calls. `on` says whether the limits hold; `tripped` counts the calls that were too many."""

    def __init__(self, now: RealTime, *, on: bool = False) -> None:
        self._now = now
        self._buckets: dict[tuple[str, str], _Bucket] = {}
        self.on = on
        self.tripped = 0

    def refuses(self, method: str, values: Json) -> int | None:
        """Whole seconds to wait when this call is one too many; else it is counted."""
        if not self.on:
            return None
        now = self._now()
        buckets = [(self._filled(key, limit, now), limit) for key, limit in _limits(method, values)]
        waits = [(1 - bucket.left) / limit.per_second for bucket, limit in buckets if bucket.left < 1]
        if waits:
            self.tripped += 1
            return math.ceil(max(waits))
        for bucket, _ in buckets:
            bucket.left -= 1
        return None

    def _filled(self, key: tuple[str, str], limit: Limit, now: float) -> _Bucket:
        bucket = self._buckets.setdefault(key, _Bucket(limit.burst, now))
        bucket.left = min(limit.burst, bucket.left + max(0.0, now - bucket.at) * limit.per_second)
        bucket.at = now
        return bucket


def _limits(method: str, values: Json) -> Iterator[tuple[tuple[str, str], Limit]]:
    if method == "chat.postMessage":
        yield (method, str(values.get("channel"))), CHANNEL
        yield (method, ""), WORKSPACE
    elif method in TIERS:
        yield (method, ""), TIERS[method]
