"""Saying things: intents are written in the transaction that causes them, and sent later by the courier."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import CursorResult, text
from sqlalchemy.ext.asyncio import AsyncSession


def to_user(user_id: int) -> str:
    """The audience that is one person's direct messages."""
    return f"user:{user_id}"


def to_channel(slack_channel: str) -> str:
    """The audience that is a channel."""
    return f"channel:{slack_channel}"


@dataclass(frozen=True, slots=True)
class Saying:
    """What is to be said: which message (`kind`), to whom, about what, with which facts.

    `facts` point at rows rather than copying figures, since a message is made when it is sent.
    """

    kind: str
    audience: str
    topic: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    due_at: datetime | None = None
    """Business time; None is now."""


_POST = text("""
INSERT INTO outbox (kind, audience, topic, facts, mode, dedupe_key, due_at)
VALUES (:kind, :audience, :topic, CAST(:facts AS jsonb), 'post', :dedupe_key,
        coalesce(CAST(:due_at AS timestamptz), goalkeeper_now()))
    ON CONFLICT (workspace_id, dedupe_key) DO NOTHING
""")
# An edit that has not been sent yet is replaced: only the newest state is worth showing.
_EDIT = text("""
INSERT INTO outbox (kind, audience, topic, facts, mode, due_at)
VALUES (:kind, :audience, :topic, CAST(:facts AS jsonb), 'edit',
        coalesce(CAST(:due_at AS timestamptz), goalkeeper_now()))
    ON CONFLICT (workspace_id, topic) WHERE mode = 'edit' AND status = 'pending'
    DO UPDATE SET kind = excluded.kind, facts = excluded.facts
""")


async def post(session: AsyncSession, saying: Saying, dedupe_key: str | None = None) -> bool:
    """Say something once for ever (by `dedupe_key`, else by topic); whether it had not been said before."""
    written = await session.execute(_POST, {**_row(saying), "dedupe_key": dedupe_key or saying.topic})
    assert isinstance(written, CursorResult)
    return written.rowcount == 1


async def edit(session: AsyncSession, saying: Saying) -> None:
    """Bring the message of this topic up to date once it has been posted."""
    await session.execute(_EDIT, _row(saying))


async def tell(session: AsyncSession, saying: Saying) -> None:
    """Say it, or bring what was said of this topic up to date: one message a topic, ever."""
    if not await post(session, saying):
        await edit(session, saying)


def _row(saying: Saying) -> dict[str, Any]:
    return {
        "kind": saying.kind,
        "audience": saying.audience,
        "topic": saying.topic,
        "facts": json.dumps(dict(saying.facts)),
        "due_at": saying.due_at,
    }
