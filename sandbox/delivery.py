"""What Slack sends to the bot, over signed HTTP or Socket Mode, and what the person sees when that fails."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import aiohttp

from sandbox.model import Json
from sandbox.slack import Slack
from sandbox.sockets import Envelope, Outcome
from sandbox.time import elapsed

ACK_SECONDS = 3.0
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}
_JSON = {"Content-Type": "application/json"}
_AGENT = "Slackbot 1.0 (+https://api.slack.com/robots)"


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


@dataclass(frozen=True)
class Parcel:
    """Something to deliver; without an `envelope` it goes over HTTP alone."""

    label: str
    payload: Any
    body: str
    headers: Mapping[str, str]
    envelope: Envelope | None = None


class Delivery:
    """The way to the bot: its request URL, or its sockets.

    `ack_seconds` is how long Slack waits. `socket_mode` None means: over sockets while any is connected.
    """

    def __init__(
        self,
        slack: Slack,
        request_url: str,
        ack_seconds: float = ACK_SECONDS,
        socket_mode: bool | None = None,
    ) -> None:
        self.slack = slack
        self.request_url = request_url
        self.ack_seconds = ack_seconds
        self.socket_mode = socket_mode
        self._http: aiohttp.ClientSession | None = None

    def signed(self, body: str, *, at: float | None = None, secret: str | None = None) -> dict[str, str]:
        """Slack's signature headers for a raw body."""
        stamp = str(int(self.slack.now() if at is None else at))
        key = (secret or self.slack.workspace.signing_secret).encode()
        digest = hmac.new(key, f"v0:{stamp}:{body}".encode(), hashlib.sha256).hexdigest()
        return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={digest}"}

    @property
    def over_sockets(self) -> bool:
        """Whether deliveries go over Socket Mode now."""
        return self.slack.sockets.connected > 0 if self.socket_mode is None else self.socket_mode

    async def command(self, payload: Mapping[str, str]) -> Ack:
        """Delivers a slash command."""
        label = f"{payload['command']} {payload['text']}".strip()
        envelope = Envelope("slash_commands", dict(payload), accepts=True)
        return await self._deliver(Parcel(label, payload, urlencode(payload), _FORM, envelope))

    async def interaction(self, payload: Json) -> Ack:
        """Deliver what somebody did: block_actions, a shortcut, view_submission or view_closed."""
        body = urlencode({"payload": json.dumps(payload, ensure_ascii=False)})
        envelope = Envelope("interactive", payload, accepts=payload["type"] == "view_submission")
        return await self._deliver(Parcel(_label(payload), payload, body, _FORM, envelope))

    async def event(self, payload: Json, retry: int = 0, reason: str = "") -> Ack:
        """Delivers an event, the `retry`-th time again if above 0."""
        again = {"X-Slack-Retry-Num": str(retry), "X-Slack-Retry-Reason": reason} if retry else {}
        label = str(payload.get("event", payload).get("type"))
        # Slack checks a request URL over HTTP whatever the mode. Over sockets every reason is `timeout`.
        why = "timeout" if retry else ""
        envelope = Envelope("events_api", payload, False, retry, why) if "event" in payload else None
        return await self._deliver(Parcel(label, payload, json.dumps(payload), {**_JSON, **again}, envelope))

    async def raw(self, body: str, headers: Mapping[str, str]) -> Ack:
        """Sends anything over HTTP, unsigned unless the headers say so."""
        return await self._deliver(Parcel("raw", body, body, headers), sign=False)

    async def close(self) -> None:
        """Closes the connections to the bot."""
        if self._http is not None:
            await self._http.close()
            self._http = None

    async def _deliver(self, parcel: Parcel, *, sign: bool = True) -> Ack:
        began = elapsed()
        status, text, error = await self._send(parcel, sign)
        took = elapsed() - began
        ack = Ack(status, text, error, took)
        answer = ack.json() or text or error
        self.slack.traffic.record("to_bot", parcel.label, parcel.payload, answer, status, took)
        return ack

    async def _send(self, parcel: Parcel, sign: bool) -> Outcome:
        if parcel.envelope is not None and self.over_sockets:
            return await self.slack.sockets.deliver(parcel.envelope, self.ack_seconds)
        headers = {"User-Agent": _AGENT, **parcel.headers, **(self.signed(parcel.body) if sign else {})}
        return await self._post(parcel.body, headers)

    async def _post(self, body: str, headers: Mapping[str, str]) -> Outcome:
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
    about = payload.get("view", payload)
    return f"{payload['type']} {about['callback_id']}".strip()
