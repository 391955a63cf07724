"""Copies of the bot: real processes, forked from one that has everything imported, so as to start at once.

`python -m tests.prove.copies SOCKET` is that one. Whoever connects to the socket and writes an `Order` as a
line of JSON has a copy at the other end of the connection, which ends with the process.
"""

import asyncio
import gc
import json
import os
import signal
import socket
import sys
import traceback
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, cast

import uvloop
from slack_sdk.web.async_client import AsyncWebClient

from bot import logs
from bot.app import SlackAccess, connected, running
from bot.clock import real_seconds
from bot.courier.timing import Timing
from bot.http.app import SlackDoor, create_http
from bot.http.server import listen, serving
from bot.slack.app import create_bolt
from bot.slack.installations import Installations
from domain.db import Database
from tests.prove.points import Gun, watch_calls, watch_statements
from tests.prove.work import Work


@dataclass(frozen=True)
class Aim:
    """Where a copy is to be killed; None: nowhere."""

    point: str | None = None
    bullet: str | None = None
    passes: int = 0


@dataclass(frozen=True)
class Order:
    """What a copy is to be."""

    database_url: str
    api_url: str = ""
    bot_token: str | None = None
    """Without it the copy knows no Slack, and does what it is told to (`Work`)."""
    signing_secret: str | None = None
    """With it the copy takes requests over HTTP, at a port of its own."""
    app_token: str | None = None
    timing: dict[str, float] = field(default_factory=dict)
    log: str = os.devnull
    log_style: Literal["text", "json"] = "text"
    log_level: str = "INFO"
    aim: dict[str, Any] = field(default_factory=dict)


class Copy:
    """The bot in this process, at the end of a connection to the test."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._gun = Gun(lambda point: self._say(killed=point))
        self._stopped = asyncio.Event()
        self._work: Work | None = None

    async def live(self) -> None:
        """Be what is ordered, until SIGTERM."""
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, self._stopped.set)
        self._say(pid=os.getpid())
        reader, _writer = await asyncio.open_unix_connection(sock=self._connection)
        order = Order(**json.loads(await reader.readline()))
        self._log(order)
        self._aim(order.aim)
        watch_calls(self._gun)
        async with AsyncExitStack() as stack:
            database = await stack.enter_async_context(connected(order.database_url))
            watch_statements(database.engine, self._gun)
            self._work = Work(database)
            obeying = asyncio.create_task(self._obey(reader))
            obeying.add_done_callback(lambda _: self._stopped.set())
            port = 0
            if order.bot_token is not None:
                port = await self._answers(stack, database, order, order.bot_token)
            self._say(up=port)
            await self._stopped.wait()
        if not obeying.cancel():
            obeying.result()

    async def _answers(self, stack: AsyncExitStack, database: Database, order: Order, token: str) -> int:
        """Be the bot of a Slack; returns the port at which it takes requests, if it does."""
        door = SlackDoor(real_seconds)
        port = await stack.enter_async_context(_web(door)) if order.signing_secret else 0
        access = SlackAccess(token, order.signing_secret, order.api_url, order.app_token)
        await stack.enter_async_context(running(database, access, door, Timing(**order.timing)))
        return port

    async def _obey(self, reader: asyncio.StreamReader) -> None:
        while line := await reader.readline():
            order = json.loads(line)
            if "aim" in order:
                self._aim(order["aim"])
            if "work" in order and self._work is not None:
                await self._work.does(*order["work"])
            self._say(seen=self._gun.seen)

    def _aim(self, aim: dict[str, Any]) -> None:
        where = Aim(**aim)
        self._gun.aim(where.point, Path(where.bullet) if where.bullet else None, where.passes)

    def _say(self, **what: Any) -> None:
        """At once, since these may be the last words."""
        self._connection.send(json.dumps(what).encode() + b"\n")

    def _log(self, order: Order) -> None:
        secrets = [secret for secret in (order.bot_token, order.signing_secret, order.app_token) if secret]
        os.dup2(os.open(order.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND), sys.stderr.fileno())
        logs.configure(order.log_style, order.log_level, secrets=secrets)


@asynccontextmanager
async def _web(door: SlackDoor) -> AsyncIterator[int]:
    listening = listen("127.0.0.1", 0)
    async with serving(create_http(door), listening):
        yield listening.getsockname()[1]


async def _warm_up() -> None:
    """Have done once what is slow the first time, so that the copies need not."""
    create_bolt(AsyncWebClient(), cast(Installations, None))


def main(path: str) -> None:
    """Fork a copy for whoever connects, until the test is gone."""
    asyncio.run(_warm_up())
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(path)
    listening.listen(32)
    gc.disable()
    print("ready", flush=True)  # noqa: T201
    while True:
        connection, _ = listening.accept()
        if os.fork() == 0:
            listening.close()
            try:
                uvloop.run(Copy(connection).live())
            except BaseException:
                traceback.print_exc()
            os._exit(0)
        connection.close()


if __name__ == "__main__":
    main(sys.argv[1])
