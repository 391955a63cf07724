import json
from typing import Any

import aiohttp
from fastapi import FastAPI
from slack_sdk.web.async_client import AsyncWebClient

from sandbox import SAMPLE_ROSTER, Sandbox, Server, create_app
from tests.sandbox.conftest import Page, TinyBot
from tests.sandbox.forms import actions, button, goals_form

ANA = "U0ANA000001"
WEST = "C0TEAMWEST1"


async def test_the_page_knows_who_and_what_there_is(page: Page) -> None:
    state = await page.get("state", **{"as": ANA})
    assert [room["kind"] for room in state["channels"]] == ["channel", "channel", "im"]
    assert state["elsewhere"] == {"C0TEAMEAST1": "team-east"}
    assert {one["role_hint"] for one in state["people"]} >= {"rep", "manager", "admin", "guest"}
    assert state["commands"][0]["command"] == "/goals"
    assert (state["me"], state["views"]) == (ANA, [])
    assert (await page.get("state"))["me"] == ANA
    assert len({one.slack_id for one in SAMPLE_ROSTER}) == 12


async def test_messages_are_unread_until_read(page: Page, slack: AsyncWebClient) -> None:
    await slack.chat_postMessage(channel=WEST, text="hello")
    room = (await page.get("state", **{"as": ANA}))["channels"][1]
    assert (room["id"], room["unread"]) == (WEST, 1)
    got = await page.get("messages", **{"as": ANA, "channel": WEST})
    assert [one["text"] for one in got["messages"]] == ["hello"]
    assert (await page.get("state", **{"as": ANA}))["channels"][1]["unread"] == 0


async def test_a_command_opens_a_form_that_is_saved(page: Page, slack: AsyncWebClient, bot: TinyBot) -> None:
    async def opens(payload: dict[str, Any]) -> None:
        await slack.views_open(trigger_id=payload["trigger_id"], view=goals_form())

    bot.answer = opens
    dm = (await page.get("state", **{"as": ANA}))["channels"][-1]["id"]
    assert await page.post("say", **{"as": ANA, "channel": dm, "text": "/goals set"}) == {"ok": True}
    (view,) = (await page.get("state", **{"as": ANA}))["views"]
    bot.answer = lambda payload: {"response_action": "errors", "errors": {"note": "No"}}
    values = {"signups": {"signups": {"type": "number_input", "value": ""}}}
    form = {"as": ANA, "view_id": view["id"], "values": values}
    refused = await page.post("submit", **form)
    assert refused["errors"]["signups"].startswith("Please")
    values["signups"]["signups"]["value"] = "25"
    assert await page.post("submit", **form) == {"ok": False, "errors": {"note": "No"}}
    assert (await page.post("close", **{"as": ANA, "view_id": view["id"]})) == {"ok": True}
    assert (await page.get("state", **{"as": ANA}))["views"] == []


async def test_buttons_and_plain_talk(
    page: Page, slack: AsyncWebClient, bot: TinyBot, sandbox: Sandbox
) -> None:
    posted = await slack.chat_postMessage(channel=WEST, text="x", blocks=[actions(button())])
    action = {"block_id": "buttons", "action_id": "go", "type": "button"}
    container = {"type": "message", "channel_id": WEST, "message_ts": posted["ts"]}
    pressed = await page.post("action", **{"as": ANA, "container": container, "action": action, "values": {}})
    assert pressed == {"ok": True}
    assert bot.got[-1]["actions"][0]["value"] == "1"
    said = await page.post("say", **{"as": ANA, "channel": WEST, "text": "hi @marisol"})
    assert said == {"ok": True}
    assert sandbox.channel("#team-west").messages()[-1].pings == ["U0MARISOL01"]
    unknown = await page.post("say", **{"as": ANA, "channel": WEST, "text": "/nonsense"})
    assert unknown["error"] == "/nonsense is not a valid command."


async def test_the_stream_tells_each_person_what_they_can_see(
    page: Page, slack: AsyncWebClient, sandbox: Sandbox
) -> None:
    cursor = (await page.get("state", **{"as": ANA}))["cursor"]
    await slack.chat_postEphemeral(channel=WEST, user="U0MARISOL01", text="not for ana")
    query = {"as": ANA, "cursor": str(cursor)}
    async with page.http.get(f"{page.url}/page/events", params=query) as stream:
        await slack.chat_postMessage(channel=WEST, text="for ana")
        kinds = []
        async for line in stream.content:
            if line.startswith(b"data: "):
                event = json.loads(line[6:])
                kinds.append(event["type"])
                if event["type"] == "message":
                    break
    assert set(kinds) <= {"message", "traffic"}
    assert event["message"]["text"] == "for ana"
    assert event["cursor"] > cursor


async def test_other_sites_cannot_post(page: Page) -> None:
    form = {"as": ANA, "channel": WEST, "text": "x"}
    async with page.http.post(f"{page.url}/page/say", data=form) as got:
        assert got.status == 415
    elsewhere = {"Origin": "https://elsewhere.example"}
    async with page.http.post(f"{page.url}/page/say", json=form, headers=elsewhere) as got:
        assert got.status == 403


async def test_the_traffic_has_no_secrets(page: Page, sandbox: Sandbox, bot: TinyBot) -> None:
    await page.post("say", **{"as": ANA, "channel": WEST, "text": "/goals"})
    entries = (await page.get("traffic"))["entries"]
    assert entries[-1]["direction"] == "to_bot"
    kept = json.dumps(entries)
    assert bot.got[-1]["response_url"] not in kept
    assert bot.got[-1]["token"] not in kept


async def test_reset_brings_the_sample_back(page: Page, slack: AsyncWebClient, sandbox: Sandbox) -> None:
    resets = []
    sandbox.on_reset = lambda: resets.append(1)
    await slack.chat_postMessage(channel=WEST, text="x")
    assert await page.post("reset") == {"ok": True}
    assert (sandbox.channel("#team-west").messages(), resets) == ([], [1])
    assert (await slack.auth_test())["ok"]


async def test_browsers_ask_for_the_page_s_files_again(page: Page) -> None:
    for path in ("/", "/app.js"):
        async with page.http.get(page.url + path) as got:
            assert (got.status, got.headers["Cache-Control"]) == (200, "no-cache")
            kept = {"If-None-Match": got.headers["ETag"]}
        async with page.http.get(page.url + path, headers=kept) as got:
            assert (got.status, got.headers["Cache-Control"]) == (304, "no-cache")


async def test_it_can_be_mounted(sandbox: Sandbox) -> None:
    app = FastAPI()
    app.mount("/sandbox", create_app(sandbox))
    async with Server(app) as server:
        url = f"{server.url}/sandbox/api/"
        slack = AsyncWebClient(sandbox.bot_token, base_url=url, retry_handlers=[])
        assert (await slack.auth_test())["team"] == "Northwind Sales"
        async with aiohttp.ClientSession() as http, http.get(f"{server.url}/sandbox/") as got:
            assert got.status == 200
