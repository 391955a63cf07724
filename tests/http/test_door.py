"""Who is let in at the door, and what becomes of the rest: 401 or 400, never a failure of ours."""

import json
from typing import Any
from urllib.parse import quote, urlencode

import aiohttp

from bot.clock import real_seconds
from bot.http.app import SlackDoor, create_http
from bot.http.server import listen, serving
from sandbox import Person
from tests.conftest import Sql
from tests.http.conftest import COMMAND, FORM, JSON, Door

HELP = urlencode(COMMAND).encode()
TEAM, USER = {"id": "T0NORTHWIND"}, {"id": "U0ANA000001"}
MARK = "Hi Ana Souza!"


async def test_what_slack_has_signed_gets_in(door: Door) -> None:
    now = real_seconds()
    for at in (None, now - 290, now + 290):
        status, text = await door.post(HELP, door.sign(HELP, at if at is None else int(at)))
        assert (status, MARK in text) == (200, True)


async def test_what_is_not_signed_stays_out(door: Door) -> None:
    good = door.sign(HELP)
    stamp, signature = good.values()
    now = int(real_seconds())
    refused = [
        {},
        {"X-Slack-Signature": signature},
        {"X-Slack-Request-Timestamp": stamp},
        door.sign(HELP, secret="somebody else's"),
        door.sign(HELP + b" "),
        {**good, "X-Slack-Signature": signature.removeprefix("v0=")},
        {**good, "X-Slack-Signature": signature[:-1]},
        {**good, "X-Slack-Signature": signature.replace("v0=", "v1=")},
        {**good, "X-Slack-Signature": ""},
        {**good, "X-Slack-Signature": "v0=ü☃"},
        {**good, "X-Slack-Request-Timestamp": str(now - 10)},
        *(
            door.sign(HELP, at)
            for at in (
                now - 301, now + 302, 0, -1, -now, "", "soon", "NaN", "1e9", f"{now}.5", f"+{now}",
                f"0x{now:x}", f"{now}_0", "9" * 400, "١٢٣", "１７９５２２５５００", f"{now},{now}",
            )
        ),
    ]  # fmt: skip
    for headers in refused:
        assert await door.post(HELP, headers) == (401, "not signed by Slack"), headers


async def test_a_timestamp_in_other_digits_is_no_timestamp(door: Door) -> None:
    stamp = str(int(real_seconds())).translate({ord(str(n)): chr(0xFF10 + n) for n in range(10)})
    assert (await door.post(HELP, door.sign(HELP, stamp)))[0] == 401


async def test_what_slack_never_sends_is_refused(door: Door, sql: Sql) -> None:
    payload = quote(json.dumps({"type": "view_submission"}))
    bodies = [
        (b"", FORM),
        (b"", JSON),
        (b"", None),
        (b"\xff\xfe\x00", FORM),
        (b"\xff\xfe\x00", JSON),
        (HELP.replace(b"help", b"%ff%fe"), FORM),
        (HELP.replace(b"help", b"\xe4"), FORM),
        (HELP.replace(b"help", b"nul%00nul"), FORM),
        (HELP.replace(b"U0ANA", b"%00"), FORM),
        (HELP.replace(b"team_id", b"tame_id"), FORM),
        (HELP.replace(b"U0ANA000001", b""), FORM),
        (HELP, JSON),
        (b"payload=", FORM),
        (b"payload=[]", FORM),
        (b"payload={", FORM),
        (b"payload=null", FORM),
        (b"payload=%5B%5B", FORM),
        (f"payload={payload}".encode(), FORM),
        (f"payload={payload}&{HELP.decode()}".encode(), FORM),
        (b"{}", JSON),
        (b"[]", JSON),
        (b"null", JSON),
        (b'"text"', JSON),
        (b"1" * 10_000, JSON),
        (b"[" * 100_000, JSON),
        (b'{"a":' * 100_000, JSON),
        ("{}".encode("utf-16"), JSON),
        (b'{"type":"url_verification","challenge":1}', JSON),
        (b'{"type":"event_callback","team_id":"T0NORTHWIND"}', JSON),
        (b'{"type":"event_callback","team_id":"T0NORTHWIND","event":{"type":"x","a":"\\u0000"}}', JSON),
        (b'{"type":"event_callback","team_id":"T0NORTHWIND","event":{"type":"x","\\ud800":1}}', JSON),
        (b"&".join(b"a%d=1" % n for n in range(5_000)), FORM),
        (b"x" * 3_100_000, FORM),
        (b'{"a":"' + b"x" * 3_100_000 + b'"}', JSON),
    ]
    for body, kind in bodies:
        status, _ = await door.post(body, kind=kind)
        assert status == 400, (body[:80], kind)
    assert await sql.value("SELECT count(*) FROM goal_changes") == 0
    assert MARK in (await door.post(HELP))[1]


async def test_the_content_type_may_have_a_charset_or_be_missing(door: Door) -> None:
    for kind in (FORM, f"{FORM}; charset=utf-8", None, "text/plain"):
        assert MARK in (await door.post(HELP, kind=kind))[1]
    challenge = json.dumps({"type": "url_verification", "challenge": "c0ffee", "token": "x"}).encode()
    for kind in (JSON, f"{JSON}; charset=utf-8", JSON.upper()):
        status, text = await door.post(challenge, kind=kind)
        assert (status, "c0ffee" in text) == (200, True)


async def test_what_people_type_is_no_syntax(door: Door) -> None:
    for text in ("payload", "payload=1", "ssl_check=1", "{", '{"type":"x"}', "%00", "\\u0000", "&command=/x"):
        status, answer = await door.command(text=text)
        assert status == 200
        assert "I don't know" in answer


async def test_slack_s_own_check_of_the_certificate_is_answered(door: Door) -> None:
    assert (await door.post(b"ssl_check=1&token=x"))[0] == 200


async def test_requests_of_another_workspace_change_nothing(door: Door, sql: Sql, ana: Person) -> None:
    other = {"id": "T0ELSEWHERE"}
    status, text = await door.command(team_id="T0ELSEWHERE", text="set 20")
    assert status == 200
    assert "✅" not in text
    await ana.types("/goals set")
    assert ana.view is not None
    theirs = {**ana.view, "app_installed_team_id": "T0ELSEWHERE"}
    await door.interaction({"type": "view_submission", "team": other, "user": USER, "view": theirs})
    event = {
        "type": "event_callback",
        "event_id": "Ev1",
        "team_id": "T0ELSEWHERE",
        "event": {"type": "team_join", "user": {"id": "U1"}},
    }
    assert (await door.event(event))[0] == 200
    assert await sql.value("SELECT count(*) FROM goal_changes") == 0


MESSAGE = {"type": "message", "text": "hi", "channel": "C1", "channel_type": "channel"}


async def test_what_nothing_listens_to_is_taken_or_refused(door: Door, ana: Person) -> None:
    await ana.types("/goals set")
    view = {**(ana.view or {}), "callback_id": "elsewhere"}
    about = {"team": TEAM, "user": USER, "trigger_id": "1.2.3"}
    action = {"action_id": "elsewhere", "block_id": "b", "type": "button", "value": "1"}
    assert (await door.interaction({"type": "block_actions", "actions": [action], **about}))[0] == 200
    assert (await door.interaction({"type": "view_closed", "view": view, **about}))[0] == 200
    assert (await door.interaction({"type": "view_submission", "view": view, **about}))[0] == 400
    assert (await door.interaction({"type": "shortcut", "callback_id": "x", **about}))[0] == 400
    assert (await door.command(command="/elsewhere"))[0] == 400
    for event in ({"type": "app_home_opened"}, {"type": "no_such_event"}, MESSAGE):
        envelope = {"type": "event_callback", "team_id": "T0NORTHWIND", "event_id": "Ev1", "event": event}
        assert (await door.event(envelope))[0] == 200


async def test_a_form_that_is_not_ours_says_that_something_is_wrong(door: Door, ana: Person) -> None:
    await ana.types("/goals set")
    view = ana.view or {}
    strange: list[dict[str, Any]] = [
        {"private_metadata": ""},
        {"private_metadata": "[]"},
        {"private_metadata": '{"rep":"U0ANA000001","goal":"never"}'},
        {"private_metadata": '{"rep":5,"goal":"2026-02"}'},
        {"private_metadata": "", "blocks": []},
        {"state": {"values": {}}},
    ]
    for part in strange:
        payload = {"type": "view_submission", "team": TEAM, "user": USER, "view": {**view, **part}}
        status, text = await door.interaction(payload)
        assert status == 200, part
        assert json.loads(text)["response_action"] in ("errors", "update"), part


async def test_only_what_is_there_can_be_asked_for(door: Door) -> None:
    base = door.url.removesuffix("/slack/events")
    for method, path, status in [
        ("GET", "/slack/events", 405),
        ("PUT", "/slack/events", 405),
        ("GET", "/", 404),
        ("GET", "/docs", 404),
        ("GET", "/openapi.json", 404),
    ]:
        async with door.http.request(method, base + path) as answer:
            assert answer.status == status, path
            assert "server" not in answer.headers


async def test_a_door_that_is_not_open_yet_asks_to_come_again() -> None:
    listening = listen("127.0.0.1", 0)
    url = f"http://127.0.0.1:{listening.getsockname()[1]}"
    async with (
        serving(create_http(SlackDoor(real_seconds)), listening),
        aiohttp.ClientSession() as http,
        http.post(f"{url}/slack/events", data=HELP) as answer,
    ):
        assert answer.status == 503
