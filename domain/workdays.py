"""The days of a period that count: working days, or every day."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

MONDAY_TO_FRIDAY = frozenset(range(1, 6))
"""ISO weekdays on which a workspace works unless it says otherwise."""
_A_MONDAY = date(2000, 1, 3)


class PaceBy(StrEnum):
    """Which days the pace of a goal is measured in."""

    WORKING_DAYS = "working_days"
    CALENDAR_DAYS = "calendar_days"


def count_working_days(start: date, end: date, weekdays: Collection[int] = MONDAY_TO_FRIDAY) -> int:
    """Return how many days from `start` up to but not including `end` fall on these ISO weekdays."""
    return sum(_up_to(max(start, end), weekday) - _up_to(start, weekday) for weekday in set(weekdays))


def _up_to(day: date, weekday: int) -> int:
    """How many such weekdays lie between a fixed Monday and this day."""
    return ((day - _A_MONDAY).days - weekday + 7) // 7


@dataclass(frozen=True, slots=True)
class DaysCounted:
    """The days of a period that count for one rep."""

    completed: int
    """Those that are over."""
    total: int
    by: PaceBy = PaceBy.WORKING_DAYS

    @property
    def left(self) -> int:
        """Those still to come, today included if it counts."""
        return self.total - self.completed


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """A workspace's settings of the days that count."""

    weekdays: frozenset[int] = MONDAY_TO_FRIDAY
    """ISO weekdays on which people work; 1 is Monday."""
    pace_by: PaceBy = PaceBy.WORKING_DAYS

    def counted(self, start: date, end: date, today: date) -> DaysCounted:
        """Return the days that count from `start` up to but not including `end`, as they stand today."""
        until = min(max(today, start), end)
        return DaysCounted(self._count(start, until), self._count(start, end), self.pace_by)

    def _count(self, start: date, end: date) -> int:
        if self.pace_by is PaceBy.CALENDAR_DAYS:
            return max((end - start) // timedelta(days=1), 0)
        return count_working_days(start, end, self.weekdays)
