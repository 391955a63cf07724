"""Shortcuts: on a message, and anywhere."""

from typing import Any

import pytest

from tests.sandbox.conftest import Install
from tests.sandbox.forms import goals_form
from tests.sandbox.manifests import LOG_THIS, WAVE, manifest


async def test_a_message_shortcut_brings_the_message_and_opens_a_form(install: Install) -> None:
    app = await install(manifest(events=()))
    ana, marisol = app.sandbox.person("Ana Souza"), app.sandbox.person("Marisol Peña")
    said = marisol.says("Acme signed for $5,000", "#team-west")

    async def opens(payload: dict[str, Any]) -> None:
        await app.slack.views_open(trigger_id=payload["trigger_id"], view=goals_form())

    app.bot.answer = opens
    answer = await ana.uses_shortcut(LOG_THIS, said)
    assert answer.view is not None
    (payload,) = app.bot.got
    assert (payload["type"], payload["callback_id"]) == ("message_action", LOG_THIS)
    assert (payload["user"]["id"], payload["channel"]["name"]) == (ana.id, "team-west")
    assert (payload["message"]["text"], payload["message"]["user"]) == (said.text, marisol.id)
    assert payload["message_ts"] == said.ts
    assert "block_actions" not in str(payload)


async def test_the_answer_by_response_url_is_for_that_person_alone(install: Install) -> None:
    app = await install(manifest(events=()))
    ana = app.sandbox.person("Ana Souza")
    said = ana.says("Acme signed", "#team-west")
    answer = await ana.uses_shortcut(LOG_THIS, said)
    app.sandbox.interactions.respond(answer.interaction.secret, {"text": "Logged"})
    assert (answer.text, answer.message and answer.message.only_for) == ("Logged", ana.id)


async def test_a_global_shortcut_has_no_conversation(install: Install) -> None:
    app = await install(manifest())
    await app.sandbox.person("Ana Souza").uses_shortcut(WAVE)
    (payload,) = app.bot.got
    assert (payload["type"], payload["callback_id"]) == ("shortcut", WAVE)
    assert not {"channel", "message", "response_url"} & set(payload)


async def test_there_are_only_the_shortcuts_of_the_manifest(install: Install) -> None:
    app = await install(manifest())
    ana = app.sandbox.person("Ana Souza")
    said = ana.says("hello", "#team-west")
    await app.slack.chat_postEphemeral(channel="C0TEAMWEST1", user=ana.id, text="only you")
    alone = ana.messages("#team-west")[-1]
    for callback_id, message in ((WAVE, said), (LOG_THIS, None), (LOG_THIS, alone)):
        with pytest.raises(LookupError):
            await ana.uses_shortcut(callback_id, message)
    assert app.bot.got == []


async def test_the_page_offers_and_sends_them(install: Install) -> None:
    app = await install(manifest(events=()))
    ana = app.sandbox.person("Ana Souza")
    said = ana.says("hello", "#team-west")
    offered = (await app.page.get("state", **{"as": ana.id}))["app"]["shortcuts"]
    assert [one["name"] for one in offered] == ["Log this", "Wave"]
    here = {"as": ana.id, "channel": said.channel, "ts": said.ts}
    assert await app.page.post("shortcut", callback_id=LOG_THIS, **here) == {"ok": True}
    assert (await app.page.post("shortcut", **{"as": ana.id, "callback_id": WAVE}))["ok"]
    assert not (await app.page.post("shortcut", callback_id="goals.none", **here))["ok"]
    assert await app.page.post("change", text="hello all", **here) == {"ok": True}
    assert ana.messages("#team-west")[-1].text == "hello all"
    assert await app.page.post("change", **here) == {"ok": True}
    assert ana.messages("#team-west") == []
    assert await app.page.post("change", **here) == {"ok": False, "error": "message_not_found"}
    assert [payload["type"] for payload in app.bot.got] == ["message_action", "shortcut"]
