"""Socket Mode: Slack's requests over a websocket that we open, for where Slack cannot call us."""

import asyncio
import json
import logging
import secrets

from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.http.app import Dispatcher
from bot.http.payloads import Malformed, checked
from bot.logs import about
from bot.slack.tasks import Tasks

log = logging.getLogger(__name__)

_PING = 3.0
"""Seconds between two pings; a connection that does not answer four of them is replaced."""
_WATCH = 5.0
"""Seconds between two looks of the watchdog."""
_FINISH = 10.0
"""Seconds for a frozen connection to close."""


class SocketLink:
    """One connection to Slack, kept up by a watchdog besides the SDK's own."""

    def __init__(self, app_token: str, api_url: str, dispatcher: Dispatcher, tasks: Tasks) -> None:
        web = AsyncWebClient(base_url=api_url, retry_handlers=[])
        self._client = SocketModeClient(app_token, web_client=web, ping_interval=_PING, logger=log)
        self._client.socket_mode_request_listeners.append(self._take)
        self._dispatcher = dispatcher
        self._tasks = tasks
        self._closing = False

    async def run(self) -> None:
        """Connect, and connect again whenever the connection is gone; for ever."""
        await self._client.connect()  # type: ignore[no-untyped-call]
        while True:
            await asyncio.sleep(_WATCH)
            if not await self._client.is_connected():
                log.warning("the socket is gone; connecting again")
                await self._client.connect_to_new_endpoint(force=True)

    async def close(self) -> None:
        """Take nothing more in, and close the connection once what is in hand has been answered."""
        self._closing = True
        await self._tasks.finish(_FINISH)
        try:
            async with asyncio.timeout(_FINISH):
                await self._client.close()  # type: ignore[no-untyped-call]
        except TimeoutError:
            log.warning("the socket did not close")

    async def _take(self, _client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        """Answer beside the reading of further requests. What comes while closing is not acknowledged.

        Slack then delivers it again, or to another copy, or tells the person that it did not work.
        """
        if not self._closing:
            self._tasks.spawn(self._answer(request))

    async def _answer(self, request: SocketModeRequest) -> None:
        with about(request=secrets.token_hex(4)):
            try:
                payload = checked(request.type, request.payload)
            except Malformed as error:
                log.warning("refused a request over the socket: %s", error)
                return
            answer = await self._dispatcher.async_dispatch(AsyncBoltRequest(body=payload, mode="socket_mode"))
            if answer.status == 200:
                await self._client.send_socket_mode_response(
                    SocketModeResponse(request.envelope_id, _payload(answer.body))
                )


def _payload(body: str) -> dict[str, object] | None:
    """What goes back with the acknowledgement: Bolt gives JSON, a sentence, or nothing."""
    if not body:
        return None
    try:
        parsed = json.loads(body)
    except ValueError:
        return {"text": body}
    return parsed if isinstance(parsed, dict) else None
