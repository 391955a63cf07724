"""Serves an ASGI app on a real port, for tests and for the sandbox alone."""

import asyncio
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import TracebackType
from typing import Any, Self

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from sandbox.link import SocketProtocol
from sandbox.replies import ABORT
from sandbox.sandbox import Sandbox
from sandbox.web import create_app


class Protocol(HttpToolsProtocol):
    """HTTP that lets the app break the connection, as faults want it."""

    def on_message_begin(self) -> None:
        """Leaves the means in the scope."""
        super().on_message_begin()
        self.scope["extensions"] = {ABORT: {"abort": self.transport.abort}}


class _Uvicorn(uvicorn.Server):
    """Tells when it is up, stops when told, leaves signals to the process."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.up = asyncio.Event()
        self.stop = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.up.set()

    async def main_loop(self) -> None:
        await self.on_tick(0)
        await self.stop.wait()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class Server:
    """An ASGI app on a port of this machine (0: any free one) while the block lasts; `url` says where."""

    def __init__(self, app: Any, port: int = 0) -> None:
        self._socket = socket.socket()
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._socket.bind(("127.0.0.1", port))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        config = uvicorn.Config(
            app, http=Protocol, ws=SocketProtocol, lifespan="off", log_config=None, access_log=False
        )
        self._server = _Uvicorn(config)
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        """Begins to serve."""
        self._task = asyncio.create_task(self._server.serve(sockets=[self._socket]))
        await self._server.up.wait()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stops once what is being answered is answered."""
        self._server.stop.set()
        if self._task is not None:
            await self._task


class SandboxServer(Server):
    """The sandbox alone on a port; sets its `base_url`, and closes it at the end.

    `others` are served at the same address; see `create_app`.
    """

    def __init__(self, sandbox: Sandbox, port: int = 0, others: Sequence[Sandbox] = ()) -> None:
        super().__init__(create_app(sandbox, others), port)
        self.sandbox = sandbox
        self._all = (sandbox, *others)
        for one in self._all:
            one.base_url = self.url

    async def __aenter__(self) -> Self:
        """Begins to serve."""
        for one in self._all:
            one.slack.changes.open()
        return await super().__aenter__()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Ends the event streams, stops, and closes the sandboxes."""
        for one in self._all:
            one.end_streams()
        await super().__aexit__(kind, error, trace)
        for one in self._all:
            await one.close()
