"""The copies of a test: started, told where to die, waited for."""

import asyncio
import json
import os
import signal
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from tests.prove.copies import Aim, Order

ROOT = Path(__file__).parents[2]
PATIENCE = 60.0
"""Seconds after which a copy hangs: a guard, never a judgement."""


@dataclass
class Crew:
    """One copy, as the test sees it."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    log: Path
    pid: int = 0
    port: int | None = None
    """Where it takes requests (0: nowhere); None: not up yet."""
    killed_at: str | None = None
    seen: dict[str, int] = field(default_factory=dict)
    """How often it has come by each point, when it was last asked."""
    gone: bool = False

    async def until_up(self) -> bool:
        """Whether it came up; False: it was killed on the way."""
        while self.port is None and await self._hears():
            pass
        return not self.gone

    async def until_gone(self) -> None:
        """Until the process has ended."""
        while await self._hears():
            pass

    async def aims(self, aim: Aim) -> None:
        """Has it aim at this, and be killed there."""
        await self.asked(aim=asdict(aim))

    async def asked(self, **order: Any) -> None:
        """Tells it something, and waits until it has heard."""
        with suppress(ConnectionError):
            self.writer.write(json.dumps(order).encode() + b"\n")
            await self.writer.drain()
            while (word := await self._hears()) and "seen" not in word:
                pass

    async def stops(self) -> None:
        """Ends it in good order."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGTERM)
        await self.until_gone()

    async def _hears(self) -> dict[str, Any]:
        """Its next word; nothing when it is gone."""
        async with asyncio.timeout(PATIENCE):
            with suppress(ConnectionError):
                if line := await self.reader.readline():
                    word: dict[str, Any] = json.loads(line)
                    self.pid = word.get("pid", self.pid)
                    self.port = word.get("up", self.port)
                    self.killed_at = word.get("killed", self.killed_at)
                    self.seen = word.get("seen", self.seen)
                    return word
        self.gone = True
        self.writer.close()
        return {}


class Fleet:
    """Starts copies."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._crews: list[Crew] = []

    async def starts(self, order: Order, aim: Aim | None = None) -> Crew:
        """A copy that may not be up yet."""
        reader, writer = await asyncio.open_unix_connection(self._path)
        crew = Crew(reader, writer, Path(order.log))
        self._crews.append(crew)
        writer.write(json.dumps({**asdict(order), "aim": asdict(aim or Aim())}).encode() + b"\n")
        while not crew.pid and await crew._hears():
            pass
        return crew

    async def ends(self) -> None:
        """Kills whoever is left."""
        for crew in self._crews:
            if not crew.gone:
                with suppress(ProcessLookupError):
                    os.kill(crew.pid, signal.SIGKILL)
                await crew.until_gone()
        self._crews.clear()


@asynccontextmanager
async def a_fleet(folder: Path) -> AsyncIterator[Fleet]:
    """The process from which copies are forked, while the block lasts."""
    path = folder / "copies.sock"
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.prove.copies", str(path), cwd=ROOT, stdout=PIPE
    )
    assert process.stdout is not None
    async with asyncio.timeout(PATIENCE):
        assert await process.stdout.readline() == b"ready\n"
    fleet = Fleet(path)
    try:
        yield fleet
    finally:
        await fleet.ends()
        process.kill()
        await process.wait()
