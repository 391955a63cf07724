"""Slack, as far as a benchmark needs it: signed commands, one after another, from a process of its own."""

import hashlib
import hmac
import sys
from http.client import HTTPConnection
from urllib.parse import urlencode

from bot.clock import real_seconds

TEAM, SECRET = "TBENCH", "signing"


def call(port: int, line: str, first: int, times: int) -> None:
    """Type `/goals` and the line so many times, with a number counted up from `first` in place of `{n}`.

    Raises:
        AssertionError: an answer isn't Bolt's own 200.
    """
    connection = HTTPConnection("127.0.0.1", port)
    for turn in range(first, first + times):
        body, headers = _signed(line.format(n=turn))
        connection.request("POST", "/slack/events", body, headers)
        response = connection.getresponse()
        said = response.read()
        assert response.status == 200, said
        assert b"try again" not in said, said


def _signed(line: str) -> tuple[bytes, dict[str, str]]:
    fields = {
        "token": "x",
        "team_id": TEAM,
        "team_domain": "bench",
        "channel_id": "D0BENCH",
        "channel_name": "directmessage",
        "user_id": "U1",
        "user_name": "rep",
        "command": "/goals",
        "text": line,
        "api_app_id": "A0BENCH",
        "is_enterprise_install": "false",
        "response_url": "http://127.0.0.1:9/response",
        "trigger_id": "1.2.3",
    }
    body = urlencode(fields).encode()
    at = str(int(real_seconds()))
    signature = hmac.new(SECRET.encode(), b"v0:" + at.encode() + b":" + body, hashlib.sha256).hexdigest()
    return body, {
        "content-type": "application/x-www-form-urlencoded",
        "x-slack-request-timestamp": at,
        "x-slack-signature": f"v0={signature}",
    }


if __name__ == "__main__":
    call(int(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
