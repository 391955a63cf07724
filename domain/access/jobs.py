"""The job of API access: forgetting replies whose request nobody sends again."""

from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from domain.jobs import Job

_FORGET = text("SELECT goalkeeper_forget_replies()")


async def forget_replies(session: AsyncSession, _now: datetime) -> int:
    """Delete a tick's share of them, ten thousand at most."""
    await session.execute(_FORGET)
    return 0


FORGET_REPLIES = Job("replies", forget_replies)
