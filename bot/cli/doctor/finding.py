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
    """Report something that is as it should be."""
    return Finding(about, Verdict.FINE, state)


def note(about: str, state: str, mend: str = "") -> Finding:
    """Report something that is good to know."""
    return Finding(about, Verdict.NOTE, state, mend)


def warning(about: str, state: str, mend: str) -> Finding:
    """Report something that won't work for somebody."""
    return Finding(about, Verdict.WARNING, state, mend)


def broken(about: str, state: str, mend: str) -> Finding:
    """Report something without which Goalkeeper can't work."""
    return Finding(about, Verdict.BROKEN, state, mend)
