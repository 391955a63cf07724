"""Limits: requests a token may send, and bytes a body may have."""

import math
from collections.abc import Callable

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.http.api.problems import TooManyRequests
from domain.access.model import TokenId

PER_SECOND = 10.0
BURST = 100
BODY_MAX = 1_000_000
"""Bytes of a body that isn't streamed."""
STREAMED = ("text/csv", "application/x-ndjson", "application/jsonl")
"""Media types of bodies that are read row by row, however long they are."""
_MANY = 10_000


class RateLimit:
    """A token bucket for each API token, in this copy of the bot; `clock` counts seconds."""

    def __init__(
        self, clock: Callable[[], float], per_second: float = PER_SECOND, burst: int = BURST
    ) -> None:
        self._clock = clock
        self._per_second = per_second
        self._burst = burst
        self._left: dict[TokenId, tuple[float, float]] = {}

    def take(self, token_id: TokenId) -> None:
        """Count one request.

        Raises:
            TooManyRequests: the token has none left; says in how many seconds it has one.
        """
        now = self._clock()
        left = self._now_left(token_id, now)
        if left < 1:
            wait = max(1, math.ceil((1 - left) / self._per_second))
            raise TooManyRequests("Too many requests with this token. Please slow down.", retry_after=wait)
        self._left[token_id] = (left - 1, now)
        if len(self._left) > _MANY:
            self._left = {each: kept for each, kept in self._left.items() if not self._is_full(each, now)}

    def _now_left(self, token_id: TokenId, now: float) -> float:
        left, at = self._left.get(token_id, (float(self._burst), now))
        return min(self._burst, left + (now - at) * self._per_second)

    def _is_full(self, token_id: TokenId, now: float) -> bool:
        return self._now_left(token_id, now) >= self._burst


class LimitedBodies:
    """ASGI middleware that refuses bodies that are too large, unless they are streamed."""

    def __init__(self, app: ASGIApp, most: int = BODY_MAX) -> None:
        self._app = app
        self._most = most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; 413 once more bytes have come than may."""
        if scope["type"] != "http" or _is_streamed(scope):
            await self._app(scope, receive, send)
            return
        received = 0

        async def counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > self._most:
                raise HTTPException(413, f"Send at most {self._most:,} bytes.")
            return message

        await self._app(scope, counted, send)


def _is_streamed(scope: Scope) -> bool:
    kinds = [value.decode("latin-1") for name, value in scope["headers"] if name == b"content-type"]
    return any(kind.partition(";")[0].strip().lower() in STREAMED for kind in kinds)
