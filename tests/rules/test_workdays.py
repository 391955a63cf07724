from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.workdays import DaysCounted, PaceBy, WorkCalendar, count_working_days

days = st.dates(date(2024, 1, 1), date(2035, 12, 31))
SUNDAY_TO_THURSDAY = frozenset({7, 1, 2, 3, 4})


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        pytest.param("2026-11-01", "2026-12-01", 21, id="November 2026"),
        pytest.param("2026-11-16", "2026-12-01", 11, id="from the 16th"),
        pytest.param("2028-02-01", "2028-03-01", 21, id="leap February"),
        pytest.param("2026-02-01", "2026-03-01", 20, id="February"),
        pytest.param("2026-01-01", "2027-01-01", 261, id="a year"),
        pytest.param("2026-11-21", "2026-11-23", 0, id="a weekend"),
        pytest.param("2026-11-20", "2026-11-20", 0, id="no day"),
        pytest.param("2026-11-20", "2026-11-10", 0, id="backwards"),
    ],
)
def test_working_days_are_those_from_monday_to_friday(start: str, end: str, expected: int) -> None:
    assert count_working_days(date.fromisoformat(start), date.fromisoformat(end)) == expected


@given(start=days, length=st.integers(0, 800), weekdays=st.frozensets(st.integers(1, 7)))
def test_working_days_are_what_counting_them_one_by_one_gives(
    start: date, length: int, weekdays: frozenset[int]
) -> None:
    each = (start + timedelta(days=at) for at in range(length))
    counted = sum(day.isoweekday() in weekdays for day in each)
    assert count_working_days(start, start + timedelta(days=length), weekdays) == counted


@pytest.mark.parametrize(
    ("calendar", "today", "completed", "total"),
    [
        (WorkCalendar(), "2026-11-09", 5, 21),
        (WorkCalendar(), "2026-11-01", 0, 21),
        (WorkCalendar(), "2026-10-20", 0, 21),
        (WorkCalendar(), "2026-12-24", 21, 21),
        (WorkCalendar(SUNDAY_TO_THURSDAY), "2026-11-09", 6, 22),
        (WorkCalendar(pace_by=PaceBy.CALENDAR_DAYS), "2026-11-09", 8, 30),
    ],
)
def test_days_count_by_the_workspaces_own_settings(
    calendar: WorkCalendar, today: str, completed: int, total: int
) -> None:
    counted = calendar.counted(date(2026, 11, 1), date(2026, 12, 1), date.fromisoformat(today))
    assert counted == DaysCounted(completed, total, calendar.pace_by)
    assert counted.left == total - completed
