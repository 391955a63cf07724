"""What the doctor finds: one line of its table."""

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """How it stands; only what is broken keeps Goalkeeper from working."""

    FINE = "fine"
    NOTE = "note"
    WARNING = "warning"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at, how it stands, and what mends it."""

    about: str
    verdict: Verdict
    state: str
    mend: str = ""


def fine(about: str, state: str) -> Finding:
    """As it should be."""
    return Finding(about, Verdict.FINE, state)


def note(about: str, state: str, mend: str = "") -> Finding:
    """Good to know."""
    return Finding(about, Verdict.NOTE, state, mend)


def warning(about: str, state: str, mend: str) -> Finding:
    """Something will not work for somebody."""
    return Finding(about, Verdict.WARNING, state, mend)


def broken(about: str, state: str, mend: str) -> Finding:
    """Goalkeeper cannot work like this."""
    return Finding(about, Verdict.BROKEN, state, mend)
