"""The courier's round: claim what is due, send each, record how it ended; again until nothing is due."""

import asyncio
import logging
from collections.abc import Mapping
from datetime import timedelta

import sqlalchemy.exc
from slack_sdk.web.async_client import AsyncWebClient

from bot.courier.sending import Sender
from bot.slack.rendering import Renderers
from domain.db import Database, WorkspaceId
from domain.outbox import delivery

log = logging.getLogger(__name__)

BATCH = 10
"""Intents taken at a time, and sent side by side."""
LEASE = timedelta(seconds=60)
"""How long one may be in hand; longer than any send can take."""
IDLE = 1.0
"""Seconds between two looks when nothing was due."""


class Courier:
    """Sends what the outbox holds for the workspaces it has a client for."""

    def __init__(
        self, database: Database, clients: Mapping[WorkspaceId, AsyncWebClient], renderers: Renderers
    ) -> None:
        self._database = database
        self._clients = clients
        self._sender = Sender(database, clients, renderers)
        self._woken = asyncio.Event()
        self._stopping = False

    def wake(self) -> None:
        """Look now rather than at the next poll."""
        self._woken.set()

    async def run(self) -> None:
        """Work until `stop`; a database that is away is waited for."""
        while not self._stopping:
            self._woken.clear()
            try:
                if await self.round():
                    continue
            except (sqlalchemy.exc.OperationalError, sqlalchemy.exc.InterfaceError, OSError) as error:
                log.warning("the database is away: %s", type(error).__name__)
            except Exception:
                log.exception("a round of the courier failed")
            try:
                await asyncio.wait_for(self._woken.wait(), IDLE)
            except TimeoutError:
                continue

    def stop(self) -> None:
        """End `run` once what is in hand has been sent."""
        self._stopping = True
        self._woken.set()

    async def round(self) -> int:
        """Claim one batch and see it through; returns how many there were."""
        async with self._database.everywhere() as tx:
            claimed = await delivery.claim(tx.session, self._clients, most=BATCH, lease=LEASE)
        await asyncio.gather(*(self._sender.deliver(intent) for intent in claimed))
        return len(claimed)
