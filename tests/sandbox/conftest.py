"""A sandbox on a real port, a tiny bot that does as each test says, and a real Slack client."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox import Sandbox, SandboxServer, Server
from tests.conftest import HANG_SECONDS


@dataclass
class TinyBot:
    """Answers as `answer` says, and keeps what it got."""

    got: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    bodies: list[str] = field(default_factory=list)
    answer: Callable[[dict[str, Any]], Any] = lambda payload: None

    async def take(self, request: Request) -> Response:
        body = (await request.body()).decode()
        self.bodies.append(body)
        self.headers.append(dict(request.headers))
        payload = _payload(body)
        self.got.append(payload)
        answer = self.answer(payload)
        if hasattr(answer, "__await__"):
            answer = await answer
        if isinstance(answer, Response):
            return answer
        if isinstance(answer, str):
            return Response(answer)
        return Response() if answer is None else JSONResponse(answer)


def _payload(body: str) -> dict[str, Any]:
    if body.startswith("{"):
        payload: dict[str, Any] = json.loads(body)
        return payload
    form = dict(parse_qsl(body, keep_blank_values=True))
    return json.loads(form["payload"]) if "payload" in form else form


class Moment:
    """Real time that tests move."""

    def __init__(self) -> None:
        self.seconds = 1_780_000_000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture(scope="session")
async def served() -> AsyncIterator[tuple[Sandbox, TinyBot, Moment]]:
    moment = Moment()
    waits: list[float] = []

    async def delay(seconds: float) -> None:
        waits.append(seconds)

    sandbox, bot = Sandbox(now=moment, delay=delay), TinyBot()
    app = Starlette(routes=[Route("/slack/events", bot.take, methods=["POST"])])
    async with SandboxServer(sandbox), Server(app) as server:
        sandbox.request_url = f"{server.url}/slack/events"
        yield sandbox, bot, moment


@pytest.fixture
def sandbox(served: tuple[Sandbox, TinyBot, Moment]) -> Sandbox:
    sandbox, _, _ = served
    sandbox.reset()
    # A machine that is busy must not look like a bot that doesn't answer.
    sandbox.delivery.ack_seconds = HANG_SECONDS
    return sandbox


@pytest.fixture
def bot(served: tuple[Sandbox, TinyBot, Moment]) -> TinyBot:
    _, bot, _ = served
    bot.__init__()  # type: ignore[misc]
    return bot


@pytest.fixture
def moment(served: tuple[Sandbox, TinyBot, Moment]) -> Moment:
    return served[2]


@pytest.fixture
async def slack(sandbox: Sandbox) -> AsyncWebClient:
    return AsyncWebClient(sandbox.bot_token, base_url=sandbox.api_url, retry_handlers=[])


class Page:
    """What the page's script does."""

    def __init__(self, http: aiohttp.ClientSession, url: str) -> None:
        self.http, self.url = http, url

    async def get(self, path: str, **query: Any) -> Any:
        async with self.http.get(f"{self.url}/page/{path}", params=query) as got:
            return await got.json()

    async def post(self, path: str, **body: Any) -> Any:
        async with self.http.post(f"{self.url}/page/{path}", json=body) as got:
            return await got.json()


@pytest.fixture
async def page(sandbox: Sandbox) -> AsyncIterator[Page]:
    async with aiohttp.ClientSession() as http:
        yield Page(http, sandbox.base_url)


@dataclass
class Installed:
    """An app as its manifest has it: the Slack that it is installed in, the bot behind it, and its client."""

    sandbox: Sandbox
    bot: TinyBot
    slack: AsyncWebClient
    page: Page

    def events(self) -> list[dict[str, Any]]:
        """Return the events that the bot got, oldest first."""
        return [payload["event"] for payload in self.bot.got if "event" in payload]


Install = Callable[..., Awaitable[Installed]]


@pytest.fixture
async def install() -> AsyncIterator[Install]:
    """Return what installs an app by its manifest."""
    async with AsyncExitStack() as stack:

        async def install(manifest: dict[str, Any], **more: Any) -> Installed:
            bot = TinyBot()
            sandbox = Sandbox(manifest=manifest, retry_after=(), ack_seconds=HANG_SECONDS, **more)
            app = Starlette(routes=[Route("/slack/events", bot.take, methods=["POST"])])
            await stack.enter_async_context(SandboxServer(sandbox))
            server = await stack.enter_async_context(Server(app))
            sandbox.request_url = f"{server.url}/slack/events"
            slack = AsyncWebClient(sandbox.bot_token, base_url=sandbox.api_url, retry_handlers=[])
            http = await stack.enter_async_context(aiohttp.ClientSession())
            return Installed(sandbox, bot, slack, Page(http, sandbox.base_url))

        yield install
