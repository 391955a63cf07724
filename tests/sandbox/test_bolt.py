"""The protocol as Bolt reads it: its own checks of signatures and payloads are the judge."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox import Sandbox, SandboxServer, Server
from tests.sandbox.forms import actions, button, goals_form
from tests.sandbox.manifests import LOG_THIS, manifest


def goalkeeper(sandbox: Sandbox) -> AsyncApp:
    slack = AsyncWebClient(sandbox.bot_token, base_url=sandbox.api_url, retry_handlers=[])
    app = AsyncApp(client=slack, signing_secret=sandbox.signing_secret, process_before_response=True)

    @app.command("/goals")
    async def goals(ack: Any, command: Any, client: Any, respond: Any) -> None:
        if command["text"] == "set":
            await client.views_open(trigger_id=command["trigger_id"], view=goals_form())
            await ack()
        else:
            await respond(text="Ready?", blocks=[actions(button("goals.cheer"))])
            await ack()

    @app.view("goals.set.submit")
    async def save(ack: Any, body: Any, client: Any) -> None:
        typed = body["view"]["state"]["values"]["signups"]["signups"]["value"]
        if typed == "13":
            await ack(response_action="errors", errors={"signups": "Unlucky"})
            return
        await client.chat_postMessage(channel=body["user"]["id"], text=f"{typed} signups set")
        await ack()

    @app.action("goals.cheer")
    async def cheer(ack: Any, respond: Any) -> None:
        await respond(text="🎉", replace_original=True)
        await ack()

    @app.event("team_join")
    async def welcome(event: Any, client: Any) -> None:
        await client.chat_postMessage(channel=event["user"]["id"], text="Welcome")

    @app.message("signup")
    async def log(message: Any, say: Any) -> None:
        await say(f"Logged: {message['text']}")

    @app.event({"type": "message", "subtype": "file_share"})
    async def read(event: Any, say: Any) -> None:
        await say(f"Got {event['files'][0]['name']}")

    @app.shortcut(LOG_THIS)
    async def log_this(ack: Any, shortcut: Any, client: Any) -> None:
        await ack()
        note = goals_form(private_metadata=shortcut["message"]["text"])
        await client.views_open(trigger_id=shortcut["trigger_id"], view=note)

    @app.event("app_home_opened")
    async def draw(event: Any, client: Any) -> None:
        if event["tab"] == "home":
            blocks = [actions(button("goals.cheer"))]
            await client.views_publish(user_id=event["user"], view={"type": "home", "blocks": blocks})

    return app


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    sandbox = Sandbox(manifest=manifest(events=("message.im", "team_join")))
    async with SandboxServer(sandbox):
        handler = AsyncSlackRequestHandler(goalkeeper(sandbox))

        async def take(request: Request) -> Response:
            return await handler.handle(request)

        async with Server(Starlette(routes=[Route("/slack/events", take, methods=["POST"])])) as server:
            sandbox.request_url = f"{server.url}/slack/events"
            yield sandbox


async def test_bolt_understands_what_people_do(sandbox: Sandbox) -> None:
    ana = sandbox.person("Ana Souza")
    assert (await ana.types("/goals set")).view is not None
    assert (await ana.submits({"signups": 13})).errors == {"signups": "Unlucky"}
    assert (await ana.submits({"signups": 25})).closed
    assert [one.text for one in ana.dms()] == ["25 signups set"]

    answer = await ana.types("/goals")
    assert answer.text == "Go"
    assert answer.message is not None
    pressed = await ana.presses("goals.cheer", answer.message)
    assert pressed.error is None
    assert [one.plain for one in ana.dms()] == ["25 signups set", "🎉"]

    jonas = sandbox.person("Jonas Lindqvist")
    assert (await sandbox.events.joined(jonas.user)).status == 200
    await sandbox.wait_for(jonas.dms)


async def test_bolt_refuses_what_is_not_signed(sandbox: Sandbox) -> None:
    body = "command=%2Fgoals&text=set"
    assert (await sandbox.send_raw(body, {})).status == 401
    assert (await sandbox.send_raw(body, sandbox.sign(body, at=0))).status == 401
    assert (await sandbox.send_raw(body, sandbox.sign(body, secret="wrong"))).status == 401


async def test_bolt_understands_what_comes_by_the_other_doors(sandbox: Sandbox) -> None:
    ana = sandbox.person("Ana Souza")
    assert (await ana.writes("1 signup")).text == "Logged: 1 signup"
    assert (await ana.drops("actuals.csv", b"rep,signups")).text == "Got actuals.csv"
    answer = await ana.uses_shortcut(LOG_THIS, ana.dms()[0])
    assert answer.view is not None
    assert answer.view["private_metadata"] == "1 signup"
    await ana.opens_home()
    assert ana.home is not None
    assert ana.home["blocks"][0]["elements"][0]["action_id"] == "goals.cheer"
