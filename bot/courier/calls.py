"""Postgres calls the courier when something is written to the outbox; polling covers for lost calls."""

import asyncio
import logging
from collections.abc import Callable

import psycopg

from domain.db import Database

log = logging.getLogger(__name__)

CHANNEL = "goalkeeper_outbox"
_AGAIN = 5.0
"""Seconds before connecting again. Behind a pooler nobody ever calls, and polling is all there is."""


async def listen_for_calls(database: Database, wake: Callable[[], None]) -> None:
    """Call `wake` whenever something was written; for ever, over a connection of its own."""
    url = database.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    while True:
        try:
            connection = await psycopg.AsyncConnection.connect(
                url, autocommit=True, application_name="goalkeeper courier", connect_timeout=2
            )
            async with connection:
                await connection.execute(f"LISTEN {CHANNEL}")
                wake()
                async for _ in connection.notifies():
                    wake()
        except psycopg.Error as error:
            log.warning("not listening to the outbox, polling: %s", type(error).__name__)
        await asyncio.sleep(_AGAIN)
