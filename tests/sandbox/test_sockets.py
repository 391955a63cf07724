"""Socket Mode as the SDK's client and Bolt's handler read it."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from fastapi import FastAPI
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from sandbox import Sandbox, SandboxServer, Server, create_app
from tests.conftest import HANG_SECONDS
from tests.sandbox.conftest import TinyBot
from tests.sandbox.forms import goals_form
from tests.sandbox.test_bolt import goalkeeper


class SocketBot:
    """The SDK's client, answering as `answers` says: a payload, None for a bare ack, `...` for none."""

    def __init__(self, sandbox: Sandbox) -> None:
        web = AsyncWebClient(base_url=sandbox.api_url, retry_handlers=[])
        self.client = SocketModeClient(sandbox.app_token, web_client=web, ping_interval=0.05)
        self.client.socket_mode_request_listeners.append(self._take)  # type: ignore[arg-type]
        self.client.message_listeners.append(self._hear)  # type: ignore[arg-type]
        self.sandbox = sandbox
        self.got: list[SocketModeRequest] = []
        self.heard: list[dict[str, Any]] = []
        self.answers: list[Any] = []

    async def _take(self, client: SocketModeClient, request: SocketModeRequest) -> None:
        self.got.append(request)
        self.sandbox.slack.changed()
        answer = self.answers.pop(0) if self.answers else None
        if answer is not ...:
            await client.send_socket_mode_response(SocketModeResponse(request.envelope_id, answer))

    async def _hear(self, client: SocketModeClient, message: dict[str, Any], raw: str) -> None:
        self.heard.append(message)


@pytest.fixture
async def bots(sandbox: Sandbox) -> AsyncIterator[list[SocketBot]]:
    made = [SocketBot(sandbox), SocketBot(sandbox)]
    for one in made:
        await one.client.connect()  # type: ignore[no-untyped-call]
    await sandbox.wait_for(lambda: sandbox.sockets.connected == 2)
    yield made
    for one in made:
        await one.client.close()  # type: ignore[no-untyped-call]
    await sandbox.wait_for(lambda: sandbox.sockets.connected == 0)


async def test_bolt_understands_what_comes_over_sockets() -> None:
    sandbox = Sandbox(socket_mode=True)
    async with SandboxServer(sandbox):
        ana = sandbox.person("Ana Souza")
        assert (await ana.types("/goals")).error == "dispatch_failed"
        handler = AsyncSocketModeHandler(goalkeeper(sandbox), sandbox.app_token)
        handler.client.web_client = AsyncWebClient(base_url=sandbox.api_url, retry_handlers=[])
        await handler.connect_async()  # type: ignore[no-untyped-call]
        await sandbox.wait_for(lambda: sandbox.sockets.connected)
        assert (await ana.types("/goals set")).view is not None
        assert (await ana.submits({"signups": 13})).errors == {"signups": "Unlucky"}
        assert (await ana.submits({"signups": 25})).closed
        answer = await ana.types("/goals")
        assert (await ana.presses("goals.cheer", answer.message)).error is None
        assert [one.plain for one in ana.dms()] == ["25 signups set", "🎉"]
        jonas = sandbox.person("Jonas Lindqvist")
        assert (await sandbox.events.joined(jonas.user)).error is None
        await sandbox.wait_for(jonas.dms)
        await handler.close_async()  # type: ignore[no-untyped-call]


async def test_envelopes_are_slacks(sandbox: Sandbox, bots: list[SocketBot], bot: TinyBot) -> None:
    ana = sandbox.person("Ana Souza")
    one, other = bots
    one.answers = other.answers = [{"text": "in *bold*"}, "in words", {}, {"text": "not for events"}]
    assert (await ana.types("/goals")).text == "in bold"
    assert (await ana.types("/goals help")).text == "in words"
    assert (await ana.types("/goals set")).messages == []
    await sandbox.events.home_opened(ana.user, "home")

    assert [len(one.got), len(other.got)] == [2, 2]
    assert bot.got == []
    envelopes = [message for each in bots for message in each.heard if "envelope_id" in message]
    commands = [each for each in envelopes if each["type"] == "slash_commands"]
    (event,) = [each for each in envelopes if each["type"] == "events_api"]
    assert {each["payload"]["command"] for each in commands} == {"/goals"}
    assert all(each["accepts_response_payload"] for each in commands)
    assert not event["accepts_response_payload"]
    assert (event["retry_attempt"], event["retry_reason"]) == (0, "")
    assert event["payload"]["event"]["type"] == "app_home_opened"
    hellos = [message for each in bots for message in each.heard if message["type"] == "hello"]
    assert sorted(hello["num_connections"] for hello in hellos) == [1, 2]
    assert hellos[0]["connection_info"] == {"app_id": sandbox.slack.workspace.app_id}


async def test_a_form_is_answered_in_the_acknowledgement(sandbox: Sandbox, bots: list[SocketBot]) -> None:
    ana = sandbox.person("Ana Souza")
    web = AsyncWebClient(sandbox.bot_token, base_url=sandbox.api_url, retry_handlers=[])
    bots[0].answers = bots[1].answers = [..., {"response_action": "errors", "errors": {"note": "No"}}, None]
    sandbox.delivery.ack_seconds = 0.5
    typing = asyncio.create_task(ana.types("/goals set"))
    got = await sandbox.wait_for(lambda: [*bots[0].got, *bots[1].got])
    await web.views_open(trigger_id=got[0].payload["trigger_id"], view=goals_form())
    assert (await typing).error == "operation_timeout"
    sandbox.delivery.ack_seconds = HANG_SECONDS
    assert (await ana.submits({"signups": 1})).errors == {"note": "No"}
    assert (await ana.submits({"signups": 1})).closed


async def test_events_are_sent_again_and_commands_are_not(sandbox: Sandbox, bots: list[SocketBot]) -> None:
    ana = sandbox.person("Ana Souza")
    bots[0].answers = bots[1].answers = [..., ..., None]
    sandbox.delivery.ack_seconds = 0.5
    assert (await ana.types("/goals")).error == "operation_timeout"
    ack = await sandbox.events.home_opened(ana.user, "messages")
    assert ack.error is None
    events = [one for each in bots for one in each.got if one.type == "events_api"]
    assert sorted((one.retry_attempt, one.retry_reason) for one in events) == [(0, ""), (1, "timeout")]
    assert len({one.payload["event_id"] for one in events}) == 1


async def test_a_dropped_connection_loses_what_it_carried(sandbox: Sandbox, bots: list[SocketBot]) -> None:
    ana = sandbox.person("Ana Souza")
    bots[0].answers = bots[1].answers = [...]
    typing = asyncio.create_task(ana.types("/goals"))
    await sandbox.wait_for(lambda: [*bots[0].got, *bots[1].got])
    sandbox.sockets.drop()
    assert (await typing).error == "dispatch_failed"
    # The client comes back by itself.
    await sandbox.wait_for(lambda: sandbox.sockets.connected == 2)
    assert (await ana.types("/goals")).error is None


async def test_an_answer_right_before_the_end_counts(sandbox: Sandbox, bots: list[SocketBot]) -> None:
    ana = sandbox.person("Ana Souza")
    await bots[1].client.close()  # type: ignore[no-untyped-call]
    await sandbox.wait_for(lambda: sandbox.sockets.connected == 1)
    bots[0].answers = [...]
    typing = asyncio.create_task(ana.types("/goals"))
    [got] = await sandbox.wait_for(lambda: bots[0].got)
    session = bots[0].client.current_session
    assert session is not None
    # As one writing, so that both lie there when Slack looks.
    await asyncio.gather(
        session.send_json(SocketModeResponse(got.envelope_id, {"text": "Bye"}).to_dict()), session.close()
    )
    answer = await typing
    assert (answer.error, answer.text) == (None, "Bye")


async def test_connections_are_refreshed(sandbox: Sandbox, bots: list[SocketBot]) -> None:
    ana = sandbox.person("Ana Souza")
    await sandbox.sockets.disconnect()
    assert sandbox.sockets.connected == 0
    await sandbox.wait_for(lambda: sandbox.sockets.connected == 2)
    assert (await ana.types("/goals")).error is None


async def test_what_is_in_hand_at_a_refresh_is_answered_over_the_new_connection(
    sandbox: Sandbox, bots: list[SocketBot]
) -> None:
    typing = asyncio.create_task(sandbox.person("Ana Souza").types("/goals"))
    bots[0].answers = bots[1].answers = [...]
    got = await sandbox.wait_for(lambda: [(one, request) for one in bots for request in one.got])
    await sandbox.sockets.disconnect()
    await sandbox.wait_for(lambda: sandbox.sockets.connected == 2)
    one, request = got[0]
    await one.client.send_socket_mode_response(SocketModeResponse(request.envelope_id, {"text": "late"}))
    assert (await typing).text == "late"


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


async def test_a_disabled_link_ends_after_a_warning(sandbox: Sandbox, http: aiohttp.ClientSession) -> None:
    async with http.ws_connect(sandbox.sockets.url(sandbox.base_url, "A0")) as socket:
        assert (await socket.receive_json())["type"] == "hello"
        await sandbox.sockets.disconnect("warning")
        assert (await socket.receive_json())["reason"] == "warning"
        assert sandbox.sockets.connected == 1
        await sandbox.sockets.disconnect("link_disabled")
        assert (await socket.receive_json())["reason"] == "link_disabled"
        assert (await socket.receive()).type is aiohttp.WSMsgType.CLOSE
    assert sandbox.sockets.connected == 0


async def test_a_late_acknowledgement_is_none(sandbox: Sandbox, bots: list[SocketBot]) -> None:
    ana = sandbox.person("Ana Souza")
    sandbox.sockets.ack_delay = 0.01
    assert (await ana.types("/goals")).elapsed >= 0.01
    sandbox.delivery.ack_seconds, sandbox.sockets.ack_delay = 0.3, 0.4
    assert (await ana.types("/goals")).error == "operation_timeout"


async def test_a_silent_connection_answers_no_ping(sandbox: Sandbox, http: aiohttp.ClientSession) -> None:
    url = sandbox.sockets.url(sandbox.base_url, "A0")
    async with http.ws_connect(url, heartbeat=0.02) as socket:
        await socket.receive_json()
        sandbox.sockets.freeze()
        assert sandbox.sockets.connected == 1
        assert (await socket.receive()).type is aiohttp.WSMsgType.ERROR
    await sandbox.wait_for(lambda: not sandbox.sockets.connected)


async def test_tickets_are_good_for_once(sandbox: Sandbox, bots: list[SocketBot]) -> None:
    web = AsyncWebClient(sandbox.app_token, base_url=sandbox.api_url, retry_handlers=[])
    with pytest.raises(SlackApiError, match="not_allowed_token_type"):
        await web.apps_connections_open(app_token=sandbox.bot_token)
    url = (await web.apps_connections_open(app_token=sandbox.app_token))["url"]
    async with aiohttp.ClientSession() as http:
        async with http.ws_connect(url) as socket:
            assert (await socket.receive_json())["num_connections"] == 3
            await socket.send_str("no acknowledgement")
            await socket.send_bytes(b"\x00")
            assert (await socket.receive()).type in (aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED)
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await http.ws_connect(url)
        sandbox.sockets.refusing = True
        url = (await web.apps_connections_open(app_token=sandbox.app_token))["url"]
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await http.ws_connect(url)


async def test_ten_connections_are_enough(sandbox: Sandbox) -> None:
    async with aiohttp.ClientSession() as http:
        sockets = []
        for _ in range(10):
            url = sandbox.sockets.url(sandbox.base_url, "A0")
            sockets.append(await http.ws_connect(url))
        await sandbox.wait_for(lambda: sandbox.sockets.connected == 10)
        async with http.ws_connect(sandbox.sockets.url(sandbox.base_url, "A0")) as eleventh:
            assert json.loads((await eleventh.receive()).data)["reason"] == "too_many_websockets"
        for socket in sockets:
            await socket.close()
    await sandbox.wait_for(lambda: sandbox.sockets.connected == 0)


async def test_it_works_mounted_and_over_http_when_told_to(sandbox: Sandbox, bot: TinyBot) -> None:
    app = FastAPI()
    app.mount("/sandbox", create_app(sandbox))
    async with Server(app) as server, aiohttp.ClientSession() as http:
        url = sandbox.sockets.url(f"{server.url}/sandbox", "A0")
        async with http.ws_connect(url):
            await sandbox.wait_for(lambda: sandbox.socket_mode)
            sandbox.socket_mode = False
            assert (await sandbox.person("Ana Souza").types("/goals")).error is None
            sandbox.delivery.socket_mode = None
    assert len(bot.got) == 1
