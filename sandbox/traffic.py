"""The log of what went over the wire between the bot and Slack, without secrets."""

from collections import deque
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from sandbox.changes import Changes
from sandbox.model import Json
from sandbox.time import RealTime

_SECRET = frozenset({"token", "response_url", "response_urls", "challenge", "authorization"})
_KEPT = 1_000


@dataclass(frozen=True)
class Entry:
    """One request and its answer."""

    id: int
    at: float
    direction: Literal["to_bot", "to_slack"]
    label: str
    """The Web API method, or what was delivered (`/goals set`, `view_submission goals.set.submit`)."""
    request: Any
    response: Any
    status: int
    """HTTP status; 0 when there was no answer."""
    ms: float

    @property
    def method(self) -> str:
        """The Web API method."""
        return self.label

    @property
    def args(self) -> Json:
        """The arguments of a Web API call, tokens redacted."""
        return dict(self.request or {})

    @property
    def error(self) -> str | None:
        """Slack's error string, None when the call was fine."""
        return self.response.get("error") if isinstance(self.response, dict) else None


class Traffic:
    """The last entries, oldest first."""

    def __init__(self, changes: Changes, now: RealTime) -> None:
        self._changes = changes
        self._now = now
        self._number = 0
        self._entries: deque[Entry] = deque(maxlen=_KEPT)

    def record(
        self,
        direction: Literal["to_bot", "to_slack"],
        label: str,
        request: Any,
        response: Any,
        status: int,
        seconds: float,
    ) -> None:
        """Keeps what went over the wire, secrets redacted."""
        self._number += 1
        entry = Entry(
            self._number,
            self._now(),
            direction,
            label,
            redacted(request),
            redacted(response),
            status,
            round(seconds * 1000, 1),
        )
        self._entries.append(entry)
        self._changes.tell("traffic", entry=asdict(entry))

    def entries(self, direction: str | None = None) -> list[Entry]:
        """What is kept, of one direction if given."""
        return [entry for entry in self._entries if direction in (None, entry.direction)]

    def clear(self) -> None:
        """Forgets everything."""
        self._entries.clear()


def redacted(value: Any) -> Any:
    """A copy in which every secret reads `…`."""
    if isinstance(value, Mapping):
        return {key: _hide(str(key).lower(), item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [redacted(item) for item in value]
    return value


def _hide(key: str, item: Any) -> Any:
    if key in _SECRET and item:
        return "…"
    return redacted(item)
