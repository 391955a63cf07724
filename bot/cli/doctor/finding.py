"""Findings of the doctor: one line of its table each."""

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """The result of a check; only `BROKEN` keeps Goalkeeper from working."""

    FINE = "fine"
    NOTE = "note"
    WARNING = "warning"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Finding:
    """The result of one check, and how to fix it."""

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
