"""Requests to the running bot, byte by byte."""

import hashlib
import hmac
import io
import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import aiohttp
import pytest

from bot.app import Bot
from bot.clock import real_seconds
from sandbox import Sandbox
from tests.slack.conftest import _northwind as _northwind
from tests.slack.conftest import _served as _served
from tests.slack.conftest import ana as ana
from tests.slack.conftest import bot as bot
from tests.slack.conftest import clock as clock
from tests.slack.conftest import database_url as database_url
from tests.slack.conftest import sandbox as sandbox
from tests.slack.conftest import told as told

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"


@dataclass(frozen=True)
class Door:
    """Where Slack's requests go in."""

    url: str
    secret: str
    http: aiohttp.ClientSession

    def sign(self, body: bytes, at: float | str | None = None, secret: str | None = None) -> dict[str, str]:
        """The headers that Slack would send with this body."""
        stamp = str(int(real_seconds()) if at is None else at)
        base = b"v0:" + stamp.encode() + b":" + body
        digest = hmac.new((secret or self.secret).encode(), base, hashlib.sha256).hexdigest()
        return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={digest}"}

    async def post(
        self, body: bytes, headers: Mapping[str, str] | None = None, kind: str | None = FORM
    ) -> tuple[int, str]:
        """Send this; signed, unless the headers are given."""
        all_headers = dict(self.sign(body) if headers is None else headers)
        if kind is not None:
            all_headers["Content-Type"] = kind
        async with self.http.post(self.url, data=io.BytesIO(body), headers=all_headers) as answer:
            return answer.status, await answer.text()

    async def interaction(self, payload: Any) -> tuple[int, str]:
        """Send an interaction."""
        return await self.post(urlencode({"payload": json.dumps(payload)}).encode())

    async def event(self, payload: Any) -> tuple[int, str]:
        """Send an event."""
        return await self.post(json.dumps(payload).encode(), kind=JSON)

    async def command(self, **fields: str) -> tuple[int, str]:
        """Send a command of Ana's; `fields` say what is other than usual."""
        return await self.post(urlencode({**COMMAND, **fields}).encode())


COMMAND = {
    "command": "/goals",
    "text": "help",
    "team_id": "T0NORTHWIND",
    "user_id": "U0ANA000001",
    "trigger_id": "1.2.3",
    "channel_id": "D0",
    "response_url": "http://127.0.0.1:9/",
}


@pytest.fixture
async def door(bot: Bot, sandbox: Sandbox) -> AsyncIterator[Door]:
    """The open door of the running bot."""
    async with aiohttp.ClientSession(skip_auto_headers=["Content-Type"]) as http:
        yield Door(sandbox.request_url, sandbox.signing_secret, http)
