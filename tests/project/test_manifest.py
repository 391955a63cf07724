"""The manifest: what Slack accepts, and what the code needs."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from bot.app import FEATURES
from bot.cli.doctor.slack import NEEDED_SCOPES, OPTIONAL_SCOPES
from bot.tryout import read_manifest
from sandbox import Manifest

ROOT = Path(__file__).parents[2]
SCHEMA = ROOT.parent / "shared" / "schemas" / "manifest.schema.2.0.0.json"


@pytest.fixture(scope="module")
def manifest() -> Any:
    return yaml.safe_load((ROOT / "manifest.yml").read_text(encoding="utf-8"))


@pytest.mark.skipif(
    not SCHEMA.exists(), reason="NOT CHECKED: Slack's manifest schema is not at ../shared/schemas"
)
def test_slack_accepts_the_manifest(manifest: Any) -> None:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    errors = list(jsonschema.validators.validator_for(schema)(schema).iter_errors(manifest))
    assert [f"{error.json_path}: {error.message}" for error in errors] == []


def test_people_are_mentioned_by_id(manifest: Any) -> None:
    [goals] = manifest["features"]["slash_commands"]
    assert (goals["command"], goals["should_escape"]) == ("/goals", True)


def test_the_scopes_are_those_that_the_doctor_asks_for(manifest: Any) -> None:
    scopes = manifest["oauth_config"]["scopes"]
    assert set(scopes["bot_optional"]) == set(OPTIONAL_SCOPES)
    assert set(scopes["bot"]) == {*NEEDED_SCOPES, *OPTIONAL_SCOPES}


def test_every_shortcut_is_answered() -> None:
    app = Manifest.read(read_manifest() or {})
    assert {one.callback_id for one in app.shortcuts} == set(FEATURES.shortcuts)


def test_the_sandbox_obeys_it() -> None:
    app = Manifest.read(read_manifest() or {})
    assert [one.command for one in app.commands] == ["/goals"]
    assert set(app.scopes) == set(NEEDED_SCOPES)
    assert app.subscribes("team_join")


def test_people_can_write_to_goalkeeper(manifest: Any) -> None:
    app = Manifest.read(manifest)
    assert (app.messages_tab, app.closed) == (True, False)
    assert app.subscribes("message.im")
    assert "im:history" in app.scopes


def test_each_event_and_scope_of_its_own_messages_says_why() -> None:
    lines = (ROOT / "manifest.yml").read_text(encoding="utf-8").splitlines()
    needed = ("messages_tab_read_only_enabled", "- message.im", "- im:history")
    assert [line for line in lines if line.strip().startswith(needed) and "#" not in line] == []


def test_everything_comes_in_by_one_door(manifest: Any) -> None:
    settings = manifest["settings"]
    addresses = {
        manifest["features"]["slash_commands"][0]["url"],
        settings["interactivity"]["request_url"],
        settings["event_subscriptions"]["request_url"],
    }
    assert addresses == {"https://goalkeeper.example.com/slack/events"}


def test_the_home_tab_is_off_until_there_is_one(manifest: Any) -> None:
    assert manifest["features"]["app_home"]["home_tab_enabled"] is (ROOT / "bot" / "home").exists()
    assert ("app_home_opened" in manifest["settings"]["event_subscriptions"]["bot_events"]) is (
        ROOT / "bot" / "home"
    ).exists()
