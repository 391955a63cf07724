"""The ticker: every 20 s what is due in business time is done; any number of copies share the work."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

from bot.courier.sending import DATABASE_AWAY
from domain import flow
from domain.db import Database

log = logging.getLogger(__name__)

EVERY = 20
"""Seconds between two ticks."""
_AT_ONCE = 50
"""Workspaces that one copy takes at a time."""
_PATIENCE = "60s"
"""For a statement of a tick: nobody waits for it, and it may open ten thousand months."""


class Ticker:
    """Does what is due, in every workspace of the database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def tick(self) -> int:
        """Do all that is due now; returns in how many workspaces something may have been."""
        ticked = 0
        try:
            while taken := await self._take():
                ticked += taken
        except DATABASE_AWAY as error:
            log.warning("no tick, the database is away: %s", type(error).__name__)
        except Exception:
            log.exception("a tick failed; the next one tries again")
        return ticked

    async def _take(self) -> int:
        async with self._database.everywhere() as tx:
            workspaces = await flow.claim_due(tx.session, _AT_ONCE)
        for workspace_id in workspaces:
            async with self._database.workspace(workspace_id, patience=_PATIENCE) as tx:
                done = await flow.tick(tx.session, tx.now)
            if done.months_opened or done.reminders_sent or done.digests_sent:
                log.info("workspace %s: %s", workspace_id, done)
        return len(workspaces)


@asynccontextmanager
async def ticking(ticker: Ticker) -> AsyncIterator[None]:
    """Tick while the block lasts. The scheduler only wakes us: what is due, and who does it, rows decide."""
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
