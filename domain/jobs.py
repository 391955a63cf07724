"""Jobs: the small interface of everything that a tick does in a workspace."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

QUARTER_HOUR = "date_bin('15 minutes', goalkeeper_now(), 'epoch') + interval '15 minutes'"
"""SQL: the next quarter of an hour. Local midnights and full hours of every zone fall on one."""


@dataclass(frozen=True, slots=True)
class Planned:
    """A message that a tick would send or, with `skipped`, would not send; and the reason."""

    to: str
    what: str
    why: str
    skipped: bool = False


@dataclass(frozen=True, slots=True)
class Coming:
    """What is due at one instant of business time: the kind of work, and the people it is for."""

    at: datetime
    what: str
    whom: tuple[str, ...]


async def _nothing(_session: AsyncSession, _since: int) -> Sequence[Planned]:
    return ()


async def _nothing_coming(_session: AsyncSession, _now: datetime, _most: int) -> Sequence[Coming]:
    return ()


@dataclass(frozen=True, slots=True)
class Job:
    """One kind of work that ticks do, in the slice that owns it.

    All of it runs in the transaction of a tick, and never commits. A job asks what is due as of now and is
    unique by key, so that running it again changes nothing; it is a fixed number of statements.
    """

    name: str
    run: Callable[[AsyncSession, datetime], Awaitable[int]]
    """Do what is due; return how many rows of work that was."""
    next_at: str | None = None
    """SQL: the business time of the next work, as a scalar; null or None when no time is known yet."""
    explain: Callable[[AsyncSession, int], Awaitable[Sequence[Planned]]] = _nothing
    """Say what the run just now did, for `tick --at`; given the outbox's last id before it."""
    coming: Callable[[AsyncSession, datetime, int], Awaitable[Sequence[Coming]]] = _nothing_coming
    """List the work due at the next instants, up to a number of them; some may turn out not to be needed."""


_NESTED_LOOPS = text("SELECT set_config('enable_nestloop', :allowed, true)")


async def allow_nested_loops(session: AsyncSession, allowed: bool) -> None:
    """Allow or forbid nested-loop joins in query plans until the transaction ends.

    Ticks don't allow them. Until tables are analysed, the planner expects one row of this workspace in each,
    and three nested loops took 7 s for 65 reps who had just been imported. Triggers look up single rows and
    keep their plans, so statements that fire them need the loops.
    """
    await session.execute(_NESTED_LOOPS, {"allowed": "on" if allowed else "off"})
