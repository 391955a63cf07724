"""Attainment, places and movement: pure functions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import TypeVar

MOST_COUNTED = Decimal(200)
"""Percent of its baseline beyond which a metric counts no further: one deal can't carry a whole board."""
MOST_SHOWN = 10
LEAST_BELOW_THE_LINE = 5
"""What a quotient divides by at the least to be ranked: 1 of 1 doesn't beat 40 of 100."""

Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class Measure:
    """One metric of one rep over the months that were set: what was reached, and its baseline."""

    actual: Decimal
    baseline: Decimal
    """The larger of the own goal and the rep's default, summed over the months."""


def attainment(parts: Sequence[Measure]) -> Decimal | None:
    """Return the mean percentage over the metrics that have a baseline, two decimals; None without one."""
    shares = [
        min(max(part.actual, Decimal(0)) * 100 / part.baseline, MOST_COUNTED)
        for part in parts
        if part.baseline > 0
    ]
    if not shares:
        return None
    return (sum(shares, Decimal(0)) / len(shares)).quantize(Decimal("0.01"), ROUND_HALF_UP)


def places(values: Sequence[Decimal]) -> list[int]:
    """Return the place of each value, highest first; equal values share a place (1, 2, 2, 4)."""
    found: list[int] = []
    for number, value in enumerate(values, start=1):
        tied = number > 1 and value == values[number - 2]
        found.append(found[-1] if tied else number)
    return found


def shown(taken: Sequence[int]) -> int:
    """Return how many of these places a board shows: the top half, ten at the most, with ties at the cut.

    A board of one shows that one.
    """
    if not taken:
        return 0
    cut = min(max(len(taken) // 2, 1), MOST_SHOWN)
    return sum(1 for place in taken if place <= taken[cut - 1])


def movement(before: Mapping[Key, int] | None, key: Key, place: int) -> int | None:
    """Return by how many places `key` has risen since the last post of the same period.

    Negative: fallen. None: new on the board, or there was no post before.
    """
    if before is None or key not in before:
        return None
    return before[key] - place
