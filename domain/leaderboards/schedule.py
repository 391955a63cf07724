"""When boards are posted, on the workspace's calendar and clock: pure functions."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from domain.periods import Kind, Period, first_instant, local_date

NONE_BEFORE = 4
"""Day of a month before which no weekly board is posted: there is too little to compare."""
SETTLED_WITHIN = 3
"""Days after a month's last one by which it has ended in every time zone, so its final boards are due."""
QUIET_UNTIL, QUIET_FROM = time(8), time(20)
"""Late boards are posted only between these times."""
ON_TIME = timedelta(minutes=15)
"""Boards posted within this time of being due are on time, at any hour; later ones wait for the day."""

_DAY = timedelta(days=1)


class BoardKind(StrEnum):
    """Why a board is posted."""

    WEEKLY = "weekly"
    """As the month stands on the day."""
    FINAL = "final"
    """When the month is over; edited once corrections are no longer taken."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """The workspace's settings of posted boards."""

    zone: str
    weekday: int
    """ISO weekday, 1 is Monday."""
    at: time
    since: datetime
    """When it was last changed; nothing that was due before is posted."""

    def instant(self, day: date) -> datetime:
        """Return when boards of this day are posted."""
        return first_instant(datetime.combine(day, self.at), self.zone)


@dataclass(frozen=True, slots=True)
class Due:
    """Boards of a month that are due on a day."""

    kind: BoardKind
    month: Period
    day: date
    at: datetime


def weekly_due(schedule: Schedule, now: datetime) -> Due | None:
    """Return the newest weekly boards that are due; None if there are none, or it's too late or too early.

    Of several that came due while nothing was running only the newest is posted, and none of a month that is
    over, since its final board says more.
    """
    today = local_date(now, schedule.zone)
    day = _last_weekday(today, schedule.weekday)
    if schedule.instant(day) > now:
        day -= 7 * _DAY
    due = Due(BoardKind.WEEKLY, Period.containing(today, Kind.MONTH), day, schedule.instant(day))
    if day not in due.month or day.day < NONE_BEFORE:
        return None
    return due if _may_be_posted(due, schedule, now) else None


def finals_due(schedule: Schedule, now: datetime) -> Due | None:
    """Return the newest final boards that are due, for teams whose months have all ended by then.

    Months end at different instants around the world, so there are up to four such days for a month.
    """
    today = local_date(now, schedule.zone)
    day = today if schedule.instant(today) <= now else today - _DAY
    month = Period.containing(day, Kind.MONTH)
    if day != month.last_day:
        month = month.previous
    day = min(day, month.last_day + SETTLED_WITHIN * _DAY)
    due = Due(BoardKind.FINAL, month, day, schedule.instant(day))
    return due if _may_be_posted(due, schedule, now) else None


def next_weekly(schedule: Schedule, now: datetime) -> datetime:
    """Return when weekly boards are next due after `now`."""
    day = local_date(now, schedule.zone)
    while True:
        due_at = schedule.instant(day)
        if day.isoweekday() == schedule.weekday and day.day >= NONE_BEFORE and due_at > now:
            return due_at
        day += _DAY


def _last_weekday(today: date, weekday: int) -> date:
    return today - (today.isoweekday() - weekday) % 7 * _DAY


def _may_be_posted(due: Due, schedule: Schedule, now: datetime) -> bool:
    if due.at < schedule.since:
        return False
    local = now.astimezone(ZoneInfo(schedule.zone)).time()
    return now - due.at <= ON_TIME or QUIET_UNTIL <= local < QUIET_FROM
