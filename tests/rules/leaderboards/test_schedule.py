"""When boards are posted."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from domain.leaderboards.schedule import BoardKind, Schedule, finals_due, next_weekly, weekly_due

NEW_YORK = "America/New_York"
LONG_AGO = datetime(2025, 1, 1, tzinfo=UTC)
MONDAYS = Schedule(NEW_YORK, 1, time(9), LONG_AGO)


def at(moment: str, zone: str = NEW_YORK) -> datetime:
    """`11-16 09:00` → that minute of 2026 in a zone."""
    return datetime.fromisoformat(f"2026-{moment}").replace(tzinfo=ZoneInfo(zone))


@pytest.mark.parametrize(
    ("now", "day"),
    [
        ("11-16 08:59", date(2026, 11, 9)),
        ("11-16 09:00", date(2026, 11, 16)),
        # Down for days: the newest one alone, and not in the middle of the night.
        ("11-20 03:00", None),
        ("11-20 08:00", date(2026, 11, 16)),
        ("11-20 20:00", None),
        # None before the 4th, and none of a month that is over.
        ("11-02 09:00", None),
        ("12-01 10:00", None),
        ("12-07 09:00", date(2026, 12, 7)),
    ],
)
def test_weekly_boards_are_due_on_their_weekday(now: str, day: date | None) -> None:
    due = weekly_due(MONDAYS, at(now))
    assert (due and due.day) == day
    assert due is None or due.kind is BoardKind.WEEKLY


@pytest.mark.parametrize(
    ("now", "month", "day"),
    [
        # Teams east of the workspace may be through with October on its last day.
        ("10-31 09:00", "2026-10", date(2026, 10, 31)),
        ("11-01 08:59", "2026-10", date(2026, 10, 31)),
        ("11-01 09:00", "2026-10", date(2026, 11, 1)),
        ("11-03 09:00", "2026-10", date(2026, 11, 3)),
        ("11-20 12:00", "2026-10", date(2026, 11, 3)),
    ],
)
def test_final_boards_are_due_on_the_days_around_the_months_end(now: str, month: str, day: date) -> None:
    due = finals_due(MONDAYS, at(now))
    assert due is not None
    assert (str(due.month), due.day) == (month, day)


def test_nothing_that_was_due_before_the_schedule_is_posted() -> None:
    schedule = Schedule(NEW_YORK, 1, time(9), at("11-18 12:00"))
    assert weekly_due(schedule, at("11-18 12:00")) is None
    assert finals_due(schedule, at("11-18 12:00")) is None
    assert next_weekly(schedule, at("11-18 12:00")) == at("11-23 09:00")


def test_the_next_weekly_board_skips_the_first_three_days() -> None:
    assert next_weekly(MONDAYS, at("10-26 09:00")) == at("11-09 09:00")


def test_the_clock_change_moves_no_board() -> None:
    """On Sunday, March 8, clocks in New York go from 2:00 to 3:00."""
    night = Schedule(NEW_YORK, 7, time(2, 30), LONG_AGO)
    assert next_weekly(night, at("03-07 12:00")) == at("03-08 03:00")
