"""What the page offers to go wrong, each looked at from the bot's side."""

import asyncio
import re
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from sandbox import Sandbox
from tests.sandbox.conftest import Page

WEST = "C0TEAMWEST1"
POST = "chat.postMessage"


@pytest.mark.parametrize(
    ("fault", "status", "retry_after", "what"),
    [
        ({"kind": "rate_limited", "seconds": 30}, 429, "30", "429, Retry-After 30"),
        ({"kind": "rate_limited", "retry_after": "missing"}, 429, None, "429, Retry-After missing"),
        ({"kind": "rate_limited", "retry_after": "huge"}, 429, "86400", "429, Retry-After 86400"),
        (
            {"kind": "rate_limited", "retry_after": "date"},
            429,
            r"\w{3}, \d.* GMT",
            r"429, Retry-After .* GMT",
        ),
        ({"kind": "http_error"}, 500, None, "500 no JSON"),
        ({"kind": "http_error", "status": 503, "accepted": True}, 503, None, "503 no JSON, after accepting"),
        ({"kind": "html"}, 200, None, "200 web page"),
        ({"kind": "error", "error": "is_archived"}, 200, None, "200 is_archived"),
    ],
)
async def test_an_answer_goes_wrong(
    page: Page,
    slack: AsyncWebClient,
    sandbox: Sandbox,
    fault: dict[str, Any],
    status: int,
    retry_after: str | None,
    what: str,
) -> None:
    ordered = await page.post("faults", action="set", fault={"method": POST, **fault})
    (active,) = ordered["active"]
    assert (ordered["ok"], active["method"], active["always"]) == (True, POST, False)
    assert re.fullmatch(what, active["what"])
    with pytest.raises(SlackApiError) as caught:
        await slack.chat_postMessage(channel=WEST, text="x")
    assert caught.value.response.status_code == status
    header = caught.value.response.headers.get("Retry-After")
    assert header == retry_after or (retry_after and re.fullmatch(retry_after, header))
    assert len(sandbox.channel("#team-west").messages()) == bool(fault.get("accepted"))
    assert (await page.get("faults"))["active"] == []


@pytest.mark.parametrize(
    ("fault", "seen", "what"),
    [
        ({"kind": "dropped"}, 0, "connection dropped before accepting"),
        ({"kind": "dropped", "accepted": True}, 1, "connection dropped after accepting"),
        ({"kind": "hang", "seconds": 0.01}, 0, "no answer for 0.01 s, before accepting"),
        ({"kind": "hang", "seconds": 0.01, "accepted": True}, 1, "no answer for 0.01 s, after accepting"),
        ({"kind": "late", "seconds": 5}, 1, "accepted, answer lost, in the history after 5 s"),
    ],
)
async def test_no_answer_comes(
    page: Page, slack: AsyncWebClient, sandbox: Sandbox, fault: dict[str, Any], seen: int, what: str
) -> None:
    ordered = await page.post("faults", action="set", fault={"method": POST, **fault})
    assert [one["what"] for one in ordered["active"]] == [what]
    with pytest.raises(aiohttp.ClientError):
        await slack.chat_postMessage(channel=WEST, text="x")
    assert len(sandbox.channel("#team-west").messages()) == seen


@pytest.mark.parametrize(
    "method", ["chat.postMessage", "chat.update", "conversations.open", "conversations.history", "views.open"]
)
async def test_it_lasts_until_it_is_cleared(page: Page, slack: AsyncWebClient, method: str) -> None:
    fault = {"method": method, "kind": "error", "error": "fatal_error", "always": True}
    await page.post("faults", action="set", fault=fault)
    for _ in range(2):
        with pytest.raises(SlackApiError, match="fatal_error"):
            await slack.api_call(method)
    assert (await slack.auth_test())["ok"]
    await page.post("faults", action="set", fault={**fault, "method": "*"})
    with pytest.raises(SlackApiError, match="fatal_error"):
        await slack.auth_test()
    assert len((await page.get("faults"))["active"]) == 2
    assert (await page.post("faults", action="clear"))["active"] == []
    assert (await slack.auth_test())["ok"]


async def test_a_hang_without_end_comes_loose_when_cleared(
    page: Page, slack: AsyncWebClient, sandbox: Sandbox
) -> None:
    fault = {"method": POST, "kind": "hang", "accepted": True}
    await page.post("faults", action="set", fault=fault)
    call = asyncio.create_task(slack.chat_postMessage(channel=WEST, text="x"))
    await sandbox.wait_for(sandbox.channel("#team-west").messages)
    await page.post("faults", action="clear")
    with pytest.raises(aiohttp.ClientError):
        await call


@pytest.mark.parametrize(
    "wrong",
    [
        {"method": "chat", "kind": "html"},
        {"method": POST, "kind": "nonsense"},
        {"method": POST, "kind": "error", "error": "two words"},
        {"method": POST, "kind": "hang", "seconds": -1},
    ],
)
async def test_nonsense_is_no_fault(page: Page, wrong: dict[str, Any]) -> None:
    assert "ok" not in await page.post("faults", action="set", fault=wrong)
    assert not (await page.post("faults", action="set"))["ok"]
    assert (await page.get("faults"))["active"] == []


async def test_sockets_can_be_broken_from_the_page(page: Page, sandbox: Sandbox) -> None:
    async with page.http.ws_connect(sandbox.sockets.url(sandbox.base_url, "A0")) as socket:
        await socket.receive_json()
        await sandbox.wait_for(lambda: sandbox.sockets.connected)
        assert (await page.get("faults"))["sockets"] == {"connected": 1, "in_use": True}
        assert await page.post("sockets", action="warning") == {"ok": True}
        assert (await socket.receive_json())["reason"] == "warning"
        await page.post("sockets", action="drop")
        assert (await socket.receive()).type in (aiohttp.WSMsgType.CLOSED, aiohttp.WSMsgType.ERROR)
    await sandbox.wait_for(lambda: not sandbox.sockets.connected)
