"""Who stands where on a board."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.leaderboards.rules import Measure, attainment, movement, places, shown


def part(actual: str, baseline: str) -> Measure:
    return Measure(Decimal(actual), Decimal(baseline))


@pytest.mark.parametrize(
    ("parts", "percent"),
    [
        ([part("10", "20")], "50.00"),
        # A default of 20 counts although the own goal is 5: a low goal buys no rank.
        ([part("10", "20"), part("50000", "50000")], "75.00"),
        # One metric is capped at 200 %, so it can't make up for the other.
        ([part("100", "20"), part("0", "50000")], "100.00"),
        ([part("1", "3")], "33.33"),
        ([part("2", "3")], "66.67"),
        ([part("10", "20"), part("7", "0")], "50.00"),
        ([part("-3", "20")], "0.00"),
        ([part("7", "0")], None),
        ([], None),
    ],
)
def test_attainment_is_the_mean_over_the_metrics_that_have_a_baseline(
    parts: list[Measure], percent: str | None
) -> None:
    assert attainment(parts) == (None if percent is None else Decimal(percent))


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([], []),
        ([9], [1]),
        ([9, 7, 7, 3], [1, 2, 2, 4]),
        ([9, 9, 9], [1, 1, 1]),
        ([9, 9, 8, 8, 7], [1, 1, 3, 3, 5]),
    ],
)
def test_ties_share_a_place(values: list[int], expected: list[int]) -> None:
    assert places([Decimal(value) for value in values]) == expected


@pytest.mark.parametrize(
    ("taken", "most"),
    [
        ([], 0),
        ([1], 1),
        ([1, 2], 1),
        ([1, 1], 2),
        ([1, 2, 3, 4], 2),
        ([1, 2, 2, 4], 3),
        ([1, 2, 3, 4, 5], 2),
        (list(range(1, 41)), 10),
        ([*range(1, 10), 10, 10, 10, *range(13, 41)], 12),
    ],
)
def test_the_top_half_is_shown_ten_at_the_most_and_ties_at_the_cut(taken: list[int], most: int) -> None:
    assert shown(taken) == most


@given(st.lists(st.integers(0, 50), max_size=60))
def test_nobody_on_the_board_is_worse_than_somebody_left_out(values: list[int]) -> None:
    ranked = sorted((Decimal(value) for value in values), reverse=True)
    taken = places(ranked)
    most = shown(taken)
    assert all(place < left_out for place in taken[:most] for left_out in taken[most:])


def test_movement_is_told_from_the_last_post_of_the_same_period() -> None:
    before = {"Ana": 3, "Ben": 1}
    assert movement(before, "Ana", 1) == 2
    assert movement(before, "Ben", 2) == -1
    assert movement(before, "Cy", 3) is None
    assert movement(None, "Ana", 1) is None
