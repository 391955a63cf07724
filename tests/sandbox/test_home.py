"""The app's Home tab: published for one person, opened, and used in place."""

from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from tests.sandbox.conftest import Install
from tests.sandbox.forms import actions, button, entry, section, select, text_input
from tests.sandbox.manifests import manifest

ANA = "U0ANA000001"


def home(*blocks: Any, **more: Any) -> dict[str, Any]:
    return {"type": "home", "blocks": list(blocks), **more}


async def test_opening_home_tells_the_bot_what_stands_there(install: Install) -> None:
    app = await install(manifest())
    ana = app.sandbox.person("Ana Souza")
    await ana.opens_home()
    published = await app.slack.views_publish(user_id=ANA, view=home(section("Your November")))
    await ana.opens_home()
    await ana.opens_home("messages")
    first, again, messages = app.events()
    assert [event["tab"] for event in (first, again, messages)] == ["home", "home", "messages"]
    assert "view" not in first
    assert again["view"]["hash"] == published["view"]["hash"]
    assert "view" not in messages
    state = await app.page.get("state", **{"as": ANA})
    assert state["home"]["blocks"][0]["text"]["text"] == "Your November"
    assert (await app.page.get("state", **{"as": "U0DESHAWN01"}))["home"] is None


async def test_buttons_and_inputs_work_in_place(install: Install) -> None:
    app = await install(manifest())
    ana = app.sandbox.person("Ana Souza")
    blocks = (actions(button("goals.set"), select()), entry("find", text_input("name"), dispatch_action=True))
    published = await app.slack.views_publish(user_id=ANA, view=home(*blocks))
    app.bot.answer = lambda payload: None
    await ana.chooses("tier", "two")
    await ana.presses("goals.set")
    chosen, pressed = app.bot.got
    assert (pressed["type"], pressed["view"]["type"]) == ("block_actions", "home")
    assert pressed["container"] == {"type": "view", "view_id": published["view"]["id"]}
    assert pressed["view"]["hash"] == published["view"]["hash"]
    assert (pressed["actions"][0]["action_id"], "trigger_id" in pressed) == ("goals.set", True)
    assert "response_url" not in pressed
    for payload in (chosen, pressed):
        assert payload["view"]["state"]["values"]["buttons"]["tier"]["selected_option"]["value"] == "two"
    assert pressed["view"]["state"]["values"]["find"]["name"]["value"] is None


async def test_the_page_acts_in_home_and_hears_when_it_changes(install: Install) -> None:
    app = await install(manifest())
    view = (await app.slack.views_publish(user_id=ANA, view=home(actions(button("goals.set")))))["view"]
    cursor = app.sandbox.slack.changes.cursor

    async def republishes(payload: dict[str, Any]) -> None:
        fresh = home(section("Saved"))
        await app.slack.views_publish(user_id=ANA, view=fresh, hash=payload["view"]["hash"])

    app.bot.answer = republishes
    action = {"block_id": "buttons", "action_id": "goals.set", "type": "button"}
    container = {"type": "view", "view_id": view["id"]}
    assert await app.page.post("action", container=container, action=action, **{"as": ANA}) == {"ok": True}
    seen = [
        change.event["home"]["blocks"][0]["text"]["text"]
        for change in app.sandbox.slack.changes.after(cursor)
        if change.event["type"] == "home" and change.concerns(ANA)
    ]
    assert seen == ["Saved"]
    assert not any(
        one.concerns("U0DESHAWN01") for one in app.sandbox.slack.changes.after(cursor) if one.audience
    )
    app.bot.answer = lambda payload: None
    assert await app.page.post("tab", tab="home", **{"as": ANA}) == {"ok": True}
    (opened,) = await app.sandbox.wait_for(app.events)
    assert (opened["type"], opened["tab"]) == ("app_home_opened", "home")


async def test_slack_refuses_a_home_in_its_own_words(install: Install) -> None:
    app = await install(manifest())

    async def refusal(view: dict[str, Any], **more: Any) -> str:
        with pytest.raises(SlackApiError) as caught:
            await app.slack.views_publish(user_id=ANA, view=view, **more)
        return str(caught.value.response["error"])

    first = await app.slack.views_publish(user_id=ANA, view=home(section()))
    await app.slack.views_publish(user_id=ANA, view=home(section("y")), hash=first["view"]["hash"])
    assert await refusal(home(section("z")), hash=first["view"]["hash"]) == "hash_conflict"
    assert await refusal(home(*[section()] * 101)) == "invalid_arguments"
    assert await refusal(home(*[section("x" * 2_900)] * 90)) == "view_too_large"
    off = await install(manifest(home_tab_enabled=False))
    with pytest.raises(SlackApiError, match="not_enabled"):
        await off.slack.views_publish(user_id=ANA, view=home(section()))
    with pytest.raises(LookupError):
        await off.sandbox.person(ANA).opens_home()
