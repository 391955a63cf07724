"""Streaks, as people would count them on a calendar."""

import pytest

from domain.recognition.rules import StreakEffect, is_milestone, streaks

MARKS = {"+": StreakEffect.COUNTS, "o": StreakEffect.NEUTRAL, "-": StreakEffect.BREAKS}


@pytest.mark.parametrize(
    ("months", "lengths"),
    [
        ("", []),
        ("+++", [1, 2, 3]),
        ("++-+", [1, 2, 0, 1]),
        ("-+", [0, 1]),
        ("++o+", [1, 2, 2, 3]),
        ("o+", [0, 1]),
        ("+o-o+", [1, 1, 0, 0, 1]),
    ],
)
def test_a_neutral_month_carries_a_streak_on_and_a_missed_one_ends_it(
    months: str, lengths: list[int]
) -> None:
    assert streaks(MARKS[mark] for mark in months) == lengths


def test_three_six_twelve_and_then_every_year_are_celebrated() -> None:
    assert [length for length in range(50) if is_milestone(length)] == [3, 6, 12, 24, 36, 48]
