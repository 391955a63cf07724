"""What comes next by the business clock, in words: for the sandbox's clock."""

from datetime import datetime
from itertools import groupby

from sqlalchemy.ext.asyncio import AsyncSession

from domain import flow
from domain.jobs import Coming

_NAMED = 3


async def coming(session: AsyncSession, now: datetime, most: int) -> list[tuple[datetime, str]]:
    """Return the next `most` times at which something is due, and all that is due then."""
    found = groupby(await flow.coming(session, now, most), lambda each: each.at)
    return [(at, "; ".join(map(_words, due))) for at, due in found]


def _words(due: Coming) -> str:
    named = list(due.whom[:_NAMED])
    if more := len(due.whom) - len(named):
        named.append(f"{more} more")
    whom = " and ".join([", ".join(named[:-1]), named[-1]] if len(named) > 1 else named)
    return f"{due.what} for {whom}"
