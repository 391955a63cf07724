"""What an answer waits for, so that a failure is attributed to the right service."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from enum import StrEnum


class Service(StrEnum):
    """The part of Slack that an answer needs, in words for people."""

    FORMS = "Slack can't show forms right now."
    PEOPLE = "Slack can't look people up right now."
    ANYTHING = "Slack isn't responding right now."


@dataclass
class Waiting:
    """One answer's wait; `on` is the part of Slack that it waits for, or that has failed."""

    on: Service | None = None


_waiting: ContextVar[Waiting | None] = ContextVar("waiting", default=None)


@contextmanager
def noticed() -> Iterator[Waiting]:
    """Notice what the work in this block waits for, including tasks that it starts."""
    waiting = Waiting()
    token = _waiting.set(waiting)
    try:
        yield waiting
    finally:
        _waiting.reset(token)


@contextmanager
def waiting_for(service: Service) -> Iterator[None]:
    """Mark the call in this block as one to `service`; if it fails, the mark stays."""
    waiting = _waiting.get()
    if waiting is not None:
        waiting.on = service
    yield
    if waiting is not None:
        waiting.on = None
