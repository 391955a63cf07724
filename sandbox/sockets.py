"""Socket Mode: tickets, the open connections, and the envelopes that go over them."""

import asyncio
import json
import logging
import secrets
import uuid
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Literal, Protocol
from urllib.parse import urlencode

from sandbox.changes import Changes
from sandbox.model import Json
from sandbox.time import RealTime

MOST_CONNECTIONS = 10
TICKET_SECONDS = 30.0

Kind = Literal["slash_commands", "interactive", "events_api"]
Reason = Literal["warning", "refresh_requested", "link_disabled", "too_many_websockets"]
Outcome = tuple[int, str, str | None]
"""Status, body and error, as of an HTTP delivery."""

_LOST: Outcome = (0, "", "dispatch_failed")
log = logging.getLogger(__name__)


class ConnectionLost(Exception):
    """There is nobody at the other end any more."""


class Line(Protocol):
    """One websocket; `link` makes them."""

    async def send(self, text: str) -> None:
        """Sends; raises `ConnectionLost`."""

    async def close(self) -> None:
        """Ends it in good order."""

    def abort(self) -> None:
        """Breaks it without a word."""

    def freeze(self) -> None:
        """Nothing passes any more, though it looks open."""

    def incoming(self) -> AsyncIterator[str]:
        """What comes in until it ends."""


@dataclass(frozen=True)
class Envelope:
    """One delivery. Slack takes an answer within the acknowledgement only where `accepts` says so."""

    kind: Kind
    payload: Json
    accepts: bool
    retry: int = 0
    reason: str = ""

    def text(self, envelope_id: str) -> str:
        """As it goes over the wire; only events are retried, and say so."""
        body: Json = {
            "envelope_id": envelope_id,
            "payload": self.payload,
            "type": self.kind,
            "accepts_response_payload": self.accepts,
        }
        if self.kind == "events_api":
            body |= {"retry_attempt": self.retry, "retry_reason": self.reason}
        return json.dumps(body, ensure_ascii=False)


@dataclass
class _Sent:
    """An envelope that waits for its acknowledgement."""

    line: Line
    accepts: bool
    done: asyncio.Future[Outcome]


class Sockets:
    """The app's Socket Mode connections, and what can go wrong with them.

    `refusing` turns new connections away at the handshake; `ack_delay` is how many seconds late the bot's
    acknowledgements arrive.
    """

    def __init__(self, changes: Changes, now: RealTime) -> None:
        self._changes = changes
        self._now = now
        self._tickets: dict[str, float] = {}
        self._lines: list[Line] = []
        self._leaving: set[Line] = set()
        self._sent: dict[str, _Sent] = {}
        self._turn = 0
        self.refusing = False
        self.ack_delay = 0.0

    @property
    def connected(self) -> int:
        """How many connections take deliveries."""
        return len(self._open())

    def url(self, base_url: str, app_id: str) -> str:
        """An address for one new connection, good for half a minute."""
        now = self._now()
        self._tickets = {ticket: until for ticket, until in self._tickets.items() if until > now}
        ticket = str(uuid.uuid4())
        self._tickets[ticket] = now + TICKET_SECONDS
        query = urlencode({"ticket": ticket, "app_id": app_id})
        return f"{base_url.replace('http', 'ws', 1)}/link/?{query}"

    def admits(self, ticket: str) -> bool:
        """Whether whoever shows this ticket may come in; it is good for once."""
        return self._tickets.pop(ticket, 0.0) > self._now() and not self.refusing

    async def attend(self, line: Line, app_id: str) -> None:
        """Serves one connection until it ends."""
        if len(self._lines) >= MOST_CONNECTIONS:
            await _say(line, _disconnect("too_many_websockets"))
            await line.close()
            return
        self._lines.append(line)
        try:
            with suppress(ConnectionLost):
                await line.send(json.dumps(self._hello(app_id)))
                self._tell()
                async for text in line.incoming():
                    self._take(text)
        finally:
            self._forget(line)

    async def deliver(self, envelope: Envelope, seconds: float) -> Outcome:
        """Sends an envelope over one of the connections, in turn, and waits so long for its acknowledgement.

        An acknowledgement may come over another connection, as after a refresh. Who loses the connection
        otherwise has lost what came over it: Slack repeats events alone.
        """
        lines = self._open()
        if not lines:
            return _LOST
        self._turn += 1
        line = lines[self._turn % len(lines)]
        envelope_id = str(uuid.uuid4())
        sent = _Sent(line, envelope.accepts, asyncio.get_running_loop().create_future())
        self._sent[envelope_id] = sent
        try:
            async with asyncio.timeout(seconds):
                await line.send(envelope.text(envelope_id))
                self._tell()
                return await sent.done
        except ConnectionLost:
            return _LOST
        except TimeoutError:
            return 0, "", "operation_timeout"
        finally:
            del self._sent[envelope_id]

    async def disconnect(self, reason: Reason = "refresh_requested") -> None:
        """Tells every connection that it is about to end, or with `link_disabled` ends it.

        After `refresh_requested` nothing more is delivered over it; it stays open for what is in hand until
        the bot closes it. `warning` changes nothing yet.
        """
        for line in self._lines.copy():
            if reason != "warning":
                self._leaving.add(line)
            await _say(line, _disconnect(reason))
            if reason == "link_disabled":
                await line.close()
        self._tell()

    def drop(self) -> None:
        """Breaks every connection without a word."""
        for line in self._lines.copy():
            line.abort()

    def freeze(self) -> None:
        """Every connection stays open and silent, pings included, as behind a dead router."""
        for line in self._lines:
            line.freeze()

    async def close(self) -> None:
        """Ends every connection in good order."""
        for line in self._lines.copy():
            await line.close()

    def restore(self) -> None:
        """New connections are welcome again, and acknowledgements on time."""
        self.refusing, self.ack_delay = False, 0.0

    def _open(self) -> list[Line]:
        return [line for line in self._lines if line not in self._leaving]

    def _take(self, text: str) -> None:
        try:
            ack = json.loads(text)
            envelope_id = ack["envelope_id"]
        except (ValueError, KeyError, TypeError):
            log.debug("the bot sent over its socket what is no acknowledgement")
            return
        if self.ack_delay:
            loop = asyncio.get_running_loop()
            loop.call_later(self.ack_delay, self._settle, envelope_id, ack.get("payload"))
        else:
            # At once: the bot may close the connection right behind its last acknowledgement.
            self._settle(envelope_id, ack.get("payload"))

    def _settle(self, envelope_id: str, payload: object) -> None:
        sent = self._sent.get(envelope_id)
        if sent is None or sent.done.done():
            return
        body = payload if sent.accepts else None
        text = body if isinstance(body, str) else json.dumps(body, ensure_ascii=False) if body else ""
        sent.done.set_result((200, text, None))

    def _forget(self, line: Line) -> None:
        if line in self._lines:
            self._lines.remove(line)
        orderly = line in self._leaving
        self._leaving.discard(line)
        for sent in self._sent.values():
            if sent.line is line and not sent.done.done() and not orderly:
                sent.done.set_result(_LOST)
        self._tell()

    def _hello(self, app_id: str) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self._lines),
            "connection_info": {"app_id": app_id},
            "debug_info": {**_HOST, "approximate_connection_time": 18060, "build_number": 1},
        }

    def _tell(self) -> None:
        self._changes.tell("sockets", connected=self.connected)


_HOST = {"host": f"applink-{secrets.token_hex(4)}"}


def _disconnect(reason: Reason) -> Json:
    return {"type": "disconnect", "reason": reason, "debug_info": _HOST}


async def _say(line: Line, message: Json) -> None:
    try:
        await line.send(json.dumps(message))
    except ConnectionLost:
        log.debug("a connection ended before it was told so")
