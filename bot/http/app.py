"""The web server's door for Slack: `POST /slack/events` takes everything that it sends."""

from collections.abc import Callable

from fastapi import FastAPI, Request, Response
from fastapi.responses import PlainTextResponse

from bot.http.signatures import Signatures
from bot.slack import requests
from bot.slack.requests import Dispatcher

_BODY_MAX = 3_000_000
"""Bytes; a submitted view is at most 250 KB, and form encoding may triple it."""


class SlackDoor:
    """Accepts requests once it is open; before that, Slack is told to try again."""

    def __init__(self, real_seconds: Callable[[], float]) -> None:
        self._real_seconds = real_seconds
        self._signatures: Signatures | None = None
        self._dispatcher: Dispatcher | None = None

    def open(self, signing_secret: str, dispatcher: Dispatcher) -> None:
        """Accept requests signed with this secret."""
        self._signatures = Signatures(signing_secret, self._real_seconds)
        self._dispatcher = dispatcher

    def close(self) -> None:
        """Accept no more requests."""
        self._signatures = self._dispatcher = None

    async def answer(self, request: Request) -> Response:
        """Return 401 for a request that Slack didn't sign, else the answer to it."""
        if self._signatures is None or self._dispatcher is None:
            return PlainTextResponse("Goalkeeper is starting or stopping.", 503)
        body = await _limited(request)
        if body is None:
            return PlainTextResponse("too large, or not UTF-8", 400)
        if not self._signatures.accept(body, request.headers):
            return PlainTextResponse("not signed by Slack", 401)
        answer = await requests.answer(self._dispatcher, body, request.headers)
        headers = {name: values[0] for name, values in answer.headers.items() if values}
        return Response(answer.body, answer.status, headers)


def create_http(door: SlackDoor) -> FastAPI:
    """Return the web app, with the route that Slack calls."""
    app = FastAPI(title="Goalkeeper", docs_url=None, redoc_url=None, openapi_url=None)
    app.add_api_route("/slack/events", door.answer, methods=["POST"], response_model=None)
    return app


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
