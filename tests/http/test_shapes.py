"""Signed requests of any shape whatever: understood or refused, and the bot goes on."""

import copy
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.slack.payloads import checked
from sandbox import Person
from tests.conftest import Sql
from tests.http.conftest import COMMAND, JSON, Door

quick = settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
words = st.sampled_from(
    ["T0NORTHWIND", "U0ANA000001", "/goals", "goals.set.open", "goals.set.choose", "goals.set.submit",
     "2026-02", "set 20", "", "\0", "\ud800", "-1", "<!channel>"]
)  # fmt: skip
figures = st.sampled_from(["20", "50k", "$1.2m", "tier", "3", "yearly", "next"])
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | words,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(words | st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)

ABOUT = {
    "team": {"id": "T0NORTHWIND"},
    "user": {"id": "U0ANA000001", "team_id": "T0NORTHWIND"},
    "trigger_id": "1.2.3",
    "response_url": "http://127.0.0.1:9/",
}
VIEW = {
    "id": "V1",
    "type": "modal",
    "hash": "1",
    "callback_id": "goals.set.submit",
    "private_metadata": '{"rep": "U0ANA000001", "goal": "2026-02"}',
    "title": {"type": "plain_text", "text": "Set goals"},
    "blocks": [{"type": "input", "block_id": "goal"}, {"type": "input", "block_id": "signup_goal:2026-02"}],
    "state": {
        "values": {
            "goal": {
                "goals.set.choose": {
                    "type": "static_select",
                    "selected_option": {
                        "text": {"type": "plain_text", "text": "February"},
                        "value": "2026-02",
                    },
                }
            },
            "signup_goal:2026-02": {"signup_goal": {"type": "number_input", "value": "20"}},
        }
    },
}
CHOSEN = VIEW["state"]["values"]["goal"]["goals.set.choose"]["selected_option"]  # type: ignore[index]
SET = {
    "values": {
        **VIEW["state"]["values"],  # type: ignore[index]
        "revenue_goal:2026-02": {"revenue_goal": {"type": "plain_text_input", "value": None}},
        "bonus_tier_goal:2026-02": {"bonus_tier_goal": {"type": "static_select", "selected_option": None}},
    }
}
CHOICE = {
    "type": "static_select",
    "action_id": "goals.set.choose",
    "block_id": "goal",
    "selected_option": CHOSEN,
}
PRESS = {"type": "button", "action_id": "goals.set.open", "block_id": "b", "value": "2026-02"}
INTERACTIONS: list[Any] = [
    {"type": "view_submission", **ABOUT, "view": VIEW},
    {"type": "block_actions", **ABOUT, "view": VIEW, "actions": [CHOICE]},
    {"type": "block_actions", **ABOUT, "actions": [PRESS]},
    {"type": "view_closed", **ABOUT, "view": VIEW},
    {"type": "block_suggestion", **ABOUT, "action_id": "a", "block_id": "b", "value": "v"},
    {"type": "shortcut", **ABOUT, "callback_id": "c"},
    {
        "type": "message_action",
        **ABOUT,
        "callback_id": "c",
        "channel": {"id": "C1", "name": "general"},
        "message_ts": "1.2",
        "message": {"type": "message", "ts": "1.2", "user": "U0ANA000001", "text": "hi"},
    },
]
ORG_WIDE: dict[str, Any] = {"team": None, "is_enterprise_install": True, "enterprise": {"id": "E1"}}
"""What an installation for a whole organization sends in place of its team."""
EVENTS: list[Any] = [
    {
        "type": "event_callback",
        "team_id": "T0NORTHWIND",
        "event_id": "Ev1",
        "event": {"type": "user_change", "user": {"id": "U0ANA000001", "team_id": "T0NORTHWIND"}},
        "authorizations": [{"team_id": "T0NORTHWIND", "is_bot": True}],
    },
    {
        "type": "event_callback",
        "team_id": "T0NORTHWIND",
        "event_id": "Ev2",
        "event": {"type": "member_left_channel", "user": "U0ANA000001", "channel": "C1"},
    },
    *(
        {"type": "event_callback", "team_id": "T0NORTHWIND", "event_id": f"Ev{number}", "event": event}
        for number, event in enumerate(
            [
                {"type": "tokens_revoked", "tokens": {"oauth": ["U0ANA000001"], "bot": []}},
                {"type": "app_uninstalled"},
                {"type": "channel_archive", "channel": "C1", "user": "U0ANA000001"},
                {"type": "member_joined_channel", "user": "U0ANA000001", "channel": "C1", "team": "T1"},
                {"type": "team_join", "user": {"id": "U1", "profile": {"real_name": "x"}, "tz": "UTC"}},
            ],
            start=3,
        )
    ),
    {"type": "app_rate_limited", "team_id": "T0NORTHWIND", "minute_rate_limited": 1518467820},
    {"type": "url_verification", "challenge": "x"},
]


@st.composite
def bent(draw: st.DrawFn, whole: list[Any]) -> Any:
    """One of these, with something in it replaced, removed or added."""
    payload = copy.deepcopy(draw(st.sampled_from(whole)))
    for _ in range(draw(st.integers(1, 2))):
        inner = payload
        while True:
            key = draw(st.sampled_from(sorted(inner) if isinstance(inner, dict) else range(len(inner))))
            below = inner[key]
            if not isinstance(below, dict | list) or not below or draw(st.integers(0, 2)) == 0:
                break
            inner = below
        match draw(st.sampled_from(["replace", "remove", "add"])):
            case "remove" if isinstance(inner, dict):
                del inner[key]
            case "add" if isinstance(inner, dict):
                inner[draw(words | st.text(max_size=5))] = draw(values)
            case _:
                inner[key] = draw(values)
    return payload


@quick
@given(payload=bent(INTERACTIONS))
async def test_bent_interactions(door: Door, payload: Any) -> None:
    status, text = await door.interaction(payload)
    assert status in (200, 400), text


@quick
@given(payload=bent(EVENTS))
async def test_bent_events(door: Door, payload: Any) -> None:
    status, text = await door.event(payload)
    assert status in (200, 400), text


@pytest.mark.parametrize(
    "bend",
    [
        {"event_id": None},
        {"event": {"type": "user_change"}},
        {"event": {"type": "user_change", "user": None}},
        {"event": {"type": "team_join", "user": {"id": "U1", "profile": []}}},
        {"event": {"type": "channel_archive", "channel": {"id": "C1"}}},
        {"event": {"type": "member_left_channel", "channel": "C1"}},
        {"event": {"type": "tokens_revoked", "tokens": 5}},
        {"event": {"type": "tokens_revoked", "tokens": None}},
        {"event": {"type": "tokens_revoked", "tokens": {"bot": 5}}},
        {"event": {"type": "tokens_revoked"}},
    ],
    ids=str,
)
async def test_an_event_that_lacks_what_its_type_has_is_malformed(door: Door, bend: dict[str, Any]) -> None:
    assert (await door.event({**EVENTS[0], **bend}))[0] == 400


@pytest.mark.parametrize("lacking", ["type", "id", "hash", "blocks", "state"])
async def test_a_form_that_lacks_what_forms_have_is_malformed(door: Door, lacking: str) -> None:
    view = {name: value for name, value in VIEW.items() if name != lacking}
    assert (await door.interaction({**INTERACTIONS[0], "view": view}))[0] == 400


async def test_an_installation_for_a_whole_organization_names_no_team(
    door: Door, ana: Person, sql: Sql
) -> None:
    await ana.types("/goals set")
    submitted = {"type": "view_submission", "user": ABOUT["user"], **ORG_WIDE, "view": {**VIEW, "state": SET}}
    status, text = await door.interaction(submitted)
    assert (status, text) == (200, "")
    assert await sql.value("SELECT to_signup_goal FROM goal_changes") == 20
    for payload in INTERACTIONS[1:4]:
        assert (await door.interaction({**payload, **ORG_WIDE}))[0] == 200, payload["type"]


@pytest.mark.parametrize("kind", ["shortcut", "message_action"])
@pytest.mark.parametrize("user", [{"id": "U0ANA000001"}, {"id": "U0ANA000001", "team_id": "T0NORTHWIND"}])
def test_a_shortcut_of_such_an_installation_is_well_formed(kind: str, user: dict[str, str]) -> None:
    [payload] = [one for one in INTERACTIONS if one["type"] == kind]
    assert checked("interactive", {**payload, **ORG_WIDE, "user": user})["user"] == user


async def test_that_slack_holds_events_back_is_taken_in(door: Door, caplog: pytest.LogCaptureFixture) -> None:
    status, _ = await door.event(
        {
            "token": "x",
            "type": "app_rate_limited",
            "team_id": "T0NORTHWIND",
            "minute_rate_limited": 1518467820,
            "api_app_id": "A1",
        }
    )
    assert status == 200
    assert "Slack holds back events" in caplog.text


@quick
@given(payload=values)
async def test_any_json(door: Door, payload: Any) -> None:
    assert (await door.event(payload))[0] == 400
    assert (await door.interaction(payload))[0] == 400


@quick
@given(fields=st.dictionaries(st.sampled_from(sorted(COMMAND)), words | st.text(max_size=30), max_size=3))
async def test_any_fields_of_a_command(door: Door, fields: dict[str, str]) -> None:
    fields = {name: text.encode("utf-8", "replace").decode() for name, text in fields.items()}
    status, text = await door.command(**fields)
    assert status in (200, 400), text


@quick
@given(body=st.binary(max_size=200), json_kind=st.booleans())
async def test_any_bytes(door: Door, body: bytes, json_kind: bool) -> None:
    status, text = await door.post(body, kind=JSON if json_kind else None)
    assert status == 400, text


@quick
@given(typed=st.text(max_size=60) | st.lists(words | figures))
async def test_any_line(door: Door, ana: Person, typed: Any) -> None:
    line = typed if isinstance(typed, str) else " ".join(typed)
    line = line.encode("utf-8", "replace").decode().replace("\0", "")
    status, text = await door.command(text=f"set {line} 20")
    assert status == 200
    assert "went wrong on our side" not in json.loads(text)["text"]
