"""When reminders and digests are due, against cases worked out by hand."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.periods import Period, first_instant, local_date, month_bounds
from domain.reminders.model import ReminderType
from domain.reminders.rules import (
    DigestStage,
    Snooze,
    digest_due,
    digest_times,
    due_times,
    is_waking,
    next_morning,
    snooze_until,
    snoozes,
)
from tests.rules.test_periods import LONG_AGO, months, zones

NOON = time(12)
THREE, ONE, DAY, OVERDUE = ReminderType


def utc(moment: str) -> datetime:
    return datetime.fromisoformat(moment).replace(tzinfo=UTC)


# Zone, month, deadline day, joining day, reminder time; then in UTC the month's start, its deadline, and the
# four reminders. Worked out from the zones' published rules, not with this code.
CASES = {
    "no clock change: New York in winter, UTC-5": (
        ("America/New_York", Period.of_month(2026, 2), 6, LONG_AGO, NOON),
        ("2026-02-01 05:00", "2026-02-07 05:00"),
        ("2026-02-03 17:00", "2026-02-05 17:00", "2026-02-06 17:00", "2026-02-07 17:00"),
    ),
    "north, forward: New York, Mar 8, 2026, from -5 to -4, between reminders": (
        ("America/New_York", Period.of_month(2026, 3), 8, LONG_AGO, NOON),
        ("2026-03-01 05:00", "2026-03-09 04:00"),
        ("2026-03-05 17:00", "2026-03-07 17:00", "2026-03-08 16:00", "2026-03-09 16:00"),
    ),
    "north, back: New York, Nov 1, 2026, on the 1st itself": (
        ("America/New_York", Period.of_month(2026, 11), 4, LONG_AGO, NOON),
        ("2026-11-01 04:00", "2026-11-05 05:00"),
        ("2026-11-01 17:00", "2026-11-03 17:00", "2026-11-04 17:00", "2026-11-05 17:00"),
    ),
    "south, back: Sydney, Apr 5, 2026, from +11 to +10": (
        ("Australia/Sydney", Period.of_month(2026, 4), 6, LONG_AGO, NOON),
        ("2026-03-31 13:00", "2026-04-06 14:00"),
        ("2026-04-03 01:00", "2026-04-05 02:00", "2026-04-06 02:00", "2026-04-07 02:00"),
    ),
    "south, forward: Sydney, Oct 4, 2026, from +10 to +11": (
        ("Australia/Sydney", Period.of_month(2026, 10), 6, LONG_AGO, NOON),
        ("2026-09-30 14:00", "2026-10-06 13:00"),
        ("2026-10-03 02:00", "2026-10-05 01:00", "2026-10-06 01:00", "2026-10-07 01:00"),
    ),
    "half an hour: Kolkata, +5:30": (
        ("Asia/Kolkata", Period.of_month(2026, 6), 6, LONG_AGO, NOON),
        ("2026-05-31 18:30", "2026-06-06 18:30"),
        ("2026-06-03 06:30", "2026-06-05 06:30", "2026-06-06 06:30", "2026-06-07 06:30"),
    ),
    "three quarters: Kathmandu, +5:45": (
        ("Asia/Kathmandu", Period.of_month(2026, 6), 6, LONG_AGO, NOON),
        ("2026-05-31 18:15", "2026-06-06 18:15"),
        ("2026-06-03 06:15", "2026-06-05 06:15", "2026-06-06 06:15", "2026-06-07 06:15"),
    ),
    "three quarters and a change: Chatham, Apr 5, 2026, from +13:45 to +12:45": (
        ("Pacific/Chatham", Period.of_month(2026, 4), 6, LONG_AGO, NOON),
        ("2026-03-31 10:15", "2026-04-06 11:15"),
        ("2026-04-02 22:15", "2026-04-04 23:15", "2026-04-05 23:15", "2026-04-06 23:15"),
    ),
    "a change of half an hour: Lord Howe, Apr 5, 2026, from +11 to +10:30": (
        ("Australia/Lord_Howe", Period.of_month(2026, 4), 6, LONG_AGO, NOON),
        ("2026-03-31 13:00", "2026-04-06 13:30"),
        ("2026-04-03 01:00", "2026-04-05 01:30", "2026-04-06 01:30", "2026-04-07 01:30"),
    ),
    "a midnight that does not exist: Santiago, Sep 6, 2026, 0:00 is 1:00; it ends the 5th": (
        ("America/Santiago", Period.of_month(2026, 9), 5, LONG_AGO, NOON),
        ("2026-09-01 04:00", "2026-09-06 04:00"),
        ("2026-09-02 16:00", "2026-09-04 16:00", "2026-09-05 16:00", "2026-09-06 15:00"),
    ),
    "a midnight that comes twice: Havana, Nov 1, 2026, 1:00 is 0:00 again; it begins the month": (
        ("America/Havana", Period.of_month(2026, 11), 6, LONG_AGO, NOON),
        ("2026-11-01 04:00", "2026-11-07 05:00"),
        ("2026-11-03 17:00", "2026-11-05 17:00", "2026-11-06 17:00", "2026-11-07 17:00"),
    ),
    "a midnight that comes twice, as a deadline: Havana, Nov 5, 2028, after the 4th": (
        ("America/Havana", Period.of_month(2028, 11), 4, LONG_AGO, NOON),
        ("2028-11-01 04:00", "2028-11-05 04:00"),
        ("2028-11-01 16:00", "2028-11-03 16:00", "2028-11-04 16:00", "2028-11-05 17:00"),
    ),
    "a reminder time that is skipped: New York, Mar 8, 2026, 2:30 is 3:00": (
        ("America/New_York", Period.of_month(2026, 3), 8, LONG_AGO, time(2, 30)),
        ("2026-03-01 05:00", "2026-03-09 04:00"),
        ("2026-03-05 07:30", "2026-03-07 07:30", "2026-03-08 07:00", "2026-03-09 06:30"),
    ),
    "a reminder time that comes twice: Berlin, Oct 25, 2026, 2:30, the first": (
        ("Europe/Berlin", Period.of_month(2026, 10), 25, LONG_AGO, time(2, 30)),
        ("2026-09-30 22:00", "2026-10-25 23:00"),
        ("2026-10-22 00:30", "2026-10-24 00:30", "2026-10-25 00:30", "2026-10-26 01:30"),
    ),
    "west of the date line: Kiritimati, +14": (
        ("Pacific/Kiritimati", Period.of_month(2026, 1), 6, LONG_AGO, NOON),
        ("2025-12-31 10:00", "2026-01-06 10:00"),
        ("2026-01-02 22:00", "2026-01-04 22:00", "2026-01-05 22:00", "2026-01-06 22:00"),
    ),
    "east of it: Pago Pago, -11": (
        ("Pacific/Pago_Pago", Period.of_month(2026, 1), 6, LONG_AGO, NOON),
        ("2026-01-01 11:00", "2026-01-07 11:00"),
        ("2026-01-03 23:00", "2026-01-05 23:00", "2026-01-06 23:00", "2026-01-07 23:00"),
    ),
    "leap day 2028, the deadline of who joined on the 26th": (
        ("Europe/Berlin", Period.of_month(2028, 2), 6, date(2028, 2, 26), NOON),
        ("2028-01-31 23:00", "2028-02-29 23:00"),
        ("2028-02-26 11:00", "2028-02-28 11:00", "2028-02-29 11:00", "2028-03-01 11:00"),
    ),
    "leap day 2028, passed through by the overdue reminder of the 27th's deadline": (
        ("America/New_York", Period.of_month(2028, 2), 27, date(2028, 2, 25), NOON),
        ("2028-02-01 05:00", "2028-02-29 05:00"),
        ("2028-02-25 17:00", "2028-02-27 17:00", "2028-02-28 17:00", "2028-02-29 17:00"),
    ),
    "no leap day: 2027, the deadline lies in March": (
        ("UTC", Period.of_month(2027, 2), 6, date(2027, 2, 26), NOON),
        ("2027-02-01 00:00", "2027-03-02 00:00"),
        ("2027-02-26 12:00", "2027-02-28 12:00", "2027-03-01 12:00", "2027-03-02 12:00"),
    ),
    "the Ramadan hour: Casablanca, Mar 22, 2026, from 0 to +1": (
        ("Africa/Casablanca", Period.of_month(2026, 3), 22, LONG_AGO, NOON),
        ("2026-03-01 00:00", "2026-03-22 23:00"),
        ("2026-03-19 12:00", "2026-03-21 12:00", "2026-03-22 11:00", "2026-03-23 11:00"),
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_deadlines_and_reminders_are_as_worked_out_by_hand(case: tuple) -> None:  # type: ignore[type-arg]
    (zone, month, deadline_day, joined_on, at), bounds, due = case
    worked_out = month_bounds(month, zone, deadline_day, joined_on)
    assert (worked_out.starts_at, worked_out.deadline) == tuple(map(utc, bounds))
    assert due_times(worked_out.deadline, zone, at) == dict(zip(ReminderType, map(utc, due), strict=True))


@given(
    zone=zones,
    month=months,
    day=st.integers(4, 27),
    at=st.times().map(lambda at: at.replace(second=0, microsecond=0)),
)
def test_reminders_are_on_their_local_days_and_in_order(zone: str, month: Period, day: int, at: time) -> None:
    deadline = month_bounds(month, zone, day, LONG_AGO).deadline
    due = due_times(deadline, zone, at)
    assert list(due.values()) == sorted(due.values())
    for stage, days in ((THREE, -3), (ONE, -1), (DAY, 0), (OVERDUE, 1)):
        wanted = month.start.replace(day=day) + timedelta(days=days)
        assert due[stage] == first_instant(datetime.combine(wanted, at), zone)
    assert due[DAY] < deadline <= due[OVERDUE]


# --- putting off ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "zone", "choice", "until"),
    [
        ("2026-10-05 12:00", "UTC", Snooze.ONE_HOUR, "2026-10-05 13:00"),
        ("2026-10-05 12:00", "UTC", Snooze.THREE_HOURS, "2026-10-05 15:00"),
        ("2026-10-05 12:00", "UTC", Snooze.TOMORROW, "2026-10-06 09:00"),
        ("2026-10-06 03:59", "America/New_York", Snooze.TOMORROW, "2026-10-06 13:00"),
        ("2026-03-07 17:00", "America/New_York", Snooze.TOMORROW, "2026-03-08 13:00"),
        ("2026-03-08 06:30", "America/New_York", Snooze.ONE_HOUR, "2026-03-08 07:30"),
        ("2026-10-05 23:30", "Asia/Kathmandu", Snooze.TOMORROW, "2026-10-07 03:15"),
    ],
)
def test_what_is_put_off_comes_back_then(now: str, zone: str, choice: Snooze, until: str) -> None:
    assert snooze_until(choice, utc(now), zone) == utc(until)


@pytest.mark.parametrize(
    ("now", "offered"),
    [
        ("2026-10-05 12:00", list(Snooze)),
        ("2026-10-06 12:00", [Snooze.ONE_HOUR, Snooze.THREE_HOURS]),
        ("2026-10-06 20:59", [Snooze.ONE_HOUR, Snooze.THREE_HOURS]),
        ("2026-10-06 21:00", [Snooze.ONE_HOUR]),
        ("2026-10-06 23:00", []),
        ("2026-10-07 12:00", []),
    ],
)
def test_only_what_lies_before_the_deadline_is_offered(now: str, offered: list[Snooze]) -> None:
    assert snoozes(utc(now), utc("2026-10-07 00:00"), "UTC") == offered


@pytest.mark.parametrize(
    ("now", "zone", "awake"),
    [
        ("2026-10-05 07:59", "UTC", False),
        ("2026-10-05 08:00", "UTC", True),
        ("2026-10-05 19:59", "UTC", True),
        ("2026-10-05 20:00", "UTC", False),
        ("2026-10-05 02:15", "Asia/Kathmandu", True),
        ("2026-10-05 02:14", "Asia/Kathmandu", False),
    ],
)
def test_people_are_awake_from_eight_to_eight(now: str, zone: str, awake: bool) -> None:
    assert is_waking(utc(now), zone) is awake


@pytest.mark.parametrize(
    ("now", "zone", "morning"),
    [
        ("2026-10-05 00:00", "UTC", "2026-10-05 08:00"),
        ("2026-10-05 07:59", "UTC", "2026-10-05 08:00"),
        ("2026-10-05 20:00", "UTC", "2026-10-06 08:00"),
        ("2026-10-05 23:59", "UTC", "2026-10-06 08:00"),
        ("2026-10-05 03:00", "America/New_York", "2026-10-05 12:00"),
    ],
)
def test_what_is_late_at_night_waits_for_eight_in_the_morning(now: str, zone: str, morning: str) -> None:
    assert next_morning(utc(now), zone) == utc(morning)


# --- digests ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("zone", "last_deadline", "overdue"),
    [
        ("UTC", "2026-10-07 00:00", "2026-10-07 12:00"),
        ("UTC", "2026-10-07 11:00", "2026-10-07 12:00"),
        ("UTC", "2026-10-07 12:00", "2026-10-07 12:00"),
        ("UTC", "2026-10-07 12:01", "2026-10-08 12:00"),
        ("America/New_York", "2026-10-07 07:00", "2026-10-07 16:00"),
        ("Asia/Tokyo", "2026-10-07 04:00", "2026-10-08 03:00"),
        ("Pacific/Honolulu", "2026-10-06 10:00", "2026-10-06 22:00"),
    ],
)
def test_overdue_is_the_first_noon_after_the_last_deadline(
    zone: str, last_deadline: str, overdue: str
) -> None:
    times = digest_times(date(2026, 10, 6), utc(last_deadline), zone)
    assert times[DigestStage.OVERDUE] == utc(overdue)


@pytest.mark.parametrize(
    ("now", "stage"),
    [
        ("2026-10-05 11:59", None),
        ("2026-10-05 12:00", DigestStage.DAY_BEFORE),
        ("2026-10-05 20:00", None),
        ("2026-10-06 11:59", None),
        ("2026-10-06 12:00", DigestStage.LAST_DAY),
        ("2026-10-07 11:59", None),
        ("2026-10-07 12:00", DigestStage.OVERDUE),
        ("2026-10-20 07:59", None),
        ("2026-10-20 08:00", DigestStage.OVERDUE),
    ],
)
def test_a_digest_is_due_while_it_is_true(now: str, stage: DigestStage | None) -> None:
    assert digest_due(date(2026, 10, 6), utc("2026-10-07 00:00"), "UTC", utc(now)) is stage


@given(zone=zones, month=months, day=st.integers(4, 27), hours=st.integers(-100, 400))
def test_a_digest_speaks_of_today_and_tomorrow_on_the_day_itself(
    zone: str, month: Period, day: int, hours: int
) -> None:
    deadline = month_bounds(month, zone, day, LONG_AGO).deadline
    last_day = local_date(deadline - timedelta(seconds=1), zone)
    now = deadline + timedelta(hours=hours)
    match digest_due(last_day, deadline, zone, now):
        case DigestStage.DAY_BEFORE:
            assert local_date(now, zone) == last_day - timedelta(days=1)
        case DigestStage.LAST_DAY:
            assert local_date(now, zone) == last_day
        case DigestStage.OVERDUE:
            assert now >= deadline
        case None:
            pass
