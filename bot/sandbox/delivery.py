"""Signed HTTP requests to the bot, as Slack makes them, and what the person sees when they fail."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import aiohttp

from bot.sandbox.model import Json
from bot.sandbox.slack import Slack
from bot.sandbox.time import elapsed

ACK_SECONDS = 3.0
_FORM = "application/x-www-form-urlencoded"
_JSON = "application/json"


@dataclass(frozen=True)
class Ack:
    """The bot's answer to a delivery."""

    status: int
    text: str
    error: str | None
    """What Slack shows the person: `operation_timeout`, `dispatch_failed`, or None when all is well."""
    elapsed: float
    """Seconds."""

    def json(self) -> Json:
        """The body as an object; empty when it is none."""
        try:
            body = json.loads(self.text or "{}")
        except ValueError:
            return {}
        return body if isinstance(body, dict) else {}


class Delivery:
    """The way to the bot's request URL. `ack_seconds` is how long Slack waits."""

    def __init__(self, slack: Slack, request_url: str, ack_seconds: float = ACK_SECONDS) -> None:
        self.slack = slack
        self.request_url = request_url
        self.ack_seconds = ack_seconds
        self._http: aiohttp.ClientSession | None = None

    def signed(self, body: str, *, at: float | None = None, secret: str | None = None) -> dict[str, str]:
        """Slack's signature headers for a raw body."""
        stamp = str(int(self.slack.now() if at is None else at))
        key = (secret or self.slack.workspace.signing_secret).encode()
        digest = hmac.new(key, f"v0:{stamp}:{body}".encode(), hashlib.sha256).hexdigest()
        return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={digest}"}

    async def command(self, payload: Mapping[str, str]) -> Ack:
        """Delivers a slash command."""
        label = f"{payload['command']} {payload['text']}".strip()
        return await self._deliver(label, urlencode(payload), _FORM, payload)

    async def interaction(self, payload: Json) -> Ack:
        """Delivers block_actions, view_submission or view_closed."""
        body = urlencode({"payload": json.dumps(payload, ensure_ascii=False)})
        return await self._deliver(_label(payload), body, _FORM, payload)

    async def event(self, payload: Json, retry: int = 0, reason: str = "") -> Ack:
        """Delivers an event, the `retry`-th time again if above 0."""
        headers = {"X-Slack-Retry-Num": str(retry), "X-Slack-Retry-Reason": reason} if retry else {}
        label = str(payload.get("event", payload).get("type"))
        return await self._deliver(label, json.dumps(payload), _JSON, payload, headers)

    async def raw(self, body: str, headers: Mapping[str, str]) -> Ack:
        """Sends anything, unsigned unless the headers say so."""
        return await self._deliver("raw", body, None, body, headers, sign=False)

    async def close(self) -> None:
        """Closes the connections to the bot."""
        if self._http is not None:
            await self._http.close()
            self._http = None

    async def _deliver(
        self,
        label: str,
        body: str,
        content_type: str | None,
        payload: Any,
        more: Mapping[str, str] | None = None,
        *,
        sign: bool = True,
    ) -> Ack:
        headers = {"User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)", **(more or {})}
        if content_type:
            headers["Content-Type"] = content_type
        if sign:
            headers |= self.signed(body)
        began = elapsed()
        status, text, error = await self._send(body, headers)
        took = elapsed() - began
        ack = Ack(status, text, error, took)
        self.slack.traffic.record("to_bot", label, payload, ack.json() or text or error, status, took)
        return ack

    async def _send(self, body: str, headers: Mapping[str, str]) -> tuple[int, str, str | None]:
        if self._http is None:
            # No connection is kept: a request on one that the bot has just closed would fail.
            self._http = aiohttp.ClientSession(connector=aiohttp.TCPConnector(force_close=True))
        try:
            limit = aiohttp.ClientTimeout(total=self.ack_seconds)
            async with self._http.post(
                self.request_url, data=body.encode(), headers=headers, timeout=limit
            ) as got:
                text = await got.text()
                return got.status, text, None if got.status == 200 else "dispatch_failed"
        except TimeoutError:
            return 0, "", "operation_timeout"
        except aiohttp.ClientError:
            return 0, "", "dispatch_failed"


def _label(payload: Json) -> str:
    if payload["type"] == "block_actions":
        return f"block_actions {payload['actions'][0]['action_id']}"
    return f"{payload['type']} {payload['view']['callback_id']}".strip()
