import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient
from starlette.responses import Response

from sandbox import Person, Sandbox
from tests.conftest import HANG_SECONDS
from tests.sandbox.conftest import Moment, TinyBot
from tests.sandbox.forms import actions, button, entry, goals_form, modal, section, select, text_input

WEST = "C0TEAMWEST1"


@pytest.fixture
def ana(sandbox: Sandbox) -> Person:
    return sandbox.person("Ana Souza")


def opens(slack: AsyncWebClient, view: dict[str, Any]) -> Callable[[dict[str, Any]], Any]:
    async def open_view(payload: dict[str, Any]) -> None:
        await slack.views_open(trigger_id=payload["trigger_id"], view=view)

    return open_view


async def test_a_command_comes_signed_and_escaped(sandbox: Sandbox, bot: TinyBot, ana: Person) -> None:
    bot.answer = lambda payload: "Got it, *Ana*"
    answer = await ana.types("/goals set @zoe & @Priya Raghunathan in #team-west <20>", "#team-west")

    assert (answer.status, answer.text, answer.error) == (200, "Got it, Ana", None)
    (payload,) = bot.got
    assert payload["text"] == (
        "set <@U0ZOE000001|zoe> &amp; <@U0PRIYA0001|priya> in <#C0TEAMWEST1|team-west> &lt;20&gt;"
    )
    assert (payload["command"], payload["channel_name"], payload["user_name"]) == (
        "/goals",
        "team-west",
        "ana",
    )
    verifier = SignatureVerifier(sandbox.signing_secret)
    verifier.clock.now = lambda: sandbox.slack.now()  # type: ignore[method-assign]
    assert verifier.is_valid_request(bot.bodies[0], bot.headers[0])
    assert [one.plain for one in sandbox.channel("#team-west").messages(ana)] == ["Got it, Ana"]
    assert sandbox.channel("#team-west").messages() == []


async def test_what_goes_wrong_is_what_slack_shows(sandbox: Sandbox, bot: TinyBot, ana: Person) -> None:
    bot.answer = lambda payload: Response(status_code=500)
    assert (await ana.types("/goals")).error == "dispatch_failed"

    async def sleeps(payload: dict[str, Any]) -> None:
        await sandbox.faults.hold(None)

    bot.answer = sleeps
    sandbox.delivery.ack_seconds = 0.3
    answer = await ana.types("/goals")
    sandbox.delivery.ack_seconds = HANG_SECONDS
    sandbox.faults.clear()
    assert answer.error == "operation_timeout"
    assert answer.elapsed >= 0.3
    bot.answer = lambda payload: {"response_type": "ephemeral", "blocks": [{"type": "nonsense"}]}
    assert (await ana.types("/goals")).error == "invalid_blocks"


async def test_a_form_is_opened_filled_in_and_saved(
    sandbox: Sandbox, slack: AsyncWebClient, bot: TinyBot, ana: Person
) -> None:
    bot.answer = opens(slack, goals_form(private_metadata="m"))
    answer = await ana.types("/goals set")
    assert answer.view is not None
    assert ana.view is not None
    assert ana.view["state"]["values"]["signups"]["signups"] == {"type": "number_input", "value": "20"}

    bot.answer = lambda payload: None
    result = await ana.submits({"signups": 25, "tier": "two"})
    assert (result.closed, result.errors, result.view) == (True, {}, None)
    assert sandbox.person("Ana Souza").view is None
    values = bot.got[-1]["view"]["state"]["values"]
    assert values["signups"]["signups"]["value"] == "25"
    assert values["tier"]["tier"]["selected_option"]["value"] == "two"
    assert bot.got[-1]["view"]["private_metadata"] == "m"


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [(None, "required"), ("many", "valid number"), ("2.5", "whole number"), ("100001", "no greater than")],
)
async def test_slacks_own_form_refuses_first(
    slack: AsyncWebClient, bot: TinyBot, ana: Person, typed: str | None, wrong: str
) -> None:
    bot.answer = opens(slack, goals_form())
    await ana.types("/goals set")
    result = await ana.submits({"signups": typed})
    assert wrong in result.errors["signups"]
    assert len(bot.got) == 1


async def test_errors_stay_in_the_form_with_what_was_typed(
    slack: AsyncWebClient, bot: TinyBot, ana: Person
) -> None:
    bot.answer = opens(slack, goals_form())
    await ana.types("/goals set")
    bot.answer = lambda payload: {"response_action": "errors", "errors": {"signups": "Too many"}}
    result = await ana.submits({"signups": "30"})
    assert (result.closed, result.errors) == (False, {"signups": "Too many"})
    assert ana.view is not None
    assert ana.view["state"]["values"]["signups"]["signups"]["value"] == "30"

    bot.answer = lambda payload: {"response_action": "errors", "errors": {"elsewhere": "Too many"}}
    assert (await ana.submits()).error == "invalid_view_response"
    bot.answer = lambda payload: Response(status_code=500)
    assert (await ana.submits()).error == "dispatch_failed"
    assert ana.view is not None


async def test_submissions_update_push_and_clear(slack: AsyncWebClient, bot: TinyBot, ana: Person) -> None:
    bot.answer = opens(slack, modal(section("one")))
    await ana.types("/goals")
    bot.answer = lambda payload: {"response_action": "update", "view": modal(section("two"))}
    result = await ana.submits()
    assert result.view is not None
    assert result.view["blocks"][0]["text"]["text"] == "two"
    bot.answer = lambda payload: {"response_action": "push", "view": modal(section("on top"))}
    for expected in (None, None, "push_limit_reached"):
        result = await ana.submits()
        assert result.error == expected
    assert ana.view is not None
    assert ana.view["root_view_id"] != ana.view["previous_view_id"]
    bot.answer = lambda payload: {"response_action": "update", "view": {"type": "modal"}}
    assert (await ana.submits()).error == "invalid_arguments"
    bot.answer = lambda payload: {"response_action": "clear"}
    assert (await ana.submits()).closed
    assert ana.view is None


async def test_a_trigger_works_once_and_for_three_seconds(
    sandbox: Sandbox, slack: AsyncWebClient, bot: TinyBot, ana: Person, moment: Moment
) -> None:
    await ana.types("/goals")
    await ana.types("/goals")
    first, second = (payload["trigger_id"] for payload in bot.got)
    await slack.views_open(trigger_id=first, view=modal(section()))
    assert await error_of(slack.views_open(trigger_id=first, view=modal(section()))) == "exchanged_trigger_id"
    moment.seconds += 3.1
    assert await error_of(slack.views_open(trigger_id=second, view=modal(section()))) == "expired_trigger_id"
    assert await error_of(slack.views_open(trigger_id="1.2.3", view=modal(section()))) == "invalid_trigger_id"


async def test_updates_mind_the_hash_and_keep_what_was_typed(
    slack: AsyncWebClient, bot: TinyBot, ana: Person
) -> None:
    view = modal(entry("note", text_input(), dispatch_action=True), external_id="goals-1")
    bot.answer = opens(slack, view)
    await ana.types("/goals")
    bot.answer = lambda payload: None
    await ana.chooses("note", "hello")
    assert bot.got[-1]["actions"][0]["value"] == "hello"
    assert bot.got[-1]["container"]["type"] == "view"
    opened = ana.view
    assert opened is not None
    updated = await slack.views_update(external_id="goals-1", hash=opened["hash"], view=view)
    assert updated["view"]["state"]["values"]["note"]["note"]["value"] == "hello"
    stale = slack.views_update(view_id=opened["id"], hash=opened["hash"], view=view)
    assert await error_of(stale) == "hash_conflict"
    assert await error_of(slack.views_update(view_id="V404", view=modal(section()))) == "not_found"
    pushed = slack.views_push(trigger_id=bot.got[-1]["trigger_id"], view=view)
    assert await error_of(pushed) == "duplicate_external_id"
    await slack.views_push(trigger_id=bot.got[-1]["trigger_id"], view=modal(section(), notify_on_close=True))
    await ana.closes()
    assert (bot.got[-1]["type"], bot.got[-1]["is_cleared"]) == ("view_closed", False)
    assert (ana.view or {})["id"] == opened["id"]


async def test_buttons_bring_their_message_along(
    sandbox: Sandbox, slack: AsyncWebClient, bot: TinyBot, ana: Person
) -> None:
    blocks = [section("Set?", block_id="top", accessory=select("when")), actions(button(), button("no"))]
    channel = (await slack.conversations_open(users=ana.id))["channel"]["id"]
    posted = await slack.chat_postMessage(channel=channel, text="Set?", blocks=blocks)
    answer = await ana.presses("go")
    payload = bot.got[-1]
    assert answer.error is None
    assert payload["actions"][0]["value"] == "1"
    assert payload["actions"][0]["block_id"] == "buttons"
    assert payload["container"]["message_ts"] == posted["ts"] == payload["message"]["ts"]
    assert payload["user"]["id"] == ana.id
    await ana.chooses("when", "two")
    assert bot.got[-1]["actions"][0]["selected_option"]["value"] == "two"
    assert bot.got[-1]["state"]["values"]["top"]["when"]["selected_option"]["value"] == "two"
    with pytest.raises(LookupError):
        await ana.presses("nowhere")


async def test_a_response_url_works_five_times_for_half_an_hour(
    sandbox: Sandbox, bot: TinyBot, ana: Person, moment: Moment
) -> None:
    answer = await ana.types("/goals", "#team-west")
    await ana.types("/goals", "#team-west")
    first, second = (AsyncWebhookClient(payload["response_url"], retry_handlers=[]) for payload in bot.got)
    await first.send(text="for all", response_type="in_channel")
    for _ in range(4):
        assert (await first.send(text="for you")).status_code == 200
    last = await first.send(text="once more")
    assert (last.status_code, json.loads(last.body)["error"]) == (404, "used_url")
    assert (answer.text, len(answer.messages)) == ("for you", 5)
    assert [one.text for one in sandbox.channel("#team-west").messages()] == ["for all"]
    moment.seconds += 1801
    assert (await second.send(text="late")).status_code == 404


async def test_an_ephemeral_message_is_replaced_and_deleted_by_its_response_url(
    sandbox: Sandbox, bot: TinyBot, ana: Person
) -> None:
    bot.answer = lambda payload: {"text": "Sure?", "blocks": [section("Sure?"), actions(button())]}
    await ana.types("/goals")
    bot.answer = lambda payload: None
    await ana.presses("go")
    client = AsyncWebhookClient(bot.got[-1]["response_url"], retry_handlers=[])
    await client.send(text="Yes", blocks=[section("Yes")], replace_original=True)
    assert [one.plain for one in ana.dms()] == ["Yes"]
    await client.send(text="", delete_original=True)
    assert ana.dms() == []


async def test_events_are_sent_again_until_taken(sandbox: Sandbox, bot: TinyBot, ana: Person) -> None:
    answers = iter([Response(status_code=500), Response(status_code=500), None])
    bot.answer = lambda payload: next(answers)
    ack = await sandbox.deactivate(ana)
    assert ack.status == 200
    assert len({payload["event_id"] for payload in bot.got}) == 1
    assert bot.got[0]["event"]["user"]["deleted"]
    assert [headers.get("x-slack-retry-num") for headers in bot.headers] == [None, "1", "2"]


async def test_other_changes_are_told_too(
    sandbox: Sandbox, slack: AsyncWebClient, bot: TinyBot, ana: Person
) -> None:
    await sandbox.archive("#team-west")
    await sandbox.remove_bot("#team-east")
    await sandbox.move(ana, "Europe/Berlin")
    home = {"type": "home", "blocks": [section("Home"), actions(button("refresh"))]}
    await slack.views_publish(user_id=ana.id, view=home)
    await ana.opens_home()
    await ana.presses("refresh")
    kinds = [payload.get("event", payload)["type"] for payload in bot.got]
    assert kinds == [
        "channel_archive",
        "member_left_channel",
        "user_change",
        "app_home_opened",
        "block_actions",
    ]
    assert (await slack.users_info(user=ana.id))["user"]["tz"] == "Europe/Berlin"
    bot.answer = lambda payload: {"challenge": payload["challenge"]}
    assert await sandbox.events.verify_url()


async def test_raw_requests_reach_the_bot_as_they_are(sandbox: Sandbox, bot: TinyBot) -> None:
    body = "command=%2Fgoals"
    ack = await sandbox.send_raw(body, sandbox.sign(body, at=0))
    assert ack.status == 200
    assert dict(parse_qsl(bot.bodies[0])) == {"command": "/goals"}
    assert bot.headers[0]["x-slack-request-timestamp"] == "0"


async def test_what_is_waited_for_comes(sandbox: Sandbox, slack: AsyncWebClient, ana: Person) -> None:
    await slack.chat_postMessage(channel=ana.id, text="hello")
    assert await sandbox.wait_for(ana.dms)
    with pytest.raises(TimeoutError):
        await sandbox.wait_for(lambda: False, timeout=0.01)


async def error_of(call: Any) -> str:
    with pytest.raises(SlackApiError) as caught:
        await call
    return str(caught.value.response["error"])
