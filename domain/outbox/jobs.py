"""The outbox's job: forgetting Slack's events that Slack won't send again."""

from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from domain.jobs import Job

_FORGET_EVENTS = text("SELECT goalkeeper_forget_events()")


async def forget_events(session: AsyncSession, _now: datetime) -> int:
    """Delete a tick's share of them, ten thousand at most; the rest is for the next ticks."""
    await session.execute(_FORGET_EVENTS)
    return 0


FORGET_EVENTS = Job("events", forget_events)
