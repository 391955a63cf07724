"""Uvicorn, started and stopped by the composition root rather than by signals of its own."""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import uvicorn

FINISH = 10
"""Seconds for running requests when the server stops."""


class PortTaken(Exception):
    """Another process listens there; the message says what to do."""


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens on the address; port 0 means any free one.

    Raises:
        PortTaken: something else listens there; the message is for the person who starts Goalkeeper.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        raise PortTaken(
            f"Cannot listen on {host}:{port} ({error.strerror}). Is another Goalkeeper running? "
            f"PORT=8001 goalkeeper run uses another port."
        ) from None
    return listening


class _Server(uvicorn.Server):
    """Tells when it is up, and leaves signals to the process."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.up = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.up.set()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@asynccontextmanager
async def serving(
    app: Any, listening: socket.socket, *, http: Any = "httptools", ws: Any = "none"
) -> AsyncIterator[None]:
    """Serve the app while the block lasts; then finish what is being answered."""
    config = uvicorn.Config(
        app, http=http, ws=ws, lifespan="off", log_config=None, access_log=False,
        server_header=False, timeout_graceful_shutdown=FINISH,
    )  # fmt: skip
    server = _Server(config)
    task = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        await server.up.wait()
        yield
    finally:
        server.should_exit = True
        await task
