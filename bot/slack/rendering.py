"""From an intent's facts to its message: the rows are read first, then a pure function words them."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, TypeVar

from sqlalchemy.ext.asyncio import AsyncSession

from bot.slack.blocks import Message
from domain.db import Transaction
from domain.outbox.delivery import Claimed, Objection
from domain.people.rules import Person
from domain.periods import MonthBounds, Period, local_month, month_bounds

Facts = Mapping[str, Any]
T = TypeVar("T")

_LONG_AGO = date(2024, 1, 1)


@dataclass(frozen=True, slots=True)
class Renderer(Generic[T]):
    """How one kind of intent becomes a message.

    `load` reads the message's values at the time of sending; None means that it is no longer wanted.
    """

    load: Callable[[AsyncSession, Facts], Awaitable[T | None]]
    word: Callable[[T], Message]
    objection: Callable[[Transaction, Claimed], Awaitable[Objection | None]] | None = None
    """Decides if a post is still sent, which may be long after it was due."""
    unsaid: Callable[[AsyncSession, Claimed, str], Awaitable[None]] | None = None
    """Called with the reason when a post is cancelled, in the same transaction."""
    said: Callable[[AsyncSession, Claimed, T], Awaitable[None]] | None = None
    """Called with what was loaded when a post or an edit was sent, in the transaction that records it."""
    news: bool = True
    """Whether an edit is news: if the message it would change is gone, it is posted as a new one.

    True unless a kind says otherwise, since a message too many does less harm than a change that nobody hears
    of. False if edits only close messages that no longer matter: a rep who deleted a reminder need not get it
    back. A topic of such a kind has one post for ever, which the statements that refresh reminders rely on.
    """


Renderers = Mapping[str, Renderer[Any]]

Sample = Callable[[Person, datetime], Message]
"""A message with made-up figures, for previews.

Each is kept by the kind of intent that it is a sample of; a second one of a kind as `kind:what`.
"""


def sample_month(person: Person, now: datetime) -> tuple[Period, MonthBounds]:
    """Return the month that samples are about: the next one with a deadline still to come."""
    month = local_month(now, person.zone)
    bounds = _bounds(person, month)
    if now < bounds.deadline:
        return month, bounds
    return month.next, _bounds(person, month.next)


def _bounds(person: Person, month: Period) -> MonthBounds:
    return month_bounds(month, person.zone, person.deadline_day_in(month), _LONG_AGO)
