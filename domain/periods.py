"""Months and days in people's own time zones, and the instants at which they begin and end.

A local time that the clock change skips means the next valid instant; one that comes twice means the
first (DESIGN: catching up). All bounds are half-open.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

NEXT_MONTH_OPENS_ON = 25
"""Day of a month from which the next one can be opened and set (SPEC 2)."""
DAYS_TO_SETTLE_IN = 3
"""Whole days that somebody who has just joined has for setting goals (SPEC 2)."""


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A calendar month."""

    year: int
    month: int

    @classmethod
    def of(cls, day: date) -> "Month":
        """The month that `day` lies in."""
        return cls(day.year, day.month)

    @property
    def first_day(self) -> date:
        """Its 1st."""
        return date(self.year, self.month, 1)

    @property
    def next(self) -> "Month":
        """The month after."""
        return Month(self.year + self.month // 12, self.month % 12 + 1)

    @property
    def previous(self) -> "Month":
        """The month before."""
        return Month.of(self.first_day - timedelta(days=1))

    def __str__(self) -> str:
        return f"{self.year}-{self.month:02}"


@dataclass(frozen=True, slots=True)
class DeadlineDay:
    """The deadline day that is set, and until it counts the former one."""

    day: int
    former: int | None = None
    counts_from: date | None = None
    """First day of the month from which `day` counts; before it `former` does."""

    def counting_in(self, month: Month) -> int:
        """The day that counts in this month."""
        if self.former is not None and self.counts_from is not None and month.first_day < self.counts_from:
            return self.former
        return self.day

    def changed_to(self, day: int, this_month: Month) -> "DeadlineDay":
        """As it is after a change in `this_month`: it counts from the next (SPEC 1)."""
        counting = self.counting_in(this_month)
        if day == counting:
            return DeadlineDay(day)
        return DeadlineDay(day, counting, this_month.next.first_day)


@dataclass(frozen=True, slots=True)
class MonthBounds:
    """The instants that rule one rep's month: its start, its end, and the first that is too late."""

    starts_at: datetime
    ends_at: datetime
    deadline: datetime


@lru_cache(maxsize=4096)
def first_instant(local: datetime, zone: str) -> datetime:
    """The first instant (UTC) at which clocks in `zone` show the naive `local` time or a later one."""
    info = ZoneInfo(zone)
    found = local.replace(tzinfo=info, fold=0).astimezone(UTC)
    if found.astimezone(info).replace(tzinfo=None) == local:
        return found
    # `local` is skipped: the change lies between its readings with the offset after and before it.
    before = local.replace(tzinfo=info, fold=1).astimezone(UTC)
    while found - before > timedelta(seconds=1):
        middle = before + (found - before) // 2
        middle = middle.replace(microsecond=0)
        if middle.astimezone(info).replace(tzinfo=None) >= local:
            found = middle
        else:
            before = middle
    return found


def midnight(day: date, zone: str) -> datetime:
    """The instant at which `day` begins in `zone`."""
    return first_instant(datetime.combine(day, time()), zone)


def local_date(now: datetime, zone: str) -> date:
    """The date on the calendars of `zone`."""
    return now.astimezone(ZoneInfo(zone)).date()


def deadline_date(month: Month, deadline_day: int, joined_on: date) -> date:
    """Return the last day on which the month's goals are set in time, for somebody who joined on `joined_on`.

    A rep who joins too late for the common day has three whole days after joining (SPEC 2); where they end
    beyond the month, it is optional.
    """
    common = month.first_day.replace(day=deadline_day)
    if Month.of(joined_on) != month:
        return common
    return max(common, joined_on + timedelta(days=DAYS_TO_SETTLE_IN))


def month_bounds(month: Month, zone: str, deadline_day: int, joined_on: date) -> MonthBounds:
    """The instants of a month as it is opened for a rep with this zone and joining day."""
    last_day = deadline_date(month, deadline_day, joined_on)
    return MonthBounds(
        starts_at=midnight(month.first_day, zone),
        ends_at=midnight(month.next.first_day, zone),
        deadline=midnight(last_day + timedelta(days=1), zone),
    )


def months_open(now: datetime, zone: str) -> tuple[Month, ...]:
    """The months whose goals can be set now: this one, and the next from the 25th on."""
    today = local_date(now, zone)
    this = Month.of(today)
    return (this, this.next) if today.day >= NEXT_MONTH_OPENS_ON else (this,)


def is_zone(name: str) -> bool:
    """Whether `name` is the IANA name of a time zone."""
    return name in zones()


@lru_cache(maxsize=1)
def zones() -> frozenset[str]:
    """The IANA names of all time zones that Python knows; the database, which has the last word, takes them.

    Old names without a region are left out: some of them ("CET", "EST") Postgres reads as abbreviations,
    without summer time.
    """
    return frozenset(name for name in available_timezones() if "/" in name) | {"UTC", "GMT"}
