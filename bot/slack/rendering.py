"""From an intent's facts to its message: the rows are read first, then a pure function words them."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from sqlalchemy.ext.asyncio import AsyncSession

from bot.slack.blocks import Message
from domain.db import Transaction
from domain.outbox.delivery import Claimed, Objection
from domain.people.rules import Person

Facts = Mapping[str, Any]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Renderer(Generic[T]):
    """How one kind of intent becomes a message.

    `load` reads what the message says at the time of sending, and None says that it is no longer wanted.
    """

    load: Callable[[AsyncSession, Facts], Awaitable[T | None]]
    word: Callable[[T], Message]
    objection: Callable[[Transaction, Claimed], Awaitable[Objection | None]] | None = None
    """Asked of posts when they are sent, which may be long after they were due: whether to, still."""
    unsaid: Callable[[AsyncSession, Claimed, str], Awaitable[None]] | None = None
    """Told why a post is cancelled, in the transaction in which it is."""


Renderers = Mapping[str, Renderer[Any]]

Sample = Callable[[Person, datetime], Message]
"""A message as it would be, with made-up figures, for who looks at a preview of it.

Each is kept by the kind of intent that it is a sample of; a second one of a kind as `kind:what`.
"""
