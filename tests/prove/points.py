"""The points at which a copy of the bot can be killed: around each statement, each commit and each HTTP call.

A copy watches itself from outside of its code, by the events of SQLAlchemy's engine and the traces of
aiohttp. A point is named by the function of ours that is at work and by what it does:
`sending._record: commit, before`.
"""

import asyncio
import functools
import os
import re
import signal
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from types import FrameType, SimpleNamespace
from typing import Any

import aiohttp
import greenlet  # type: ignore[import-untyped]
from sqlalchemy import TextClause, event
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.orm import Session

_committing: ContextVar[str] = ContextVar("committing")
_HOPS = 4
"""Turns of the event loop after which a request that was written is on its way."""


@dataclass
class Gun:
    """Kills this process at a point; of several copies that aim at the same, only one has the bullet."""

    tell: Callable[[str], None]
    """Hears the point's name just before."""
    point: str | None = None
    bullet: Path | None = None
    """A file; who removes it may fire."""
    passes: int = 0
    """How often the point is let pass before."""

    def __post_init__(self) -> None:
        self.seen: Counter[str] = Counter()

    def aim(self, point: str | None, bullet: Path | None, passes: int) -> None:
        """Fire at this point from now on."""
        self.point, self.bullet, self.passes = point, bullet, passes

    def at(self, point: str) -> None:
        """This point has been reached."""
        self.seen[point] += 1
        if point != self.point or self.bullet is None:
            return
        if self.passes > 0:
            self.passes -= 1
            return
        try:
            self.bullet.unlink()
        except FileNotFoundError:
            return
        self.tell(point)
        os.kill(os.getpid(), signal.SIGKILL)


def watch_statements(engine: AsyncEngine, gun: Gun) -> None:
    """Statements, and the commits of sessions."""
    names = {id(clause): name for name, clause in _named_statements()}

    def name(statement: str, context: Any) -> str:
        compiled = getattr(context, "compiled", None)
        found = names.get(id(compiled.statement)) if compiled is not None else None
        return found or " ".join(re.findall(r"\w+", statement)[:2]).lower()

    @event.listens_for(engine.sync_engine, "before_cursor_execute")
    def before(
        connection: Any, _cursor: Any, statement: str, _parameters: Any, context: Any, *_: Any
    ) -> None:
        # Sessions commit in a task of its own, where nobody of ours is to be seen.
        connection.info["stage"] = _stage()
        gun.at(f"{_stage()}: {name(statement, context)}, before")

    @event.listens_for(engine.sync_engine, "after_cursor_execute")
    def after(
        _connection: Any, _cursor: Any, statement: str, _parameters: Any, context: Any, *_: Any
    ) -> None:
        gun.at(f"{_stage()}: {name(statement, context)}, after")

    @event.listens_for(engine.sync_engine, "commit")
    def before_commit(connection: Any) -> None:
        _committing.set(connection.info["stage"])
        gun.at(f"{_committing.get()}: commit, before")

    @event.listens_for(Session, "after_commit")
    def after_commit(_session: Any) -> None:
        gun.at(f"{_committing.get()}: commit, after")


def watch_calls(gun: Gun) -> None:
    """Every HTTP call: before it, when the request is on its way, and when its answer has come."""

    async def before(_session: Any, trace: SimpleNamespace, call: aiohttp.TraceRequestStartParams) -> None:
        trace.name = f"{_stage()}: {call.url.path.rpartition('/')[2]}"
        gun.at(f"{trace.name}, before")

    async def sent(_session: Any, trace: SimpleNamespace, _call: Any) -> None:
        _soon(_HOPS, lambda: gun.at(f"{trace.name}, on its way"))

    async def after(_session: Any, trace: SimpleNamespace, _call: Any) -> None:
        gun.at(f"{trace.name}, after")

    traces = aiohttp.TraceConfig()
    traces.on_request_start.append(before)
    traces.on_request_headers_sent.append(sent)
    traces.on_request_end.append(after)
    # aiohttp has no traces for all of its sessions, so each new one is given these.
    begin = functools.partialmethod(aiohttp.ClientSession.__init__, trace_configs=[traces])
    aiohttp.ClientSession.__init__ = begin  # type: ignore[method-assign, assignment]


def _soon(hops: int, work: Callable[[], None]) -> None:
    asyncio.get_running_loop().call_soon(*((work,) if hops == 0 else (_soon, hops - 1, work)))


def _stage() -> str:
    """The function of the bot that is at work."""
    for frame in _frames():
        module = str(frame.f_globals.get("__name__", ""))
        if module.startswith(("bot.", "tests.prove.work")):
            return f"{module.rpartition('.')[2]}.{frame.f_code.co_name}"
    return "nobody of ours"


def _frames() -> Iterator[FrameType]:
    """From here outwards. SQLAlchemy works in a greenlet, whose caller's frames are its parent's."""
    here: FrameType | None = sys._getframe(1)
    current: Any = greenlet.getcurrent()
    while True:
        while here is not None:
            yield here
            here = here.f_back
        current = current.parent
        if current is None:
            return
        here = current.gr_frame


def _named_statements() -> Iterator[tuple[str, TextClause]]:
    """The statements that have a name in the domain: `_CLAIM` of `delivery` is `claim`."""
    for module in [each for name, each in sys.modules.items() if name.startswith("domain.")]:
        for name, value in vars(module).items():
            if isinstance(value, TextClause):
                yield name.strip("_").lower(), value
