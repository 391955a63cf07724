"""The courier's loop: claim due intents, send them concurrently, claim more when notified or done."""

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
"""Most intents that one copy of the bot sends at a time; each needs a database connection now and then."""
PER_WORKSPACE = 8
"""Most of these for one workspace: if its calls hang, there is room for the others."""


class Courier:
    """Sends the due intents of every workspace that Goalkeeper is installed in."""

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
        """Claim now rather than at the next poll."""
        self._idle.clear()
        self._woken.set()

    async def until_idle(self) -> None:
        """Wait until nothing is being sent, and a claim begun after the last `wake` found nothing due."""
        await self._idle.wait()

    async def run(self) -> None:
        """Send until `stop` is called, then finish what is being sent; survive outages of the database."""
        while not self._stopping:
            self._woken.clear()
            try:
                await self._round()
                if not self._in_hand and not self._woken.is_set():
                    self._idle.set()
            except DATABASE_AWAY as error:
                log.warning("can't reach the database: %s", type(error).__name__)
            except Exception:
                log.exception("a round of the courier failed")
            await self._pause()
        await self._drain()

    def stop(self) -> None:
        """Claim nothing more; `run` returns once everything being sent is finished."""
        self._stopping = True
        self._woken.set()

    async def _drain(self) -> None:
        """Finish what is being sent; if this is cancelled, the rest can be claimed when its leases end."""
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
        """Claim as many intents as there is room for, and start sending them."""
        claimed_at = elapsed()
        rooms = await self._room()
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

    async def _room(self) -> dict[WorkspaceId, int]:
        busy = Counter(self._in_hand.values())
        served = await self._installations.workspaces()
        rooms = {workspace: PER_WORKSPACE - busy[workspace] for workspace in served}
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
            log.warning(
                "an outcome was not recorded, so its intent waits for the lease to end: %s",
                type(error).__name__,
                exc_info=error,
            )
        self.wake()
