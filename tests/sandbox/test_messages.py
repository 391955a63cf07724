from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from sandbox import Sandbox

WEST = "C0TEAMWEST1"


def section(text: str, **more: Any) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text, **more}}


async def refused(call: Any) -> Any:
    with pytest.raises(SlackApiError) as caught:
        await call
    return caught.value.response


async def test_a_dm_reads_as_it_was_edited(sandbox: Sandbox, slack: AsyncWebClient) -> None:
    ana = sandbox.person("Ana Souza")
    channel = (await slack.conversations_open(users=ana.id))["channel"]["id"]
    posted = await slack.chat_postMessage(
        channel=channel, text="Set your goals", blocks=[section("Set *now*")]
    )
    await slack.chat_update(channel=channel, ts=posted["ts"], text="Done", blocks=[section("All *done*")])

    (message,) = ana.dms()
    assert (message.text, message.plain, message.edited is not None) == ("Done", "All done", True)
    assert sandbox.person("DeShawn").dms() == []


async def test_timestamps_only_grow(sandbox: Sandbox, slack: AsyncWebClient) -> None:
    found = [(await slack.chat_postMessage(channel="#team-west", text=str(n)))["ts"] for n in range(3)]
    assert found == sorted(set(found))


async def test_history_is_newest_first_and_gives_metadata_on_request(
    sandbox: Sandbox, slack: AsyncWebClient
) -> None:
    channel = (await slack.conversations_open(users="U0ANA000001"))["channel"]["id"]
    metadata = {"event_type": "intent", "event_payload": {"id": "42"}}
    for number in range(3):
        await slack.chat_postMessage(channel=channel, text=f"n{number}", metadata=metadata)

    first = await slack.conversations_history(channel=channel, limit=2, include_all_metadata=True)
    assert [one["text"] for one in first["messages"]] == ["n2", "n1"]
    assert first["messages"][0]["metadata"] == metadata
    cursor = first["response_metadata"]["next_cursor"]
    rest = await slack.conversations_history(channel=channel, limit=2, cursor=cursor)
    assert [one["text"] for one in rest["messages"]] == ["n0"]
    assert "metadata" not in rest["messages"][0]

    oldest = first["messages"][1]["ts"]
    after = await slack.conversations_history(channel=channel, oldest=oldest)
    since = await slack.conversations_history(channel=channel, oldest=oldest, inclusive=True)
    assert (len(after["messages"]), len(since["messages"])) == (1, 2)


async def test_history_since_a_moment_begins_there(sandbox: Sandbox, slack: AsyncWebClient) -> None:
    channel = (await slack.conversations_open(users="U0ANA000001"))["channel"]["id"]
    sent = [(await slack.chat_postMessage(channel=channel, text=f"n{number}"))["ts"] for number in range(5)]

    async def pages(**bounds: Any) -> list[list[str]]:
        found, cursor = [], None
        while cursor is None or cursor:
            page = await slack.conversations_history(channel=channel, limit=2, cursor=cursor, **bounds)
            found.append([one["text"] for one in page["messages"]])
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
        return found

    assert await pages(oldest=sent[0]) == [["n2", "n1"], ["n4", "n3"]]
    assert await pages(oldest=sent[0], latest=sent[4]) == [["n3", "n2"], ["n1"]]
    assert await pages(latest=sent[4]) == [["n3", "n2"], ["n1", "n0"]]


async def test_an_ephemeral_message_is_for_one_person(sandbox: Sandbox, slack: AsyncWebClient) -> None:
    ana = sandbox.person("Ana Souza")
    await slack.chat_postEphemeral(channel=WEST, user=ana.id, text="only you")
    room = sandbox.channel("#team-west")
    assert [one.text for one in room.messages(as_seen_by=ana)] == ["only you"]
    assert room.messages() == []
    answer = await refused(slack.chat_postEphemeral(channel=WEST, user="U0PRIYA0001", text="x"))
    assert answer["error"] == "user_not_in_channel"


@pytest.mark.parametrize(
    ("message", "pings"),
    [
        ({"text": "<@U0ANA000001> did it"}, ["U0ANA000001"]),
        ({"text": "<!here> &lt;!channel&gt;"}, ["here"]),
        ({"text": "@channel"}, []),
        ({"text": "@channel", "link_names": True}, ["channel"]),
        ({"text": "x", "blocks": [section("well done, @here")]}, ["here"]),
        ({"text": "x", "blocks": [section("well done, @here", verbatim=True)]}, []),
        ({"text": "x", "blocks": [section("well done, <!here>", verbatim=True)]}, ["here"]),
        ({"text": "x", "blocks": [section("well done, &lt;!here&gt;", verbatim=True)]}, []),
        ({"text": "x", "blocks": [section("write to ana@here.example")]}, []),
        (
            {
                "text": "x",
                "blocks": [{"type": "header", "text": {"type": "plain_text", "text": "<!here> @here"}}],
            },
            [],
        ),
        ({"text": "<@U0PRIYA0001> is not here"}, []),
    ],
)
async def test_who_is_pinged_is_known(
    sandbox: Sandbox, slack: AsyncWebClient, message: dict[str, Any], pings: list[str]
) -> None:
    await slack.chat_postMessage(channel=WEST, **message)
    assert sandbox.channel("#team-west").messages()[0].pings == pings


async def test_what_people_read_has_names_for_ids(sandbox: Sandbox, slack: AsyncWebClient) -> None:
    text = "*<@U0ZOE000001>* in <#C0TEAMEAST1>: <https://x.example|20 &amp; more>"
    await slack.chat_postMessage(channel=WEST, text=text)
    assert sandbox.channel("#team-west").messages()[0].plain == "@Zoë Müller in #team-east: 20 & more"


async def test_slack_refuses_in_its_own_words(sandbox: Sandbox, slack: AsyncWebClient) -> None:
    sandbox.slack.workspace.channels["C0NORTHALL1"].is_archived = True
    sandbox.slack.workspace.channels["C0TEAMEAST1"].members.remove("U0GOALKEEPR")
    dm = sandbox.slack.directory.dm("U0ZOE000001").id
    sandbox.person("Zoë Müller").user.deleted = True
    theirs = sandbox.person("Ana Souza").says("hello", WEST)
    expected = {
        "channel_not_found": slack.chat_postMessage(channel="C404", text="x"),
        "is_archived": slack.chat_postMessage(channel="C0NORTHALL1", text="x"),
        "not_in_channel": slack.chat_postMessage(channel="C0TEAMEAST1", text="x"),
        "account_inactive": slack.chat_postMessage(channel=dm, text="x"),
        "no_text": slack.api_call("chat.postMessage", json={"channel": WEST, "text": ""}),
        "msg_too_long": slack.chat_postMessage(channel=WEST, text="x" * 4001),
        "msg_blocks_too_long": slack.chat_postMessage(
            channel=WEST, text="x", blocks=[section("x" * 3000) for _ in range(4)]
        ),
        "invalid_metadata_format": slack.chat_postMessage(
            channel=WEST, text="x", metadata={"event_type": "x", "event_payload": {"a": {"b": 1}}}
        ),
        "metadata_too_large": slack.chat_postMessage(
            channel=WEST, text="x", metadata={"event_type": "x", "event_payload": {"a": "x" * 20_000}}
        ),
        "message_not_found": slack.chat_update(channel=WEST, ts="1.000000", text="x"),
        "cant_update_message": slack.chat_update(channel=WEST, ts=theirs.ts, text="x"),
        "cant_delete_message": slack.chat_delete(channel=WEST, ts=theirs.ts),
        "user_not_found": slack.conversations_open(users="U404"),
        "user_disabled": slack.conversations_open(users="U0ZOE000001"),
        "cannot_dm_bot": slack.conversations_open(users="U0GOALKEEPR"),
        "users_not_found": slack.users_lookupByEmail(email="nobody@northwind.example"),
        "missing_scope": slack.conversations_history(channel=WEST),
        "unknown_method": slack.api_call("goals.set"),
    }
    for error, call in expected.items():
        assert (await refused(call))["error"] == error


async def test_invalid_blocks_say_where(sandbox: Sandbox, slack: AsyncWebClient) -> None:
    blocks = [section("fine"), section("x" * 3001)]
    answer = await refused(slack.chat_postMessage(channel=WEST, text="x", blocks=blocks))
    assert answer["error"] == "invalid_blocks"
    assert answer["response_metadata"]["messages"] == [
        "[ERROR] must be less than 3001 characters [json-pointer:/blocks/1/text/text]"
    ]


async def test_tokens_are_asked_for(sandbox: Sandbox) -> None:
    nobody = AsyncWebClient(base_url=sandbox.api_url, retry_handlers=[])
    wrong = AsyncWebClient("xoxb-wrong", base_url=sandbox.api_url, retry_handlers=[])
    app = AsyncWebClient(sandbox.app_token, base_url=sandbox.api_url, retry_handlers=[])
    assert (await nobody.api_test())["ok"]
    assert (await refused(nobody.auth_test()))["error"] == "not_authed"
    assert (await refused(wrong.auth_test()))["error"] == "invalid_auth"
    assert (await refused(app.auth_test()))["error"] == "not_allowed_token_type"


async def test_an_update_without_blocks_keeps_them(sandbox: Sandbox, slack: AsyncWebClient) -> None:
    posted = await slack.chat_postMessage(channel=WEST, text="x", blocks=[section("kept")])
    await slack.chat_update(channel=WEST, ts=posted["ts"], text="y")
    await slack.chat_delete(channel=WEST, ts=(await slack.chat_postMessage(channel=WEST, text="z"))["ts"])
    (message,) = sandbox.channel("#team-west").messages()
    assert (message.text, message.plain) == ("y", "kept")


async def test_the_log_has_no_secrets(sandbox: Sandbox, slack: AsyncWebClient) -> None:
    sandbox.slack.traffic.clear()
    await slack.chat_postMessage(channel=WEST, text="x")
    (call,) = sandbox.calls_to("chat.postMessage")
    assert call.args == {"channel": WEST, "text": "x"}
    assert call.response["ok"]
    assert sandbox.bot_token not in repr(sandbox.traffic)
