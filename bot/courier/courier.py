"""The courier's loop: claim what is due, send it concurrently, look again when notified or done."""

import asyncio
import logging
from collections import Counter
from datetime import timedelta

from bot.clock import elapsed
from bot.courier.sending import Sender
from bot.courier.timing import Timing
from bot.logs import about
from bot.slack.installations import Installations
from bot.slack.rendering import Renderers
from domain.db import DATABASE_AWAY, Database, WorkspaceId
from domain.outbox import delivery
from domain.outbox.delivery import Claimed

log = logging.getLogger(__name__)

IN_HAND = 12
"""Intents that one copy sends concurrently; each needs a database connection now and then."""
A_WORKSPACE = 8
"""How many of these may be of one workspace: if it hangs, there is room for the others."""


class Courier:
    """Sends what the outbox holds for the workspaces that Goalkeeper is installed in."""

    def __init__(
        self,
        database: Database,
        installations: Installations,
        renderers: Renderers,
        timing: Timing | None = None,
    ) -> None:
        self._timing = timing or Timing()
        self._database = database
        self._installations = installations
        self._sender = Sender(database, installations, renderers, self._timing)
        self._in_hand: dict[asyncio.Task[None], WorkspaceId] = {}
        self._woken = asyncio.Event()
        self._idle = asyncio.Event()
        self._stopping = False
        self._last_round = elapsed()

    def silent_for(self) -> float:
        """Return the seconds since the outbox was last read successfully."""
        return elapsed() - self._last_round

    def wake(self) -> None:
        """Look now rather than at the next poll."""
        self._idle.clear()
        self._woken.set()

    async def until_idle(self) -> None:
        """Wait until nothing is in hand and a look begun after the last `wake` found nothing due."""
        await self._idle.wait()

    async def run(self) -> None:
        """Work until `stop`, and then finish what is in hand; a database that is away is waited for."""
        while not self._stopping:
            self._woken.clear()
            try:
                await self._round()
                if not self._in_hand and not self._woken.is_set():
                    self._idle.set()
            except DATABASE_AWAY as error:
                log.warning("the database is away: %s", type(error).__name__)
            except Exception:
                log.exception("a round of the courier failed")
            await self._pause()
        await self._see_through()

    def stop(self) -> None:
        """Take nothing more in hand; `run` ends when what is has been seen through."""
        self._stopping = True
        self._woken.set()

    async def _see_through(self) -> None:
        """Finish what is in hand. What is cut short is left to its lease, and looked for after that."""
        try:
            if self._in_hand:
                await asyncio.wait(self._in_hand)
        except asyncio.CancelledError:
            for task in self._in_hand:
                task.cancel()
            raise

    async def _pause(self) -> None:
        try:
            async with asyncio.timeout(self._timing.poll):
                await self._woken.wait()
        except TimeoutError:
            return

    async def _round(self) -> None:
        """Claim as much as there is room for."""
        claimed_at = elapsed()
        rooms = await self._rooms()
        most = IN_HAND - len(self._in_hand)
        if rooms and most:
            async with self._database.everywhere() as tx:
                claimed = await delivery.claim(
                    tx.session,
                    rooms,
                    most=most,
                    lease=self._timing.lease,
                    pace=timedelta(seconds=self._timing.pace),
                )
            for intent in claimed:
                self._take(intent, claimed_at)
        self._last_round = elapsed()

    async def _rooms(self) -> dict[WorkspaceId, int]:
        busy = Counter(self._in_hand.values())
        served = await self._installations.workspaces()
        rooms = {workspace: A_WORKSPACE - busy[workspace] for workspace in served}
        return {workspace: room for workspace, room in rooms.items() if room > 0}

    def _take(self, intent: Claimed, claimed_at: float) -> None:
        self._idle.clear()
        task = asyncio.create_task(self._sender.deliver(intent, claimed_at))
        self._in_hand[task] = intent.workspace_id
        with about(intent=intent.id):
            task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        del self._in_hand[task]
        if not task.cancelled() and (error := task.exception()) is not None:
            log.warning("an intent is left to its lease: %s", type(error).__name__, exc_info=error)
        self.wake()
