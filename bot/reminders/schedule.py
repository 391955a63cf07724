"""What comes next by the business clock, in words: for the sandbox's clock."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from domain.reminders import upcoming
from domain.reminders.upcoming import NextDue

_NAMED = 3


async def next_due(session: AsyncSession, now: datetime) -> tuple[datetime, str] | None:
    """When something is due next, and all that is due then."""
    coming = await upcoming.next_due(session, now)
    return (coming[0].at, "; ".join(map(_words, coming))) if coming else None


def _words(one: NextDue) -> str:
    named = list(one.whom[:_NAMED])
    if more := len(one.whom) - len(named):
        named.append(f"{more} more")
    whom = " and ".join([", ".join(named[:-1]), named[-1]] if len(named) > 1 else named)
    return f"{one.what} for {whom}"
