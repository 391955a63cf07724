"""Saying things: intents are written in the transaction that causes them, and sent later by the courier."""

import json
from collections.abc import Mapping
from dataclasses import astuple, dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from domain.outbox.model import Mode


def to_user(user_id: int) -> str:
    """The audience that is one person's direct messages."""
    return f"user:{user_id}"


def to_channel(slack_channel: str) -> str:
    """The audience that is a channel."""
    return f"channel:{slack_channel}"


@dataclass(frozen=True, slots=True)
class Topic:
    """What a message is about. Two messages with equal topics are about the same thing."""

    subject: str
    """Which kind of thing, e.g. `goal`."""
    sales_rep_id: int | None = None
    period: str | None = None
    """As `str()` writes a goal or a period."""
    stage: str | None = None
    """Which of several messages about the same thing, e.g. the one on the last day."""
    round: int | None = None
    """How often the stages have been planned: the second and later rounds have messages of their own."""
    part: str | None = None
    """What else tells it apart from others, e.g. the id of a row. It is never parsed."""


@dataclass(frozen=True, slots=True)
class Saying:
    """What is to be said: which message (`kind`), to whom, about what, with which facts.

    `facts` point at rows rather than copying figures, since a message is made when it is sent.
    """

    kind: str
    audience: str
    topic: Topic
    facts: Mapping[str, Any] = field(default_factory=dict)
    due_at: datetime | None = None
    """Business time; None is now."""


_TOPIC = ("subject", "sales_rep_id", "period", "stage", "round", "part")
_INTENT = ("mode", "kind", "audience", *_TOPIC, "facts", "dedupe_key", "due_at")
"""The columns of the type `intent`, in order."""


def intent(**columns: str) -> str:
    """SQL: an intent whose columns are these expressions, and null otherwise; `goalkeeper_say` takes many."""
    row = ", ".join(columns.pop(name, "NULL") for name in _INTENT)
    assert not columns, f"an intent has no {', '.join(columns)}"
    return f"CAST(ROW({row}) AS intent)"


def edit_of(post: str) -> str:
    """SQL: the edit that brings this row of `outbox` up to date."""
    copied = {name: f"{post}.{name}" for name in ("kind", "audience", *_TOPIC, "facts")}
    return intent(mode="'edit'", **copied)


_SAY = text(f"SELECT goalkeeper_say(ARRAY[{intent(**{name: f':{name}' for name in _INTENT})}])")


async def post(session: AsyncSession, saying: Saying, dedupe_key: str | None = None) -> bool:
    """Post a message once (by `dedupe_key`, else by topic); return False if it had been posted before."""
    return await say(session, Mode.POST, saying, dedupe_key)


async def edit(session: AsyncSession, saying: Saying) -> None:
    """Update the message of this topic, after it has been posted."""
    await say(session, Mode.EDIT, saying)


async def tell(session: AsyncSession, saying: Saying) -> None:
    """Post a message, or update the one posted for its topic: there is only one message per topic."""
    if not await post(session, saying):
        await edit(session, saying)


async def say(session: AsyncSession, mode: Mode, saying: Saying, dedupe_key: str | None = None) -> bool:
    """Put an intent into the outbox; False if it is a post and was there already."""
    values = {
        **dict(zip(_TOPIC, astuple(saying.topic), strict=True)),
        "mode": mode.value,
        "kind": saying.kind,
        "audience": saying.audience,
        "facts": json.dumps(dict(saying.facts)),
        "dedupe_key": dedupe_key,
        "due_at": saying.due_at,
    }
    written: int = (await session.execute(_SAY, values)).scalar_one()
    return written == 1
