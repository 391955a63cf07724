from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.periods import (
    Period,
    deadline_date,
    first_instant,
    is_zone,
    local_date,
    local_month,
    midnight,
    month_bounds,
    months_open,
)

LONG_AGO = date(2020, 1, 1)
ZONES = (
    "UTC",
    "America/New_York",
    "America/Havana",
    "America/St_Johns",
    "America/Santiago",
    "Africa/Casablanca",
    "Africa/Cairo",
    "Asia/Beirut",
    "Asia/Gaza",
    "Asia/Kathmandu",
    "Asia/Manila",
    "Australia/Lord_Howe",
    "Europe/Dublin",
    "Pacific/Apia",
    "Pacific/Chatham",
    "Pacific/Kiritimati",
    "Pacific/Kwajalein",
    "Antarctica/Troll",
)
zones = st.sampled_from(ZONES)
local_times = st.datetimes(datetime(1990, 1, 1), datetime(2037, 12, 31))  # noqa: DTZ001 - local times
months = st.builds(Period.of_month, st.integers(2024, 2037), st.integers(1, 12))


def shown(instant: datetime, zone: str) -> datetime:
    """What clocks in `zone` show."""
    return instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


# --- instants ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("local", "zone", "instant"),
    [
        pytest.param("2026-02-07T00:00", "America/New_York", "2026-02-07T05:00Z", id="plain"),
        pytest.param("2026-03-08T02:00", "America/New_York", "2026-03-08T07:00Z", id="the gap's start"),
        pytest.param("2026-03-08T02:30", "America/New_York", "2026-03-08T07:00Z", id="in a gap"),
        pytest.param("2026-03-08T03:00", "America/New_York", "2026-03-08T07:00Z", id="the gap's end"),
        pytest.param("2026-11-01T01:30", "America/New_York", "2026-11-01T05:30Z", id="twice"),
        pytest.param("2026-11-01T02:00", "America/New_York", "2026-11-01T07:00Z", id="after twice"),
        pytest.param("2026-03-08T00:00", "America/Havana", "2026-03-08T05:00Z", id="no midnight in Havana"),
        pytest.param("2026-11-01T00:00", "America/Havana", "2026-11-01T04:00Z", id="two midnights in Havana"),
        pytest.param(
            "2026-10-04T02:15", "Australia/Lord_Howe", "2026-10-03T15:30Z", id="half an hour skipped"
        ),
        pytest.param("2026-04-05T01:45", "Australia/Lord_Howe", "2026-04-04T14:45Z", id="half an hour twice"),
        pytest.param("2026-03-29T00:00", "Asia/Beirut", "2026-03-28T22:00Z", id="no midnight in Beirut"),
        pytest.param("2011-12-30T00:00", "Pacific/Apia", "2011-12-30T10:00Z", id="a day skipped in Samoa"),
        pytest.param("2011-12-30T23:59", "Pacific/Apia", "2011-12-30T10:00Z", id="its last minute"),
        pytest.param("2011-12-31T00:00", "Pacific/Apia", "2011-12-30T10:00Z", id="the day after"),
        pytest.param("2026-01-01T00:00", "Pacific/Kiritimati", "2025-12-31T10:00Z", id="earliest of all"),
        pytest.param("2026-01-01T00:00", "Etc/GMT+12", "2026-01-01T12:00Z", id="latest of all"),
        pytest.param("2028-02-29T00:00", "Asia/Kathmandu", "2028-02-28T18:15Z", id="leap day"),
    ],
)
def test_a_local_time_is_the_first_instant_that_shows_it_or_a_later_one(
    local: str, zone: str, instant: str
) -> None:
    assert first_instant(datetime.fromisoformat(local), zone) == datetime.fromisoformat(instant)


@pytest.mark.parametrize(
    ("local", "instant"),
    [("2026-11-01T01:30:01", "2026-11-01T05:30:01Z"), ("2026-03-08T02:30:01", "2026-03-08T07:00Z")],
)
def test_a_time_read_off_a_clock_the_second_time_means_the_first(local: str, instant: str) -> None:
    read_off = datetime.fromisoformat(local).replace(fold=1)
    assert first_instant(read_off, "America/New_York") == datetime.fromisoformat(instant)


@given(local=local_times, zone=zones)
def test_no_earlier_instant_shows_the_time_or_a_later_one(local: datetime, zone: str) -> None:
    found = first_instant(local, zone)
    assert shown(found, zone) >= local
    for earlier in (timedelta(seconds=1), timedelta(minutes=59), timedelta(hours=3), timedelta(days=2)):
        assert shown(found - earlier, zone) < local


@pytest.mark.parametrize("zone", ZONES)
def test_the_law_holds_around_every_change_of_the_clocks(zone: str) -> None:
    for change in clock_changes(zone):
        for at in (change - timedelta(seconds=1), change):
            for minutes in (-61, -30, -1, 0, 1, 29, 61):
                local = shown(at, zone) + timedelta(minutes=minutes)
                found = first_instant(local, zone)
                assert shown(found, zone) >= local
                assert shown(found - timedelta(seconds=1), zone) < local


def clock_changes(zone: str) -> list[datetime]:
    """The instants from 2024 to 2027 from which on clocks are set otherwise, to the minute."""
    info = ZoneInfo(zone)
    found = []
    at = datetime(2024, 1, 1, tzinfo=UTC)
    while at < datetime(2027, 1, 1, tzinfo=UTC):
        later = at + timedelta(days=4)
        if at.astimezone(info).utcoffset() != later.astimezone(info).utcoffset():
            before, after = at, later
            while after - before > timedelta(minutes=1):
                middle = (before + (after - before) / 2).replace(second=0, microsecond=0)
                same = middle.astimezone(info).utcoffset() == at.astimezone(info).utcoffset()
                before, after = (middle, after) if same else (before, middle)
            found.append(after)
        at = later
    return found


@given(instant=st.datetimes(datetime(1990, 1, 1), datetime(2037, 12, 31), timezones=st.just(UTC)), zone=zones)  # noqa: DTZ001
def test_an_instant_lies_in_its_local_day(instant: datetime, zone: str) -> None:
    day = local_date(instant, zone)
    assert midnight(day, zone) <= instant < midnight(day + timedelta(days=1), zone)


# --- bounds --------------------------------------------------------------------------------------------


@given(month=months, zone=zones, deadline_day=st.integers(4, 27), joined=st.integers(-400, 60))
def test_months_leave_no_gap_and_hold_their_deadline(
    month: Period, zone: str, deadline_day: int, joined: int
) -> None:
    joined_on = month.start + timedelta(days=joined)
    bounds = month_bounds(month, zone, deadline_day, joined_on)
    assert bounds.ends_at == month_bounds(month.next, zone, deadline_day, joined_on).starts_at
    assert bounds.starts_at < bounds.deadline <= bounds.ends_at + timedelta(days=3)
    assert local_date(bounds.starts_at, zone) == month.start
    assert local_month(bounds.ends_at - timedelta(seconds=1), zone) == month


def test_the_deadline_is_the_midnight_that_ends_its_day() -> None:
    bounds = month_bounds(Period.of_month(2026, 3), "America/New_York", 6, LONG_AGO)
    assert bounds.starts_at == datetime(2026, 3, 1, 5, tzinfo=UTC)
    assert bounds.deadline == datetime(2026, 3, 7, 5, tzinfo=UTC)
    assert bounds.ends_at == datetime(2026, 4, 1, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    ("deadline_day", "joined_on", "last_day"),
    [
        pytest.param(6, date(2025, 5, 1), date(2026, 2, 6), id="long ago"),
        pytest.param(6, date(2026, 1, 31), date(2026, 2, 6), id="the day before"),
        pytest.param(6, date(2026, 2, 1), date(2026, 2, 6), id="on the 1st"),
        pytest.param(6, date(2026, 2, 3), date(2026, 2, 6), id="on the 3rd"),
        pytest.param(6, date(2026, 2, 4), date(2026, 2, 7), id="later than the 3rd"),
        pytest.param(6, date(2026, 2, 6), date(2026, 2, 9), id="on the deadline's day"),
        pytest.param(6, date(2026, 2, 28), date(2026, 3, 3), id="on the last day"),
        pytest.param(6, date(2026, 3, 9), date(2026, 2, 6), id="only next month"),
        pytest.param(4, date(2026, 2, 1), date(2026, 2, 4), id="early deadline"),
        pytest.param(4, date(2026, 2, 2), date(2026, 2, 5), id="early deadline, later"),
        pytest.param(20, date(2026, 2, 10), date(2026, 2, 20), id="late deadline"),
        pytest.param(20, date(2026, 2, 18), date(2026, 2, 21), id="late deadline, later"),
        pytest.param(27, LONG_AGO, date(2026, 2, 27), id="the latest deadline"),
    ],
)
def test_who_joins_late_has_three_whole_days(deadline_day: int, joined_on: date, last_day: date) -> None:
    assert deadline_date(Period.of_month(2026, 2), deadline_day, joined_on) == last_day


def test_it_is_the_next_month_sooner_in_tokyo_than_in_new_york() -> None:
    at = datetime(2026, 2, 28, 20, tzinfo=UTC)
    assert local_month(at, "Asia/Tokyo") == Period.of_month(2026, 3)
    assert local_month(at, "America/New_York") == Period.of_month(2026, 2)


@pytest.mark.parametrize(
    ("now", "zone", "open_months"),
    [
        ("2026-02-24T23:59:59Z", "UTC", "2026-02"),
        ("2026-02-25T00:00:00Z", "UTC", "2026-02 2026-03"),
        ("2026-02-25T04:59:59Z", "America/New_York", "2026-02"),
        ("2026-02-25T05:00:00Z", "America/New_York", "2026-02 2026-03"),
        ("2026-02-24T14:59:59Z", "Asia/Tokyo", "2026-02"),
        ("2026-02-24T15:00:00Z", "Asia/Tokyo", "2026-02 2026-03"),
        ("2026-02-28T15:00:00Z", "Asia/Tokyo", "2026-03"),
        ("2026-12-31T12:00:00Z", "UTC", "2026-12 2027-01"),
    ],
)
def test_next_month_opens_on_the_25th_where_people_are(now: str, zone: str, open_months: str) -> None:
    assert [str(month) for month in months_open(datetime.fromisoformat(now), zone)] == open_months.split()


@pytest.mark.parametrize(
    "name", ["UTC", "GMT", "Europe/Berlin", "America/Argentina/Buenos_Aires", "Etc/GMT+5"]
)
def test_a_zone_is_known(name: str) -> None:
    assert is_zone(name)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "Mars/Crater",
        "PST",
        "CET",
        "EST",
        "Japan",
        "posixrules",
        "europe/berlin",
        "../etc/passwd",
        "/etc/localtime",
        "Europe/Berlin\n",
        "a\0b",
    ],
)
def test_what_is_no_zone_is_not_taken_for_one(name: str) -> None:
    assert not is_zone(name)
