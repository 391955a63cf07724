"""Periods: days, ISO weeks, months, quarters, years and any two days, as they are named, stored and typed."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.periods import Kind, Period, read_period

TODAY = date(2026, 11, 21)
"""A Saturday, in the 47th ISO week."""
DAYS = st.dates(date(2024, 1, 1), date(2100, 12, 31))
STANDARD = st.sampled_from([kind for kind in Kind if kind is not Kind.CUSTOM])


@st.composite
def periods(draw: st.DrawFn) -> Period:
    day = draw(DAYS)
    if draw(st.booleans()):
        return Period.between(day, day + timedelta(days=draw(st.integers(0, 400))))
    return Period.containing(day, draw(STANDARD))


@pytest.mark.parametrize(
    ("written", "kind", "first", "last"),
    [
        ("2026-11-21", Kind.DAY, date(2026, 11, 21), date(2026, 11, 21)),
        ("2026-W47", Kind.WEEK, date(2026, 11, 16), date(2026, 11, 22)),
        ("2026-W53", Kind.WEEK, date(2026, 12, 28), date(2027, 1, 3)),
        ("2027-W01", Kind.WEEK, date(2027, 1, 4), date(2027, 1, 10)),
        ("2026-11", Kind.MONTH, date(2026, 11, 1), date(2026, 11, 30)),
        ("2028-02", Kind.MONTH, date(2028, 2, 1), date(2028, 2, 29)),
        ("2026-Q4", Kind.QUARTER, date(2026, 10, 1), date(2026, 12, 31)),
        ("2026", Kind.YEAR, date(2026, 1, 1), date(2026, 12, 31)),
        ("2026-11-03..2026-11-10", Kind.CUSTOM, date(2026, 11, 3), date(2026, 11, 10)),
    ],
)
def test_a_period_is_written_and_read(written: str, kind: Kind, first: date, last: date) -> None:
    period = Period.parse(written)
    assert (period.kind, period.start, period.last_day) == (kind, first, last)
    assert str(period) == written


@pytest.mark.parametrize(
    "written",
    [
        "",
        "2026-13",
        "2026-W54",
        "2027-W53",
        "2026-Q5",
        "2026-02-30",
        "26-11",
        "2026-11-10..2026-11-03",
        "soon",
    ],
)
def test_what_is_no_period_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        Period.parse(written)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("today", "2026-11-21"),
        ("Yesterday", "2026-11-20"),
        ("this week", "2026-W47"),
        ("week", "2026-W47"),
        ("last week", "2026-W46"),
        ("last  month", "2026-10"),
        ("this quarter", "2026-Q4"),
        ("next quarter", "2027-Q1"),
        ("last year", "2025"),
        ("Q3", "2026-Q3"),
        ("q3 2025", "2025-Q3"),
        ("2026-w47", "2026-W47"),
        ("2026-11-03..2026-11-10", "2026-11-03..2026-11-10"),
    ],
)
def test_people_type_the_period_they_mean(typed: str, meant: str) -> None:
    assert str(read_period(typed, TODAY)) == meant


@pytest.mark.parametrize("typed", ["", "Q5", "last fortnight", "this", "week this"])
def test_what_reads_like_no_period_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match="not a period"):
        read_period(typed, TODAY)


def test_a_period_has_the_days_of_its_kind() -> None:
    with pytest.raises(ValueError, match="no week begins on 2026-11-21"):
        Period(Kind.WEEK, TODAY, TODAY + timedelta(days=7))
    with pytest.raises(ValueError, match="no month begins"):
        Period(Kind.MONTH, date(2026, 11, 1), date(2026, 11, 30))
    with pytest.raises(ValueError, match="no custom begins"):
        Period.between(TODAY, TODAY - timedelta(days=1))


@pytest.mark.parametrize(
    ("written", "year", "month"), [("2026-02", 2026, 2), ("2026-12", 2026, 12), ("2026", 2026, None)]
)
def test_two_columns_name_a_month_or_a_year(written: str, year: int, month: int | None) -> None:
    assert Period.parse(written).columns == {"year": year, "month": month}
    assert str(Period.of_columns(year, month)) == written


@pytest.mark.parametrize("written", ["2026-11-21", "2026-W47", "2026-Q4", "2026-11-01..2026-11-30"])
def test_two_columns_name_no_other_period(written: str) -> None:
    with pytest.raises(ValueError, match="neither a month nor a year"):
        _ = Period.parse(written).columns


def test_a_quarter_has_its_three_months_and_a_week_over_the_new_year_two() -> None:
    assert [str(month) for month in Period.parse("2026-Q4").months] == ["2026-10", "2026-11", "2026-12"]
    assert [str(month) for month in Period.parse("2026-W53").months] == ["2026-12", "2027-01"]


def test_periods_are_in_order_of_their_ends_and_the_longer_one_comes_later() -> None:
    in_order = ["2026-11", "2026-W53", "2027-W01", "2027-01"]
    assert [str(each) for each in sorted(map(Period.parse, reversed(in_order)))] == in_order
    assert Period.parse("2026-12") < Period.parse("2026-Q4") < Period.parse("2026") < Period.parse("2027-01")


@given(periods())
def test_writing_and_reading_loses_nothing(period: Period) -> None:
    again = Period.parse(str(period))
    assert (again.start, again.end) == (period.start, period.end)
    assert again == period


@given(periods())
def test_the_next_one_begins_where_this_one_ends_and_leads_back(period: Period) -> None:
    assert period.next.start == period.end
    assert period.next.previous == period
    assert period.previous.end == period.start


@given(DAYS, STANDARD)
def test_each_day_lies_in_one_period_of_a_kind(day: date, kind: Kind) -> None:
    period = Period.containing(day, kind)
    assert day in period
    assert day not in period.next
    assert day not in period.previous
