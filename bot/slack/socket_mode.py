"""Socket Mode: Slack's requests over a websocket that we open, for where Slack cannot call us."""

import asyncio
import json
import logging
import secrets
from contextlib import suppress

from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.logs import about
from bot.slack.errors import Passing, RateLimited, SlackTrouble, Uncertain, narrowed
from bot.slack.payloads import Malformed, checked
from bot.slack.requests import Dispatcher
from bot.slack.tasks import Tasks

log = logging.getLogger(__name__)

_PING = 3.0
"""Seconds between two pings; a connection that does not answer one is as good as closed."""
_WATCH = 1.0
"""Seconds between two looks of the watchdog, and between two tries to connect."""
_AFTER_REFUSAL = 30.0
"""Seconds between two tries with a token that Slack refuses and somebody has to replace."""
_CONNECT = 5.0
"""Seconds for one connection to come about."""
_FINISH = 10.0
"""Seconds for unfinished work at the end."""
_LINGER = 15.0
"""Seconds that a connection stays after its warning, when Slack does not end it."""
_CLOSE = 2.0
"""Seconds for a connection to close, which a frozen one never does."""


class AppTokenRefused(Exception):
    """Slack does not let us connect with this app token; the message is Slack's word for why."""


class _Client(SocketModeClient):
    """The SDK's client for one connection; it is replaced rather than reconnected.

    Otherwise it would close the old connection before it has a new one, and after a failed handshake retry
    forever with an address that can be used only once.
    """

    def __init__(self, app_token: str, web: AsyncWebClient) -> None:
        super().__init__(
            app_token, web_client=web, auto_reconnect_enabled=False, ping_interval=_PING, logger=log
        )
        self.leaving = asyncio.Event()
        """Slack has said that this connection is about to end."""

    async def connect_to_new_endpoint(self, force: bool = False) -> None:
        """Reconnect; the SDK calls this when Slack sends `disconnect`."""
        self.leaving.set()


class SocketLink:
    """One connection to Slack, kept up by a watchdog."""

    def __init__(self, app_token: str, api_url: str, dispatcher: Dispatcher, tasks: Tasks) -> None:
        self._app_token = app_token
        self._web = AsyncWebClient(base_url=api_url, timeout=int(_CONNECT), retry_handlers=[])
        self._client: _Client | None = None
        self._dispatcher = dispatcher
        self._tasks = tasks
        self._closing = asyncio.Event()
        self._tried = asyncio.Event()
        self._refusal: SlackTrouble | None = None
        self._state = "not connected yet"

    def state(self) -> str:
        """Return `ok`, or what is wrong with the connection."""
        return self._state

    async def begun(self) -> None:
        """Wait until it has tried to connect for the first time.

        Raises:
            AppTokenRefused: Slack refuses the token. `run` retries after any other failure.
        """
        await self._tried.wait()
        if self._refusal is not None:
            raise AppTokenRefused(self._refusal.reason)

    async def run(self) -> None:
        """Connect, and connect again whenever the connection is gone or about to be; for ever."""
        while not self._closing.is_set():
            client = _Client(self._app_token, self._web)
            try:
                await self._connect(client)
            except Exception as error:
                seconds = self._failed(error)
                try:
                    await self._discard(client)
                finally:
                    self._tried.set()
                await _happens(self._closing, seconds)
                continue
            self._refusal, self._state = None, "ok"
            self._tried.set()
            old, self._client = self._client, client
            if old is not None:
                self._tasks.spawn(self._retire(old))
            await self._until_gone(client)

    async def close(self) -> None:
        """Accept nothing more, and close the connection once every open request has been answered."""
        self._closing.set()
        await self._tasks.finish(_FINISH)
        if self._client is not None:
            await self._discard(self._client)

    async def _connect(self, client: _Client) -> None:
        """Connect to a new address; raise any error that prevents it."""
        client.socket_mode_request_listeners.append(self._take)
        async with asyncio.timeout(_CONNECT):
            # Otherwise answers that aren't Slack's would make the client log tracebacks.
            with narrowed():
                client.wss_uri = (await self._web.apps_connections_open(app_token=self._app_token))["url"]
            await client.connect()  # type: ignore[no-untyped-call]

    def _failed(self, error: Exception) -> float:
        """Log what went wrong; return the seconds to wait before the next attempt."""
        if isinstance(error, SlackTrouble) and not isinstance(error, RateLimited | Uncertain | Passing):
            self._refusal, self._state = error, f"Slack refuses SLACK_APP_TOKEN ({error.reason})"
            log.error("nothing comes over the socket: %s", self._state)
            return _AFTER_REFUSAL
        why = error.reason if isinstance(error, SlackTrouble) else type(error).__name__
        self._refusal, self._state = None, f"cannot connect ({why}); trying again"
        log.warning("the socket %s", self._state)
        return min(getattr(error, "seconds", None) or _WATCH, _AFTER_REFUSAL)

    async def _until_gone(self, client: _Client) -> None:
        while await client.is_connected():
            if await _happens(client.leaving, _WATCH):
                log.info("Slack wants the socket refreshed")
                return
        log.warning("the socket is gone; connecting again")

    async def _retire(self, client: _Client) -> None:
        """Keep the old connection until Slack closes it: requests may still arrive over it."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_LINGER):
                while await client.is_connected() and not await _happens(self._closing, _WATCH):
                    pass
        await self._discard(client)

    async def _discard(self, client: _Client) -> None:
        try:
            async with asyncio.timeout(_CLOSE):
                await client.close()  # type: ignore[no-untyped-call]
        except TimeoutError:
            log.warning("the socket did not close")
            for task in (client.message_processor, client.current_session_monitor, client.message_receiver):
                if task is not None:
                    task.cancel()
            await client.aiohttp_client_session.close()

    async def _take(self, _client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        """Answer beside the reading of further requests. What comes while closing is not acknowledged.

        Slack then delivers it again, or to another copy, or tells the person that it did not work.
        """
        if not self._closing.is_set():
            with about(request=secrets.token_hex(4)):
                self._tasks.spawn(self._answer(request))

    async def _answer(self, request: SocketModeRequest) -> None:
        try:
            payload = checked(request.type, request.payload)
        except Malformed as error:
            log.warning("refused a request over the socket: %s", error)
            return
        answer = await self._dispatcher.async_dispatch(AsyncBoltRequest(body=payload, mode="socket_mode"))
        if answer.status == 200 and self._client is not None:
            # Over the current connection: Slack accepts an answer over any.
            response = SocketModeResponse(request.envelope_id, _payload(answer.body))
            await self._client.send_socket_mode_response(response)


async def _happens(event: asyncio.Event, seconds: float) -> bool:
    """Return True if it happens within so long."""
    with suppress(TimeoutError):
        await asyncio.wait_for(event.wait(), seconds)
    return event.is_set()


def _payload(body: str) -> dict[str, object] | None:
    """Return what goes back with the acknowledgement: Bolt's JSON, its sentence, or nothing."""
    if not body:
        return None
    try:
        parsed = json.loads(body)
    except ValueError:
        return {"text": body}
    return parsed if isinstance(parsed, dict) else None
