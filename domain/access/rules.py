"""Pure rules of API tokens: their scopes, their text and its hash, and when they expire."""

import hashlib
import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum

from domain.errors import InvalidInput, quoted

PREFIX = "gk_"
"""How a token begins, so that people and secret scanners recognize it."""
NAME_MAX = 80
_SPAN = re.compile(r"(\d{1,4})([hdw])")
_UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}

NAME, SCOPES, EXPIRES = "name", "scopes", "expires"
"""Names of the inputs that a refusal can be about."""


class Scope(StrEnum):
    """What a token may be used for; the rights of its user limit it further."""

    GOALS_READ = "goals:read"
    GOALS_WRITE = "goals:write"
    ACTIVITY_READ = "activity:read"
    ACTIVITY_WRITE = "activity:write"
    PEOPLE_READ = "people:read"
    REPORTS_READ = "reports:read"


READING = (Scope.GOALS_READ, Scope.ACTIVITY_READ, Scope.PEOPLE_READ, Scope.REPORTS_READ)
"""The scopes of a token that asks for none in particular."""


def hash_of(token: str) -> str:
    """Return the hash under which a token is stored."""
    return hashlib.sha256(token.encode()).hexdigest()


def read_name(typed: str) -> str:
    """Return the name of a token without needless spaces.

    Raises:
        InvalidInput: it is empty or too long.
    """
    name = " ".join(typed.split())
    if not 1 <= len(name) <= NAME_MAX:
        raise InvalidInput(f"Give the token a name of up to {NAME_MAX} characters.", field=NAME)
    return name


def read_scopes(typed: Iterable[str]) -> tuple[Scope, ...]:
    """Return the scopes that are named, in the order of the catalogue; none named is reading only.

    Raises:
        InvalidInput: one of them doesn't exist.
    """
    wanted = {each.strip() for each in typed if each.strip()}
    if unknown := sorted(wanted - set(Scope)):
        raise InvalidInput(
            f"{quoted(unknown[0])} isn't a scope. Choose from {', '.join(Scope)}.", field=SCOPES
        )
    return tuple(scope for scope in Scope if scope in wanted) or READING


def read_expiry(typed: str, now: datetime) -> datetime:
    """Return when a token made now expires: a span (`12h`, `90d`, `52w`) or an ISO date or time.

    Raises:
        InvalidInput: it is neither, or has passed.
    """
    try:
        expires = _expiry(typed.strip().lower(), now)
    except (ValueError, OverflowError):
        raise InvalidInput(
            f"{quoted(typed)} isn't a time. Write it like 90d, 12h or 2027-01-31.", field=EXPIRES
        ) from None
    if expires <= now:
        raise InvalidInput("That time has passed. Choose a later one.", field=EXPIRES)
    return expires


def _expiry(typed: str, now: datetime) -> datetime:
    if span := _SPAN.fullmatch(typed):
        return now + int(span[1]) * _UNITS[span[2]]
    written = datetime.fromisoformat(typed.upper())
    return written if written.tzinfo else written.replace(tzinfo=now.tzinfo)
