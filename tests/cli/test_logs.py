import json
import logging
from typing import cast

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.logs import about, configure, redact
from bot.slack.app import create_bolt
from bot.slack.installations import Installations

SECRETS = [
    "xoxb-1234567890-abcDEF",
    "xoxe.xoxb-1-abcdef",
    "xoxp-99-abc",
    "xapp-1-A02-33-deadbeef",
    "https://hooks.slack.com/commands/T1/2/abcDEF",
    "https://hooks.slack.com/actions/T1/2/abcDEF",
    "http://127.0.0.1:8000/sandbox/commands/T1/abcDEF",
    "1337.42.0123456789abcdef0123456789abcdef".replace("1337.42", "13345224609.738474920"),
]


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize("style", ["text", "json"])
def test_what_looks_like_a_secret_is_left_out(
    style: str, secret: str, capsys: pytest.CaptureFixture[str]
) -> None:
    configure("json" if style == "json" else "text")
    logging.getLogger("slack_bolt.App").warning("sent %s", {"value": secret, "why": "test"})
    line = capsys.readouterr().err
    assert secret not in line
    assert "[redacted]" in line
    assert "why" in line


@pytest.mark.parametrize("secret", SECRETS)
def test_tracebacks_have_no_secrets_either(secret: str, capsys: pytest.CaptureFixture[str]) -> None:
    configure()
    try:
        raise ValueError(f"could not post to {secret}")
    except ValueError:
        logging.getLogger("bot").exception("failed")
    line = capsys.readouterr().err
    assert "Traceback" in line
    assert secret not in line


@pytest.mark.parametrize("style", ["text", "json"])
def test_a_registered_secret_is_left_out_wherever_it_is(
    style: str, capsys: pytest.CaptureFixture[str]
) -> None:
    configure("json" if style == "json" else "text", secrets=['8f74"2e', ""])
    logging.getLogger("uvicorn.error").error('with 8f74"2e in it', extra={"header": '8f74"2e'})
    line = capsys.readouterr().err
    assert "8f74" not in line
    assert "in it" in line


@pytest.mark.parametrize(
    ("line", "redacted"),
    [
        ('{"trigger_id": "12.34.ab", "user": "U1"}', '{"trigger_id": "[redacted]", "user": "U1"}'),
        ("trigger_id=12.34.ab&user=U1", "trigger_id=[redacted]&user=U1"),
        (r"{\"response_url\": \"http://x/y\"}", r"{\"response_url\": \"[redacted]\"}"),
        ("postgresql://me:hunter2@db:5432/goals", "postgresql://me:[redacted]@db:5432/goals"),
        ("Authorization: Bearer abc.def", "Authorization: Bearer [redacted]"),
        ("rep 12 set 20 signups at 10:30", "rep 12 set 20 signups at 10:30"),
        ("response_url=None", "response_url=None"),
    ],
)
def test_secrets_are_known_by_name_too(line: str, redacted: str) -> None:
    assert redact(line) == redacted


def test_each_line_says_what_it_is_about(capsys: pytest.CaptureFixture[str]) -> None:
    configure("json")
    with about(request="r1"), about(intent=42):
        logging.getLogger("bot.courier").info("sent", extra={"channel": "C1"})
    logging.getLogger("bot.courier").info("idle")
    within, after = map(json.loads, capsys.readouterr().err.splitlines())
    assert (within["request"], within["intent"], within["channel"]) == ("r1", "42", "C1")
    assert (within["level"], within["logger"], within["message"]) == ("info", "bot.courier", "sent")
    assert within["time"].endswith("+00:00")
    assert "request" not in after


def test_a_traceback_is_one_json_line(capsys: pytest.CaptureFixture[str]) -> None:
    configure("json")
    try:
        raise ValueError("no")
    except ValueError:
        logging.getLogger("bot").exception("failed")
    [line] = capsys.readouterr().err.splitlines()
    assert "ValueError: no" in json.loads(line)["exception"]


def test_people_read_text(capsys: pytest.CaptureFixture[str]) -> None:
    configure("text")
    with about(request="r1"):
        logging.getLogger("bot.goals").warning("late")
    assert capsys.readouterr().err.endswith("WARNING  bot.goals: late (request=r1)\n")


async def test_bolt_does_not_wonder_at_the_token(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-1")
    configure()
    create_bolt(AsyncWebClient(), cast(Installations, None))
    assert capsys.readouterr().err == ""
