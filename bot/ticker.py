"""The ticker: does the work that is due, every 20 s and when notified. Copies of the bot share the work."""

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

from bot.calls import CHANGES, listen_for_calls
from domain import flow
from domain.db import DATABASE_AWAY, Database, WorkspaceId

log = logging.getLogger(__name__)

EVERY = 20
"""Seconds between two ticks."""
_AT_ONCE = 50
"""Workspaces that one copy takes at a time."""
_PATIENCE = "60s"
"""Timeout of a statement of a tick: nobody waits for it, and it may open ten thousand months."""


class Ticker:
    """Runs the jobs that are due, in every workspace of the database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._turn = asyncio.Lock()

    async def listen(self) -> None:
        """Tick whenever somebody other than the bot has changed something; for ever."""
        woken = asyncio.Event()
        async with asyncio.TaskGroup() as group:
            group.create_task(listen_for_calls(self._database, CHANGES, woken.set))
            while await woken.wait():
                woken.clear()
                await self.tick()

    async def tick(self) -> int:
        """Do all that is due now; returns in how many workspaces something may have been.

        A request during a tick waits for that tick, and then for one more.
        """
        async with self._turn:
            return await self._tick_all()

    async def _tick_all(self) -> int:
        ticked: list[WorkspaceId] = []
        try:
            while taken := await self._take(ticked):
                ticked += taken
                for workspace_id in taken:
                    await self._tick(workspace_id)
        except DATABASE_AWAY as error:
            log.warning("no tick, can't reach the database: %s", type(error).__name__)
        except Exception:
            log.exception("a tick failed; the next one tries again")
        return len(ticked)

    async def _take(self, ticked: Sequence[WorkspaceId]) -> list[WorkspaceId]:
        async with self._database.everywhere() as tx:
            return await flow.claim_due(tx.session, _AT_ONCE, ticked)

    async def _tick(self, workspace_id: WorkspaceId) -> None:
        try:
            async with self._database.workspace(workspace_id, patience=_PATIENCE) as tx:
                done = await flow.tick(tx.session, tx.now)
        except Exception as error:
            if isinstance(error, DATABASE_AWAY) and not _gave_up(error):
                raise
            # One workspace that cannot be ticked must not keep those behind it waiting.
            log.exception("workspace %s: a tick failed; it is tried again within a minute", workspace_id)
        else:
            if any(done.values()):
                log.info("workspace %s: %s", workspace_id, done)


def _gave_up(error: Exception) -> bool:
    """Return True if the database answers but gave up on a statement: deadlock, lock or timeout."""
    state = getattr(getattr(error, "orig", None), "sqlstate", None) or ""
    return state.startswith(("40", "55")) or state == "57014"


@asynccontextmanager
async def ticking(ticker: Ticker) -> AsyncIterator[None]:
    """Tick while the block lasts. The scheduler only wakes us; rows decide what is due."""
    scheduler = AsyncIOScheduler(timezone="UTC")
    scheduler.add_job(
        ticker.tick,
        IntervalTrigger(seconds=EVERY, timezone="UTC"),
        misfire_grace_time=None,
        coalesce=True,
        max_instances=1,
    )
    scheduler.start()
    try:
        await ticker.tick()
        yield
    finally:
        scheduler.shutdown(wait=False)
