"""Work that goes on behind an answer: tracked, so that shutdown waits for it."""

import asyncio
import logging
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any, TypeVar

log = logging.getLogger(__name__)

T = TypeVar("T")


class Tasks:
    """Tasks that nobody awaits, until `finish`."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[Any]] = set()

    def spawn(self, work: Coroutine[Any, Any, T], *, quiet: bool = False) -> asyncio.Task[T]:
        """Run `work` in the background. A failure is logged, unless `quiet`: then the caller looks at it."""
        task = asyncio.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._looked_after if quiet else self._done)
        return task

    async def finish(self, seconds: float) -> None:
        """Wait for all of them, and for those that they start, `seconds` at most."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while self._running:
                    await asyncio.wait(self._running)

    def _looked_after(self, task: asyncio.Task[Any]) -> None:
        self._running.discard(task)
        if not task.cancelled():
            # Read the error: otherwise asyncio complains of one that came after everybody had gone.
            task.exception()

    def _done(self, task: asyncio.Task[Any]) -> None:
        self._running.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("a task behind an answer failed", exc_info=error)
