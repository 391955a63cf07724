"""Splits, names and overlapping periods."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.activity.rules import check_apart, code_of, evenly, nearest, split
from domain.errors import InvalidInput
from domain.periods import Period


@pytest.mark.parametrize(
    ("amount", "parts", "whole", "got"),
    [
        ("10000", [60, 40], False, ["6000.00", "4000.00"]),
        ("100", evenly(3), False, ["33.33", "33.33", "33.34"]),
        ("-100", evenly(3), False, ["-33.33", "-33.33", "-33.34"]),
        ("0.05", evenly(10), False, ["0.00"] * 9 + ["0.05"]),
        ("1", [60, 40], True, ["1", "0"]),
        ("5", [50, 50], True, ["5", "0"]),
    ],
)
def test_the_last_takes_the_cents_and_counts_go_to_the_first(
    amount: str, parts: list[Fraction | Decimal | int], whole: bool, got: list[str]
) -> None:
    assert split(Decimal(amount), parts, whole=whole) == [Decimal(part) for part in got]


@given(
    st.decimals("-9999999.99", "9999999.99", places=2), st.lists(st.integers(1, 99), min_size=1, max_size=9)
)
def test_the_parts_make_the_whole(amount: Decimal, weights: list[int]) -> None:
    parts = [Fraction(100 * weight, sum(weights)) for weight in weights]
    assert sum(split(amount, parts, whole=False)) == amount


@pytest.mark.parametrize("parts", [[], [60, 30], [60, 41], [150, -50], [100, 0]])
def test_shares_that_do_not_make_a_hundred_are_refused(parts: list[int]) -> None:
    with pytest.raises(InvalidInput, match="add up to 100"):
        split(Decimal(100), parts, whole=False)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("signup", "Signups"), ("REVENU", "Revenue"), ("mettings", "Meetings"), ("xyzzy", None)],
)
def test_the_nearest_metric_is_offered(typed: str, meant: str | None) -> None:
    assert nearest(typed, ["Signups", "Revenue", "Meetings"]) == meant


@pytest.mark.parametrize(("label", "code"), [("Demo calls", "demo_calls"), ("NPS (Q3)!", "nps_q3")])
def test_a_metric_gets_its_code_from_its_name(label: str, code: str) -> None:
    assert code_of(label) == code


@pytest.mark.parametrize("label", ["", "3 calls", "…"])
def test_a_name_without_a_letter_first_is_refused(label: str) -> None:
    with pytest.raises(InvalidInput, match="letter from A to Z"):
        code_of(label)


def test_totals_of_overlapping_periods_are_refused() -> None:
    november, quarter, december = (Period.parse(each) for each in ("2026-11", "2026-Q4", "2026-12"))
    check_apart([((1, "signups"), november), ((1, "signups"), december), ((1, "revenue"), quarter)])
    with pytest.raises(InvalidInput, match="overlap"):
        check_apart([((1, "signups"), november), ((1, "signups"), quarter)])
