"""What comes next by the business clock, in words: for the sandbox's clock."""

from datetime import datetime
from itertools import groupby

from sqlalchemy.ext.asyncio import AsyncSession

from domain.reminders import upcoming
from domain.reminders.upcoming import NextDue

_NAMED = 3


async def coming(session: AsyncSession, now: datetime, most: int) -> list[tuple[datetime, str]]:
    """The next `most` times at which something is due, and all that is due then."""
    found = groupby(await upcoming.coming(session, now, most), lambda one: one.at)
    return [(at, "; ".join(map(_words, due))) for at, due in found]


def _words(one: NextDue) -> str:
    named = list(one.whom[:_NAMED])
    if more := len(one.whom) - len(named):
        named.append(f"{more} more")
    whom = " and ".join([", ".join(named[:-1]), named[-1]] if len(named) > 1 else named)
    return f"{one.what} for {whom}"
