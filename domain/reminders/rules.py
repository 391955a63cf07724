"""When a month's reminders are due, and for how long one can be put off."""

from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import assert_never
from zoneinfo import ZoneInfo

from domain.periods import first_instant, local_date
from domain.reminders.model import ReminderType

QUIET_UNTIL, QUIET_FROM = time(8), time(20)
"""Late messages are sent only between these local times."""
ON_TIME = timedelta(minutes=15)
"""Messages sent within this time of being due are on time, at any hour; later ones wait for the day."""
NUDGE_EVERY = timedelta(hours=4)
"""A person is nudged at most once in this time."""
URGENT_SHOWN = 20
"""Reps with buttons in a digest; the rest is in a form."""

_DAYS = {
    ReminderType.THREE_DAYS: -3,
    ReminderType.ONE_DAY: -1,
    ReminderType.LAST_DAY: 0,
    ReminderType.OVERDUE: 1,
}
"""Days from the deadline's last day."""


class Snooze(StrEnum):
    """The choices of how long to put a reminder off."""

    ONE_HOUR = "1h"
    THREE_HOURS = "3h"
    TOMORROW = "tomorrow"


class DigestStage(StrEnum):
    """The times at which managers get a digest."""

    DAY_BEFORE = "day_before"
    LAST_DAY = "last_day"
    OVERDUE = "overdue"


def due_times(deadline: datetime, zone: str, at: time) -> dict[ReminderType, datetime]:
    """Return the instants of a month's reminders: local `at` on the days around the deadline's last day."""
    last_day = local_date(deadline - timedelta(seconds=1), zone)
    return {
        stage: first_instant(datetime.combine(last_day + timedelta(days=days), at), zone)
        for stage, days in _DAYS.items()
    }


def snooze_until(snooze: Snooze, now: datetime, zone: str) -> datetime:
    """Return when a reminder put off now comes back."""
    match snooze:
        case Snooze.ONE_HOUR:
            return now + timedelta(hours=1)
        case Snooze.THREE_HOURS:
            return now + timedelta(hours=3)
        case Snooze.TOMORROW:
            tomorrow = local_date(now, zone) + timedelta(days=1)
            return first_instant(datetime.combine(tomorrow, time(9)), zone)
        case _:
            assert_never(snooze)


def snoozes(now: datetime, deadline: datetime, zone: str) -> list[Snooze]:
    """Return the choices that still leave time before the deadline; none once it has passed."""
    return [snooze for snooze in Snooze if snooze_until(snooze, now, zone) < deadline]


def is_waking(now: datetime, zone: str) -> bool:
    """Return True if something late may be sent to a person in `zone` now."""
    return QUIET_UNTIL <= now.astimezone(ZoneInfo(zone)).time() < QUIET_FROM


def next_morning(now: datetime, zone: str) -> datetime:
    """Return when something late may next be sent to a person in `zone` who is asleep now."""
    local = now.astimezone(ZoneInfo(zone))
    day = local.date() if local.time() < QUIET_UNTIL else local.date() + timedelta(days=1)
    return first_instant(datetime.combine(day, QUIET_UNTIL), zone)


def digest_times(last_day: date, last_deadline: datetime, zone: str) -> dict[DigestStage, datetime]:
    """Return when a manager in `zone` gets the digests of a month.

    At noon of the day before the common deadline's `last_day` and of that day; overdue at the first noon
    after the last of the reps' deadlines.
    """
    overdue_day = local_date(last_deadline, zone)
    if _noon(overdue_day, zone) < last_deadline:
        overdue_day += timedelta(days=1)
    return {
        DigestStage.DAY_BEFORE: _noon(last_day - timedelta(days=1), zone),
        DigestStage.LAST_DAY: _noon(last_day, zone),
        DigestStage.OVERDUE: _noon(overdue_day, zone),
    }


def digest_due(last_day: date, last_deadline: datetime, zone: str, now: datetime) -> DigestStage | None:
    """Return the newest digest due to a manager in `zone`, who may have it already.

    Late digests go out while people are awake. Those before the deadline say “tonight” and “tomorrow
    night”, so each makes sense only on its own day.
    """
    times = digest_times(last_day, last_deadline, zone)
    due = [(at, stage) for stage, at in times.items() if at <= now]
    if not due or not is_waking(now, zone):
        return None
    at, stage = max(due)
    if stage is not DigestStage.OVERDUE and local_date(at, zone) != local_date(now, zone):
        return None
    return stage


def _noon(day: date, zone: str) -> datetime:
    return first_instant(datetime.combine(day, time(12)), zone)
