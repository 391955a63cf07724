"""What a Web API method is: what it does, and what the caller must hold."""

import base64
import binascii
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar

from sandbox.errors import SlackRefusal
from sandbox.methods.arguments import Arguments
from sandbox.model import Json
from sandbox.slack import Slack

T = TypeVar("T")


@dataclass(frozen=True)
class Method:
    """One method; `run` gives the answer without `ok`. One of `scopes` is enough."""

    run: Callable[[Slack, Arguments], Json]
    scopes: tuple[str, ...] = ()
    token: Literal["bot", "app", "none"] = "bot"


Methods = Mapping[str, Method]


def page(items: Sequence[T], arguments: Arguments, default: int, most: int) -> tuple[list[T], str]:
    """One page of items and the cursor of the next (empty: that was all)."""
    start = _start(arguments.find_text("cursor"))
    end = start + arguments.number("limit", default, most)
    cursor = base64.b64encode(f"next:{end}".encode()).decode() if end < len(items) else ""
    return list(items[start:end]), cursor


def _start(cursor: str | None) -> int:
    if cursor is None:
        return 0
    try:
        return int(base64.b64decode(cursor, validate=True).decode().removeprefix("next:"))
    except (ValueError, binascii.Error):
        raise SlackRefusal("invalid_cursor") from None
