from datetime import date

import pytest

from domain.goals.prefill import months_carried, prefilled_signups, prefilled_year
from domain.periods import Period

RAMP = (25, 50, 75)


@pytest.mark.parametrize(
    ("default", "ramp", "joined_on", "month", "expected"),
    [
        pytest.param(20, RAMP, "2026-11-16", "2026-11", 3, id="20 × 25 % × 11/21 = 2.62"),
        pytest.param(20, RAMP, "2026-11-16", "2026-12", 10, id="the second month is whole"),
        pytest.param(20, RAMP, "2026-11-16", "2027-01", 15, id="the third month"),
        pytest.param(20, RAMP, "2026-11-16", "2027-02", 20, id="after the ramp"),
        pytest.param(20, (), "2026-11-16", "2026-11", 11, id="20 × 11/21 = 10.48"),
        pytest.param(21, (), "2026-11-16", "2026-11", 11, id="exactly 11"),
        pytest.param(20, (), "2020-01-01", "2026-11", 20, id="joined long ago"),
        pytest.param(20, RAMP, "2026-11-01", "2026-11", 5, id="joined on the 1st"),
        pytest.param(20, (), "2026-11-28", "2026-11", 1, id="one working day left: 0.95"),
        pytest.param(20, (), "2026-10-31", "2026-10", 0, id="joined on the last Saturday"),
        pytest.param(20, (0, 50), "2026-11-02", "2026-11", 0, id="a ramp that begins with nothing"),
        pytest.param(20, (), "2028-02-15", "2028-02", 11, id="leap February: 20 × 11/21"),
        pytest.param(0, RAMP, "2026-11-16", "2026-11", 0, id="no default"),
    ],
)
def test_a_month_begins_with_the_default_for_the_days_carried(
    default: int, ramp: tuple[int, ...], joined_on: str, month: str, expected: int
) -> None:
    joined = date.fromisoformat(joined_on)
    assert prefilled_signups(default, Period.parse(month), joined, ramp) == expected


def test_the_days_carried_are_the_workspaces_own_working_days() -> None:
    november, joined = Period.of_month(2026, 11), date(2026, 11, 16)
    assert prefilled_signups(30, november, joined, weekdays=range(1, 8)) == 15


@pytest.mark.parametrize(
    ("joined_on", "year", "expected"),
    [
        ("2026-10-05", 2026, 3),
        ("2026-01-31", 2026, 12),
        ("2026-12-31", 2026, 1),
        ("2025-10-05", 2026, 12),
        ("2027-03-01", 2026, 12),
    ],
)
def test_months_are_carried_from_that_of_joining(joined_on: str, year: int, expected: int) -> None:
    assert months_carried(date.fromisoformat(joined_on), year) == expected


@pytest.mark.parametrize(
    ("default", "carried", "expected"), [(240, 3, 60), (240, 12, 240), (100, 5, 42), (0, 3, 0)]
)
def test_a_year_begins_with_the_default_for_the_months_carried(
    default: int, carried: int, expected: int
) -> None:
    assert prefilled_year(default, carried) == expected
