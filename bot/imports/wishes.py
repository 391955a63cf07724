"""What an admin writes beside a file: its source, and which column is what. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from domain.errors import InvalidInput

WISH_MAX = 1_000
"""Characters; a button carries them until the import is confirmed."""


@dataclass(frozen=True, slots=True)
class Wish:
    """`hubspot: Amount = revenue, Close Date = day`."""

    source: str | None = None
    mapping: Mapping[str, str] = field(default_factory=dict)


def read_wish(typed: str) -> Wish:
    """Return what is written beside a file; words of another kind, such as “here you are”, mean nothing.

    Raises:
        InvalidInput: there is more than a button can carry.
    """
    text = typed.strip()
    source, colon, rest = text.partition(":")
    named = source.strip() if colon or "=" not in text else ""
    pairs = [pair.rpartition("=") for pair in (rest if colon else text).split(",") if "=" in pair]
    if len(text) > WISH_MAX and pairs:
        raise InvalidInput(f"Please describe the columns in at most {WISH_MAX:,} characters.")
    mapping = {column.strip(): target.strip() for column, _, target in pairs}
    one_word = named and len(named.split()) == 1 and named.isascii()
    return Wish(named if one_word else None, mapping)
