"""A small app in a Slack of its own: tabs, shortcuts and files, as its manifest has them."""

import asyncio
import json
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar
from urllib.parse import parse_qsl

from slack_sdk.web.async_client import AsyncWebClient
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox import Sandbox, SandboxServer, Server

T = TypeVar("T")
Json = dict[str, Any]


class App:
    """An app that greets on its Home tab, counts presses there, and says back what it is told."""

    def __init__(self, sandbox: Sandbox, loop: asyncio.AbstractEventLoop) -> None:
        self.sandbox = sandbox
        self.pressed = 0
        self.got: list[Json] = []
        self._loop = loop
        self._slack = AsyncWebClient(sandbox.bot_token, base_url=sandbox.api_url, retry_handlers=[])

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        """Do something where the app runs, and wait for it."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    def publish(self, user: str) -> None:
        """Draw somebody's Home tab anew."""
        self.do(self._publish(user))

    async def take(self, request: Request) -> Response:
        """Take in what Slack sends."""
        body = (await request.body()).decode()
        payload = json.loads(body if body.startswith("{") else dict(parse_qsl(body)).get("payload", "{}"))
        self.got.append(payload)
        event = payload.get("event", {})
        if event.get("type") == "app_home_opened" and event["tab"] == "home":
            await self._publish(event["user"])
        elif event.get("type") == "message" and "bot_id" not in event and "hidden" not in event:
            files = ", ".join(f"{one['name']}, {one['size']} bytes" for one in event.get("files", []))
            await self._slack.chat_postMessage(
                channel=event["channel"], text=f"Heard: {event['text']} {files}"
            )
        elif payload.get("type") == "message_action":
            await self._slack.chat_postEphemeral(
                channel=payload["channel"]["id"],
                user=payload["user"]["id"],
                text=f"Logged: {payload['message']['text']}",
            )
        elif payload.get("type") == "block_actions":
            self.pressed += 1
            await self._publish(payload["user"]["id"])
        return Response()

    async def _publish(self, user: str) -> None:
        await self._slack.views_publish(user_id=user, view={"type": "home", "blocks": self._blocks()})

    def _blocks(self) -> list[Json]:
        names = ("Signups", "Revenue")
        points = [{"label": name, "value": 5 + self.pressed} for name in names]
        chart: Json = {"type": "bar", "series": [{"name": "November", "data": points}]}
        chart["axis_config"] = {"categories": list(names)}
        return [
            {"type": "header", "text": {"type": "plain_text", "text": "Your November"}},
            {
                "type": "section",
                "text": {"type": "mrkdwn", "text": f"*{self.pressed}* signups of 20"},
                "accessory": {
                    "type": "button",
                    "action_id": "log",
                    "text": {"type": "plain_text", "text": "Log a signup"},
                    "style": "primary",
                },
            },
            {"type": "data_visualization", "title": "How it stands", "chart": chart},
            {
                "type": "input",
                "block_id": "find",
                "dispatch_action": True,
                "label": {"type": "plain_text", "text": "Find a rep"},
                "element": {"type": "plain_text_input", "action_id": "name"},
            },
        ]


@contextmanager
def running(manifest: Json) -> Iterator[App]:
    """Run such an app, and the Slack that it is installed in, until the block ends."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    served, stop, ended = loop.create_future(), asyncio.Event(), threading.Event()

    async def serve() -> None:
        sandbox = Sandbox(manifest=manifest, retry_after=())
        async with SandboxServer(sandbox):
            app = App(sandbox, loop)
            door = Starlette(routes=[Route("/slack/events", app.take, methods=["POST"])])
            async with Server(door) as bot:
                sandbox.request_url = f"{bot.url}/slack/events"
                served.set_result(app)
                await stop.wait()
        ended.set()

    async def begun() -> App:
        found: App = await served
        return found

    asyncio.run_coroutine_threadsafe(serve(), loop)
    try:
        yield asyncio.run_coroutine_threadsafe(begun(), loop).result()
    finally:
        loop.call_soon_threadsafe(stop.set)
        ended.wait()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
