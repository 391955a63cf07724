"""Periods of local days, and the instants at which they begin and end in people's own time zones.

A local time that the clock change skips means the next valid instant; one that comes twice means the
first. All bounds are half-open.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import assert_never
from zoneinfo import ZoneInfo, available_timezones

NEXT_MONTH_OPENS_ON = 25
"""Day of a month from which the next one can be opened and set."""
DAYS_TO_SETTLE_IN = 3
"""Whole days that a new rep has for setting goals."""


class Kind(StrEnum):
    """The kind of a period, by its length."""

    DAY = "day"
    WEEK = "week"
    """An ISO week: Monday to Sunday."""
    MONTH = "month"
    QUARTER = "quarter"
    """A calendar quarter."""
    YEAR = "year"
    CUSTOM = "custom"
    """From any day to any other."""


_DAY = timedelta(days=1)
_WRITTEN = re.compile(
    r"(?P<year>\d{4})(?:-(?:W(?P<week>\d\d)|Q(?P<quarter>[1-4])|(?P<month>\d\d)(?:-(?P<day>\d\d))?))?"
)
_TO = ".."


@dataclass(frozen=True, slots=True)
class Period:
    """Whole local days, from `start` up to but not including `end`.

    A period has no time zone: each rep's own calendar decides when its days begin. Written as `2026-11-21`
    (day), `2026-W47`, `2026-11`, `2026-Q4`, `2026`, or `2026-11-03..2026-11-10` with the last day.

    Raises:
        ValueError: the days are not those of a period of this kind.
    """

    kind: Kind
    start: date
    end: date

    def __post_init__(self) -> None:
        whole = self.start < self.end if self.kind is Kind.CUSTOM else _span(self.kind, self.start)
        if whole not in (True, (self.start, self.end)):
            raise ValueError(f"no {self.kind} begins on {self.start} and ends before {self.end}")

    @classmethod
    def containing(cls, day: date, kind: Kind) -> "Period":
        """Return the period of this kind that `day` lies in; there is none of kind `CUSTOM`."""
        return cls(kind, *_span(kind, day))

    @classmethod
    def of_month(cls, year: int, month: int) -> "Period":
        """Return a calendar month."""
        return cls.containing(date(year, month, 1), Kind.MONTH)

    @classmethod
    def of_year(cls, year: int) -> "Period":
        """Return a calendar year."""
        return cls.containing(date(year, 1, 1), Kind.YEAR)

    @classmethod
    def of_columns(cls, year: int, month: int | None) -> "Period":
        """Return the month or, without one, the year that two columns of a table name."""
        return cls.of_year(year) if month is None else cls.of_month(year, month)

    @classmethod
    def between(cls, first_day: date, last_day: date) -> "Period":
        """Return the days from the first to the last, both included.

        Raises:
            ValueError: the last day comes before the first.
        """
        return cls(Kind.CUSTOM, first_day, last_day + _DAY)

    @classmethod
    def parse(cls, written: str) -> "Period":
        """Return the period that `str()` wrote.

        Raises:
            ValueError: it is not written so.
        """
        first, to, last = written.partition(_TO)
        if to:
            return cls.between(date.fromisoformat(first), date.fromisoformat(last))
        match = _WRITTEN.fullmatch(written)
        if match is None:
            raise ValueError(f"not a period: {written!r}")
        year = int(match["year"])
        if match["week"]:
            return cls.containing(date.fromisocalendar(year, int(match["week"]), 1), Kind.WEEK)
        if match["quarter"]:
            return cls.containing(date(year, int(match["quarter"]) * 3 - 2, 1), Kind.QUARTER)
        if match["day"]:
            return cls.containing(date(year, int(match["month"]), int(match["day"])), Kind.DAY)
        return cls.of_month(year, int(match["month"])) if match["month"] else cls.of_year(year)

    @property
    def columns(self) -> dict[str, int | None]:
        """Bind parameters `year` and `month` for the two columns that name a month or a year.

        Raises:
            ValueError: it is neither.
        """
        match self.kind:
            case Kind.MONTH:
                return {"year": self.start.year, "month": self.start.month}
            case Kind.YEAR:
                return {"year": self.start.year, "month": None}
            case _:
                raise ValueError(f"{self} is neither a month nor a year")

    @property
    def last_day(self) -> date:
        """The last day that belongs to it."""
        return self.end - _DAY

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.end - self.start).days

    @property
    def next(self) -> "Period":
        """The period after it: the next one of its kind, or as many days again."""
        if self.kind is Kind.CUSTOM:
            return Period(self.kind, self.end, self.end + (self.end - self.start))
        return Period.containing(self.end, self.kind)

    @property
    def previous(self) -> "Period":
        """The period before it: the last one of its kind, or as many days."""
        if self.kind is Kind.CUSTOM:
            return Period(self.kind, self.start - (self.end - self.start), self.start)
        return Period.containing(self.start - _DAY, self.kind)

    @property
    def months(self) -> "tuple[Period, ...]":
        """The calendar months that it touches, in order."""
        month = Period.containing(self.start, Kind.MONTH)
        found = [month]
        while (month := month.next).start < self.end:
            found.append(month)
        return tuple(found)

    def __contains__(self, day: date) -> bool:
        """Return whether `day` belongs to it."""
        return self.start <= day < self.end

    def __lt__(self, other: "Period") -> bool:
        """Order periods by their end; of those that end together, the shorter one comes first."""
        return (self.end, self.days) < (other.end, other.days)

    def __str__(self) -> str:
        match self.kind:
            case Kind.DAY:
                return self.start.isoformat()
            case Kind.WEEK:
                week = self.start.isocalendar()
                return f"{week.year}-W{week.week:02}"
            case Kind.MONTH:
                return f"{self.start:%Y-%m}"
            case Kind.QUARTER:
                return f"{self.start.year}-Q{(self.start.month + 2) // 3}"
            case Kind.YEAR:
                return str(self.start.year)
            case Kind.CUSTOM:
                return f"{self.start}{_TO}{self.last_day}"
            case _:
                assert_never(self.kind)


def _span(kind: Kind, day: date) -> tuple[date, date]:
    """Return the first day of the period around `day`, and the first day after it."""
    match kind:
        case Kind.DAY:
            return day, day + _DAY
        case Kind.WEEK:
            monday = day - timedelta(days=day.weekday())
            return monday, monday + timedelta(days=7)
        case Kind.MONTH:
            return day.replace(day=1), _months_on(day, 1)
        case Kind.QUARTER:
            first = day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
            return first, _months_on(first, 3)
        case Kind.YEAR:
            return date(day.year, 1, 1), date(day.year + 1, 1, 1)
        case Kind.CUSTOM:
            raise ValueError("a custom period is given by its two days")
        case _:
            assert_never(kind)


def _months_on(day: date, months: int) -> date:
    """Return the 1st of the month that is `months` after the month of `day`."""
    years, month = divmod(day.month - 1 + months, 12)
    return date(day.year + years, month + 1, 1)


_TYPED = re.compile(
    r"(?:(?P<which>this|last|next) )?(?P<kind>week|month|quarter|year)"
    r"|q(?P<quarter>[1-4])(?: (?P<year>\d{4}))?"
)


def read_period(typed: str, today: date) -> Period:
    """Return the period that somebody means on this day of theirs.

    `this week`, `last month`, `next quarter`, `today`, `yesterday`, `Q3` (of this year), `Q3 2025`, and all
    that `Period.parse` reads.

    Raises:
        ValueError: it reads like none of them.
    """
    words = " ".join(typed.lower().split())
    if words in ("today", "yesterday"):
        return Period.containing(today if words == "today" else today - _DAY, Kind.DAY)
    match = _TYPED.fullmatch(words)
    if match is None:
        return Period.parse(words.upper())
    if match["quarter"]:
        return Period.parse(f"{match['year'] or today.year:04}-Q{match['quarter']}")
    current = Period.containing(today, Kind(match["kind"]))
    return {"last": current.previous, "next": current.next}.get(match["which"], current)


@dataclass(frozen=True, slots=True)
class DeadlineDay:
    """The deadline day, and the former one until the new one counts."""

    day: int
    former: int | None = None
    counts_from: date | None = None
    """First day of the month from which `day` counts; before it `former` does."""

    def counting_in(self, month: Period) -> int:
        """Return the day that counts in this month."""
        if self.former is not None and self.counts_from is not None and month.start < self.counts_from:
            return self.former
        return self.day

    def changed_to(self, day: int, this_month: Period) -> "DeadlineDay":
        """Return the day after a change in `this_month`, which counts from the next month."""
        counting = self.counting_in(this_month)
        if day == counting:
            return DeadlineDay(day)
        return DeadlineDay(day, counting, this_month.end)


@dataclass(frozen=True, slots=True)
class MonthBounds:
    """The instants of one rep's month: its start, its end, and the first one that is too late."""

    starts_at: datetime
    ends_at: datetime
    deadline: datetime


@lru_cache(maxsize=4096)
def first_instant(local: datetime, zone: str) -> datetime:
    """Return the first instant (UTC) at which clocks in `zone` show `local` (naive) or later."""
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
    """Return the instant at which `day` begins in `zone`."""
    return first_instant(datetime.combine(day, time()), zone)


def local_date(now: datetime, zone: str) -> date:
    """Return the date on the calendars of `zone`."""
    return now.astimezone(ZoneInfo(zone)).date()


def local_month(now: datetime, zone: str) -> Period:
    """Return the month on the calendars of `zone`."""
    return Period.containing(local_date(now, zone), Kind.MONTH)


def deadline_date(month: Period, deadline_day: int, joined_on: date) -> date:
    """Return the last day on which the month's goals are set in time, for somebody who joined on `joined_on`.

    A rep who joins too late for the common day has three whole days after joining; where they end
    beyond the month, it is optional.
    """
    common = month.start.replace(day=deadline_day)
    if joined_on not in month:
        return common
    return max(common, joined_on + timedelta(days=DAYS_TO_SETTLE_IN))


def month_bounds(month: Period, zone: str, deadline_day: int, joined_on: date) -> MonthBounds:
    """Return a month's instants as it is opened for a rep with this zone and joining day."""
    last_day = deadline_date(month, deadline_day, joined_on)
    return MonthBounds(
        starts_at=midnight(month.start, zone),
        ends_at=midnight(month.end, zone),
        deadline=midnight(last_day + timedelta(days=1), zone),
    )


def months_open(now: datetime, zone: str) -> tuple[Period, ...]:
    """Return the months whose goals can be set now: this one, and the next from the 25th on."""
    today = local_date(now, zone)
    this = Period.containing(today, Kind.MONTH)
    return (this, this.next) if today.day >= NEXT_MONTH_OPENS_ON else (this,)


def oldest_month(now: datetime) -> Period:
    """Return the first month that isn't over in every time zone."""
    return Period.containing((now - _DAY).date(), Kind.MONTH)


def is_zone(name: str) -> bool:
    """Return True if `name` is the IANA name of a time zone."""
    return name in zones()


@lru_cache(maxsize=1)
def zones() -> frozenset[str]:
    """Return the IANA names of all time zones that Python knows; the database has the last word.

    Old names without a region are left out: some of them ("CET", "EST") Postgres reads as abbreviations,
    without summer time.
    """
    return frozenset(name for name in available_timezones() if "/" in name) | {"UTC", "GMT"}
