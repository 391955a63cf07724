"""What people write to the app, and what the bot hears of it."""

import pytest
from slack_sdk.errors import SlackApiError

from tests.sandbox.conftest import Install
from tests.sandbox.manifests import manifest


async def test_what_is_written_to_the_app_reaches_the_bot_and_is_answered(install: Install) -> None:
    app = await install(manifest())
    ana = app.sandbox.person("Ana Souza")

    async def answers(payload: dict[str, dict[str, str]]) -> None:
        if "bot_id" not in payload["event"]:
            await app.slack.chat_postMessage(channel=payload["event"]["channel"], text="Got it")

    app.bot.answer = answers
    said = await ana.writes("2 signups for @Zoë Müller")
    assert (said.error, [one.text for one in said.messages], said.text) == (None, ["Got it"], "Got it")
    event = app.events()[0]
    assert (event["type"], event["channel_type"], event["user"]) == ("message", "im", ana.id)
    assert event["text"] == "2 signups for <@U0ZOE000001>"
    assert (event["ts"], event["channel"]) == (said.written.ts, said.written.channel)
    assert "subtype" not in event


async def test_the_bot_hears_itself_with_its_bot_id(install: Install) -> None:
    app = await install(manifest())
    ana = app.sandbox.person("Ana Souza")
    await app.slack.chat_postMessage(channel=ana.id, text="Set your goals")
    await app.sandbox.wait_for(app.events)
    (event,) = app.events()
    workspace = app.sandbox.slack.workspace
    assert (event["bot_id"], event["user"]) == (workspace.bot_id, workspace.bot_user_id)


async def test_edits_and_deletions_come_as_subtypes(install: Install) -> None:
    app = await install(manifest())
    ana = app.sandbox.person("Ana Souza")
    said = await ana.writes("2 signups")
    await ana.edits(said.written, "3 signups")
    await ana.deletes(said.written)
    _, changed, deleted = app.events()
    assert (changed["subtype"], changed["channel_type"]) == ("message_changed", "im")
    assert (changed["message"]["text"], changed["previous_message"]["text"]) == ("3 signups", "2 signups")
    assert changed["message"]["edited"]["user"] == ana.id
    assert (deleted["subtype"], deleted["deleted_ts"]) == ("message_deleted", said.written.ts)
    assert ana.dms() == []
    assert changed["ts"] not in (said.written.ts, deleted["ts"])


async def test_without_subscription_or_scope_the_bot_hears_nothing(install: Install) -> None:
    deaf = await install(manifest(events=()))
    assert (await deaf.sandbox.person("Ana Souza").writes("hello")).status == 0
    app = await install(manifest())
    app.sandbox.revoke("im:history")
    assert (await app.sandbox.person("Ana Souza").writes("hello")).status == 0
    assert (await app.sandbox.person("Ana Souza").writes("hello", "#team-west")).status == 0
    assert deaf.events() == app.events() == []


async def test_messages_in_channels_are_subscriptions_of_their_own(install: Install) -> None:
    app = await install(manifest(events=("message.channels",), scopes=("channels:history",)))
    await app.sandbox.person("Ana Souza").writes("hello", "#team-west")
    (event,) = app.events()
    assert (event["channel_type"], event["channel"]) == ("channel", "C0TEAMWEST1")


async def test_nobody_writes_where_the_manifest_does_not_let_them(install: Install) -> None:
    app = await install(manifest(messages_tab_read_only_enabled=True))
    ana = app.sandbox.person("Ana Souza")
    with pytest.raises(LookupError, match="doesn't take messages"):
        await ana.writes("hello")
    assert (await ana.types("/goals")).error is None
    await app.slack.chat_postMessage(channel=ana.id, text="Set your goals")

    off = await install(manifest(messages_tab_enabled=False))
    with pytest.raises(SlackApiError, match="messages_tab_disabled"):
        await off.slack.chat_postMessage(channel=ana.id, text="Set your goals")


async def test_only_what_is_subscribed_to_is_sent(install: Install) -> None:
    app = await install(manifest())
    ana = app.sandbox.person("Ana Souza")
    await app.sandbox.move(ana, "Europe/Berlin")
    await ana.opens_home()
    assert [event["type"] for event in app.events()] == ["app_home_opened"]


async def test_the_page_says_why_it_does_not_send(install: Install) -> None:
    app = await install(manifest(messages_tab_read_only_enabled=True))
    ana, page = app.sandbox.person("Ana Souza"), app.page
    dm = app.sandbox.slack.directory.dm(ana.id).id
    state = await page.get("state", **{"as": ana.id})
    assert state["app"]["closed"]
    refused = await page.post("say", **{"as": ana.id, "channel": dm, "text": "hello"})
    assert refused == {"ok": False, "error": "Goalkeeper doesn't take messages here."}
    assert (await page.post("say", **{"as": ana.id, "channel": dm, "text": "/goals"}))["ok"]
    url = f"{app.sandbox.base_url}/page/drop"
    query = {"as": ana.id, "channel": dm, "name": "a.csv"}
    kind = {"Content-Type": "application/octet-stream"}
    async with page.http.post(url, params=query, data=b"1", headers=kind) as got:
        assert await got.json() == refused
