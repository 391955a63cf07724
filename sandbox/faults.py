"""What can go wrong at Slack, on demand: each fault strikes the next call of a method."""

import asyncio
import json
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from sandbox.model import Json


@dataclass(frozen=True)
class Fault:
    """One thing that goes wrong.

    `accepted` says whether Slack did what it was asked before that: the uncertain case of a post.
    """

    kind: Literal["answer", "drop", "hang", "late"]
    accepted: bool = False
    status: int = 200
    body: str = ""
    content_type: str = "application/json"
    headers: tuple[tuple[str, str], ...] = ()
    seconds: float | None = None

    def describe(self) -> str:
        """What goes wrong, for people."""
        when = "after accepting" if self.accepted else "before accepting"
        match self.kind:
            case "drop":
                return f"connection dropped {when}"
            case "hang":
                end = "until cleared" if self.seconds is None else f"for {self.seconds:g} s"
                return f"no answer {end}, {when}"
            case "late":
                return f"accepted, answer lost, in the history after {self.seconds or 0:g} s"
            case "answer":
                return self._describe_answer() + (", after accepting" if self.accepted else "")

    def _describe_answer(self) -> str:
        if self.status == 429:
            return f"429, Retry-After {dict(self.headers).get('Retry-After', 'missing')}"
        if self.content_type == "application/json":
            return f"{self.status} {json.loads(self.body)['error']}"
        return f"{self.status} {'web page' if self.content_type == 'text/html' else 'no JSON'}"


def rate_limited(retry_after: str | int | None = 1) -> Fault:
    """429; Retry-After in whatever form (`30`, an HTTP date, nonsense), or missing with None."""
    headers = () if retry_after is None else (("Retry-After", str(retry_after)),)
    return Fault("answer", status=429, body='{"ok":false,"error":"ratelimited"}', headers=headers)


def http_error(status: int, body: str = "upstream connect error", *, accepted: bool = False) -> Fault:
    """500, 503 and the like, with a body that is no JSON."""
    return Fault("answer", accepted, status, body, "text/plain")


def html(*, accepted: bool = False) -> Fault:
    """200 with a web page, as proxies answer."""
    return Fault("answer", accepted, body="<!DOCTYPE html><p>Slack is down.</p>", content_type="text/html")


def error(name: str) -> Fault:
    """200 with any of Slack's error strings."""
    return Fault("answer", body=json.dumps({"ok": False, "error": name}))


def dropped(*, accepted: bool) -> Fault:
    """The connection breaks before or after Slack did its work."""
    return Fault("drop", accepted)


def hang(seconds: float | None = None, *, accepted: bool = False) -> Fault:
    """No answer for so long (None: until `Faults.clear`), then the connection breaks."""
    return Fault("hang", accepted, seconds=seconds)


def late_in_history(seconds: float) -> Fault:
    """The post is accepted and the answer lost, and history shows the message only later."""
    return Fault("late", accepted=True, seconds=seconds)


class Faults:
    """Which faults are to strike which method; `*` stands for every method. `tell` hears of each change."""

    def __init__(self, tell: Callable[[], None] = lambda: None) -> None:
        self._tell = tell
        self._once: dict[str, deque[Fault]] = defaultdict(deque)
        self._always: dict[str, Fault] = {}
        self._cleared = asyncio.Event()

    def next(self, method: str, *faults: Fault) -> None:
        """The next calls of the method meet these faults, one each, in order."""
        self._once[method].extend(faults)
        self._tell()

    def always(self, method: str, fault: Fault) -> None:
        """Every call of the method meets this fault until `clear`."""
        self._always[method] = fault
        self._tell()

    def clear(self) -> None:
        """All is well again; what hangs comes loose."""
        self._once.clear()
        self._always.clear()
        self._cleared.set()
        self._cleared = asyncio.Event()
        self._tell()

    def active(self) -> list[Json]:
        """Everything that is still to strike, for the page."""
        once = [(method, fault, False) for method, faults in self._once.items() for fault in faults]
        always = [(method, fault, True) for method, fault in self._always.items()]
        return [
            {"method": method, "what": fault.describe(), "always": lasts}
            for method, fault, lasts in once + always
        ]

    def strike(self, method: str, *, by_name: bool = False) -> Fault | None:
        """The fault that this call meets; used up unless it is there always.

        With `by_name`, faults of every method spare it.
        """
        for name in (method,) if by_name else (method, "*"):
            if self._once[name]:
                fault = self._once[name].popleft()
                self._tell()
                return fault
            if name in self._always:
                return self._always[name]
        return None

    async def hold(self, seconds: float | None) -> None:
        """Waits as a hanging call does."""
        cleared = self._cleared
        try:
            async with asyncio.timeout(seconds):
                await cleared.wait()
        except TimeoutError:
            return
