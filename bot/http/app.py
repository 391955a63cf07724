"""The web server's door for Slack: `POST /slack/events` takes everything that it sends."""

import logging
import secrets
from collections.abc import Callable
from typing import Any, Protocol

from fastapi import FastAPI, Request, Response
from fastapi.responses import PlainTextResponse
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot.http.payloads import Malformed, is_rate_limit, read
from bot.http.signatures import Signatures
from bot.logs import about

log = logging.getLogger(__name__)

_BODY_MAX = 3_000_000
"""Bytes; a submitted view is at most 250 KB, and form encoding may triple it."""


class Dispatcher(Protocol):
    """What answers Slack: Bolt's app."""

    async def async_dispatch(self, req: AsyncBoltRequest) -> BoltResponse:
        """Answer one request."""


class SlackDoor:
    """Takes requests in once it is open; before, Slack is told to come again."""

    def __init__(self, real_seconds: Callable[[], float]) -> None:
        self._real_seconds = real_seconds
        self._signatures: Signatures | None = None
        self._dispatcher: Dispatcher | None = None

    def open(self, signing_secret: str, dispatcher: Dispatcher) -> None:
        """Let requests signed with this secret in."""
        self._signatures = Signatures(signing_secret, self._real_seconds)
        self._dispatcher = dispatcher

    def close(self) -> None:
        """Let nothing more in."""
        self._signatures = self._dispatcher = None

    async def answer(self, request: Request) -> Response:
        """401 for what is not Slack's, 400 for what Slack never sends, else Bolt's answer."""
        if self._signatures is None or self._dispatcher is None:
            return PlainTextResponse("Goalkeeper is starting or stopping.", 503)
        body = await _limited(request)
        if body is None:
            return PlainTextResponse("too large, or not UTF-8", 400)
        if not self._signatures.accept(body, request.headers):
            return PlainTextResponse("not signed by Slack", 401)
        with about(request=secrets.token_hex(4)):
            try:
                payload = read(body, request.headers.get("content-type", ""))
                if is_rate_limit(payload):
                    log.warning("Slack holds back events: more than 30,000 came in an hour")
                    return Response()
                asked = _for_bolt(payload, request)
            except Malformed as error:
                log.warning("refused a signed request: %s", error)
                return PlainTextResponse(str(error), 400)
            answer = await self._dispatcher.async_dispatch(asked)
        status = 400 if answer.status == 404 else answer.status
        headers = {name: values[0] for name, values in answer.headers.items() if values}
        return Response(answer.body, status, headers)


def create_http(door: SlackDoor) -> FastAPI:
    """The app to serve."""
    app = FastAPI(title="Goalkeeper", docs_url=None, redoc_url=None, openapi_url=None)
    app.add_api_route("/slack/events", door.answer, methods=["POST"], response_model=None)
    return app


def _for_bolt(payload: dict[str, Any], request: Request) -> AsyncBoltRequest:
    """The request as Bolt wants it; what it cannot even look through is malformed."""
    try:
        return AsyncBoltRequest(body=payload, headers=dict(request.headers), mode="socket_mode")
    except (AttributeError, KeyError, IndexError, TypeError) as error:
        raise Malformed(f"not a request of Slack's: {type(error).__name__}") from None


async def _limited(request: Request) -> bytes | None:
    """Return the body; None when it is larger than anything Slack sends, or isn't UTF-8."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > _BODY_MAX:
            return None
    try:
        body.decode()
    except UnicodeDecodeError:
        return None
    return bytes(body)
