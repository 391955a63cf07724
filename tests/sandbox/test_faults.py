import asyncio

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from sandbox import Sandbox, Server, create_app, faults
from tests.sandbox.conftest import Moment

WEST = "C0TEAMWEST1"


@pytest.mark.parametrize(
    ("fault", "status", "retry_after"),
    [
        (faults.rate_limited(30), 429, "30"),
        (faults.rate_limited(None), 429, None),
        (faults.rate_limited("Wed, 21 Oct 2026 07:28:00 GMT"), 429, "Wed, 21 Oct 2026 07:28:00 GMT"),
        (faults.error("fatal_error"), 200, None),
    ],
)
async def test_slack_says_what_it_is_told_to(
    sandbox: Sandbox, slack: AsyncWebClient, fault: faults.Fault, status: int, retry_after: str | None
) -> None:
    sandbox.faults.next("chat.postMessage", fault)
    with pytest.raises(SlackApiError) as caught:
        await slack.chat_postMessage(channel=WEST, text="x")
    assert caught.value.response.status_code == status
    assert caught.value.response.headers.get("Retry-After") == retry_after
    await slack.chat_postMessage(channel=WEST, text="y")
    assert [one.text for one in sandbox.channel("#team-west").messages()] == ["y"]


@pytest.mark.parametrize("fault", [faults.http_error(503), faults.html(), faults.http_error(500)])
async def test_answers_that_are_no_json(sandbox: Sandbox, slack: AsyncWebClient, fault: faults.Fault) -> None:
    sandbox.faults.always("*", fault)
    with pytest.raises(SlackApiError):
        await slack.auth_test()
    sandbox.faults.clear()
    assert (await slack.auth_test())["ok"]


@pytest.mark.parametrize("accepted", [True, False])
async def test_a_dropped_connection_tells_nothing(
    sandbox: Sandbox, slack: AsyncWebClient, accepted: bool
) -> None:
    sandbox.faults.next("chat.postMessage", faults.dropped(accepted=accepted))
    with pytest.raises(aiohttp.ClientError):
        await slack.chat_postMessage(channel=WEST, text="x")
    assert len(sandbox.channel("#team-west").messages()) == accepted
    assert sandbox.calls[-1].status == 0


async def test_a_connection_drops_behind_any_server(sandbox: Sandbox) -> None:
    # Mounted in another app, without our own protocol.
    async def app(scope: dict[str, object], receive: object, send: object) -> None:
        scope.pop("extensions", None)
        await create_app(sandbox)(scope, receive, send)  # type: ignore[arg-type]

    async with Server(app) as server:
        client = AsyncWebClient(sandbox.bot_token, base_url=f"{server.url}/api/", retry_handlers=[])
        sandbox.faults.next("auth.test", faults.dropped(accepted=False))
        with pytest.raises(aiohttp.ClientError):
            await client.auth_test()


async def test_a_hanging_call_comes_loose(sandbox: Sandbox, slack: AsyncWebClient) -> None:
    sandbox.faults.next("chat.postMessage", faults.hang(accepted=True))
    call = asyncio.create_task(slack.chat_postMessage(channel=WEST, text="x"))
    await sandbox.wait_for(sandbox.channel("#team-west").messages)
    assert not call.done()
    sandbox.faults.clear()
    with pytest.raises(aiohttp.ClientError):
        await call


async def test_a_post_appears_late_in_history(
    sandbox: Sandbox, slack: AsyncWebClient, moment: Moment
) -> None:
    dm = sandbox.slack.directory.dm("U0ANA000001").id
    sandbox.faults.next("chat.postMessage", faults.late_in_history(5))
    with pytest.raises(aiohttp.ClientError):
        await slack.chat_postMessage(channel=dm, text="x")
    assert (await slack.conversations_history(channel=dm))["messages"] == []
    moment.seconds += 6
    assert len((await slack.conversations_history(channel=dm))["messages"]) == 1
