"""Streaks and their milestones: pure functions, and the same in SQL (`goalkeeper_recognise_streaks`)."""

from collections.abc import Iterable
from enum import StrEnum


class StreakEffect(StrEnum):
    """What a month means for a streak."""

    COUNTS = "counts"
    """Made, by figures that came after its goal was set."""
    NEUTRAL = "neutral"
    """Neither counts nor breaks: optional, the rep had left by its end, or made only by changing the goal."""
    BREAKS = "breaks"
    """Missed, or not set."""


def is_milestone(length: int) -> bool:
    """Return whether a streak of so many months is celebrated: 3, 6, 12, then every 12."""
    return length in (3, 6) or (length > 0 and length % 12 == 0)


def streaks(months: Iterable[StreakEffect]) -> list[int]:
    """Return for each month, oldest first, how long the streak is that ends with it.

    A neutral month carries the streak on without adding to it.
    """
    lengths, length = [], 0
    for outcome in months:
        if outcome is StreakEffect.BREAKS:
            length = 0
        elif outcome is StreakEffect.COUNTS:
            length += 1
        lengths.append(length)
    return lengths
