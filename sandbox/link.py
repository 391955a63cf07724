"""The websocket of Socket Mode, as Starlette and uvicorn have it."""

import logging
from collections.abc import AsyncIterator, Callable
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, WebSocket
from starlette.websockets import WebSocketDisconnect
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from sandbox.sockets import ConnectionLost

if TYPE_CHECKING:
    from sandbox.sandbox import Sandbox

MEANS = "goalkeeper.socket"
"""The extension of the scope in which `SocketProtocol` leaves the means to break a connection."""

_log = logging.getLogger(__name__)
# The server would log each address with its ticket.
_log.setLevel(logging.WARNING)


class SocketProtocol(WebSocketsSansIOProtocol):
    """Websockets that can be broken off or frozen; for uvicorn's `ws=`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.logger = _log
        self._frozen = False

    async def run_asgi(self) -> None:
        """Leaves the means in the scope."""
        extensions: dict[str, Any] = self.scope["extensions"]
        extensions[MEANS] = {"abort": self.transport.abort, "freeze": self.freeze}
        await super().run_asgi()

    def freeze(self) -> None:
        """Hears nothing from now on, pings included."""
        self._frozen = True

    def data_received(self, data: bytes) -> None:
        """Takes what arrives, unless frozen."""
        if not self._frozen:
            super().data_received(data)


class WebLine:
    """One websocket as `Sockets` wants it."""

    def __init__(self, socket: WebSocket) -> None:
        self._socket = socket
        self._frozen = False

    async def send(self, text: str) -> None:
        """Sends a message.

        Raises:
            ConnectionLost: when the other end is gone.
        """
        if self._frozen:
            return
        try:
            await self._socket.send_text(text)
        except (WebSocketDisconnect, RuntimeError):
            raise ConnectionLost from None

    async def close(self) -> None:
        """Ends it in good order."""
        try:
            await self._socket.close()
        except (WebSocketDisconnect, RuntimeError):
            _log.debug("a websocket was closed already")

    def abort(self) -> None:
        """Breaks it without a word."""
        self._means("abort")()

    def freeze(self) -> None:
        """Nothing passes any more, though it looks open."""
        self._frozen = True
        self._means("freeze")()

    async def incoming(self) -> AsyncIterator[str]:
        """What comes in until it ends."""
        try:
            while True:
                yield await self._socket.receive_text()
        except (WebSocketDisconnect, RuntimeError, KeyError):
            # KeyError: a message in binary, which Slack does not take either.
            return

    def _means(self, name: str) -> Callable[[], None]:
        means = self._socket.scope.get("extensions", {}).get(MEANS)
        if means is None:
            raise RuntimeError("serve the sandbox with ws=SocketProtocol to break its connections")
        found: Callable[[], None] = means[name]
        return found


def link_router(sandbox: "Sandbox") -> APIRouter:
    """The route that tickets lead to."""
    router = APIRouter()

    @router.websocket("/link/")
    async def link(socket: WebSocket, ticket: str = "") -> None:
        if not sandbox.sockets.admits(ticket):
            # Before it is accepted, this answers 403.
            await socket.close()
            return
        await socket.accept()
        await sandbox.sockets.attend(WebLine(socket), sandbox.slack.workspace.app_id)

    return router
