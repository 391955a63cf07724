"""Postgres calls when there is work (NOTIFY); looking every now and then makes up for lost calls."""

import asyncio
import logging
from collections.abc import Callable

import psycopg

from domain.db import Database

log = logging.getLogger(__name__)

OUTBOX = "goalkeeper_outbox"
"""Something was put into the outbox, or a lane is to be tried again."""
CHANGES = "goalkeeper_changes"
"""Somebody other than the bot has changed what messages depend on."""
_AGAIN = 5.0
"""Seconds before connecting again. Behind a pooler nobody ever calls, and looking is all there is."""


async def listen_for_calls(database: Database, channel: str, wake: Callable[[], None]) -> None:
    """Call `wake` whenever the channel calls; for ever, over a connection of its own."""
    url = database.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    while True:
        try:
            connection = await psycopg.AsyncConnection.connect(
                url, autocommit=True, application_name=channel.replace("_", " "), connect_timeout=2
            )
            async with connection:
                await connection.execute(f"LISTEN {channel}")
                wake()
                async for _ in connection.notifies():
                    wake()
        except psycopg.Error as error:
            log.warning("not listening to %s: %s", channel, type(error).__name__)
        await asyncio.sleep(_AGAIN)
