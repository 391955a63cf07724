"""Pace: what is expected by now, what is needed a day, and where it leads."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from domain.periods import Period
from domain.workdays import DaysCounted, WorkCalendar

VERDICT_AFTER = 3
"""Completed days before which nobody is called behind, or ahead."""
_CENT = Decimal("0.01")


class Indicator(StrEnum):
    """How a goal goes, from worst to best."""

    CRITICAL = "critical"
    """Less than half of what is expected."""
    BEHIND = "behind"
    ON_TRACK = "on_track"
    AHEAD = "ahead"
    """Made already, or at least a tenth above what is expected."""


class Health(StrEnum):
    """How a month goes, as people with a SQL client read it."""

    COMPLETED = "completed"
    ON_TRACK = "on_track"
    NEEDS_ATTENTION = "needs_attention"
    CRITICAL = "critical"


@dataclass(frozen=True, slots=True)
class Aim:
    """A metric with its goal and what is done; a quotient has no pace and is none."""

    metric: str
    goal: Decimal
    """0: no goal for this metric."""
    actual: Decimal
    until_today: Decimal
    """What was done up to yesterday."""
    is_count: bool = True
    """Whole numbers; else money."""


@dataclass(frozen=True, slots=True)
class MetricPace:
    """The pace of one metric, with the figures that say why."""

    metric: str
    goal: Decimal
    actual: Decimal
    expected: Decimal
    """What should have been done by the end of yesterday; counts are rounded down, money to cents."""
    indicator: Indicator | None
    """None: no verdict yet."""
    missing: Decimal
    needed_a_day: Decimal | None
    """Needed on each day left, today included, with two decimals; None if no day is left for the rest."""
    projection: Decimal | None
    """The total at the end of the period at the present pace; None before the first day is over."""


@dataclass(frozen=True, slots=True)
class Pace:
    """The pace of a period's goals."""

    days: DaysCounted
    metrics: tuple[MetricPace, ...]
    """Those with a goal."""

    @property
    def indicator(self) -> Indicator | None:
        """That of the worst metric; None: no verdict yet, or no goal."""
        verdicts = [each.indicator for each in self.metrics if each.indicator]
        return min(verdicts, key=list(Indicator).index, default=None)

    @property
    def on_pace(self) -> bool | None:
        """Whether each metric with a goal has at least what is expected; None: no verdict yet, or no goal."""
        indicator = self.indicator
        return None if indicator is None else indicator in (Indicator.ON_TRACK, Indicator.AHEAD)


def pace(aims: Iterable[Aim], days: DaysCounted) -> Pace:
    """Return the pace of these metrics; those without a goal are left out."""
    return Pace(days, tuple(_metric_pace(aim, days) for aim in aims if aim.goal > 0))


def days_of_month(month: Period, today: date, joined_on: date, calendar: WorkCalendar) -> DaysCounted:
    """Return the month's days that count for a rep, from joining on."""
    return calendar.counted(max(month.start, joined_on), month.end, today)


def days_of_year(
    year: Period, today: date, joined_on: date, months_carried: int, calendar: WorkCalendar
) -> DaysCounted:
    """Return the year's days that count for a rep: those of the months carried, from joining on.

    A rep who returns to a year that was opened for more months is measured over all of them.
    """
    first_month = year.months[12 - months_carried]
    start = joined_on if joined_on in first_month else first_month.start
    return calendar.counted(start, year.end, today)


def _metric_pace(aim: Aim, days: DaysCounted) -> MetricPace:
    missing = max(aim.goal - aim.actual, Decimal(0))
    return MetricPace(
        metric=aim.metric,
        goal=aim.goal,
        actual=aim.actual,
        expected=_rounded_down(aim, days),
        indicator=_indicator(aim, days),
        missing=missing,
        needed_a_day=_needed(missing, days),
        projection=_projection(aim, days),
    )


def _rounded_down(aim: Aim, days: DaysCounted) -> Decimal:
    if days.total == 0:
        return Decimal(0)
    if aim.is_count:
        return aim.goal * days.completed // days.total
    return (aim.goal * days.completed / days.total).quantize(_CENT, ROUND_HALF_UP)


def _indicator(aim: Aim, days: DaysCounted) -> Indicator | None:
    """The verdict, without dividing: a third of a goal has no last decimal."""
    if days.completed < VERDICT_AFTER:
        return None
    expected, actual = aim.goal * days.completed, aim.actual * days.total
    if aim.is_count:
        expected, actual = expected // days.total, aim.actual
    if aim.actual >= aim.goal or (actual > 0 and actual * 10 >= expected * 11):
        return Indicator.AHEAD
    if actual >= expected:
        return Indicator.ON_TRACK
    return Indicator.BEHIND if actual * 2 >= expected else Indicator.CRITICAL


def _needed(missing: Decimal, days: DaysCounted) -> Decimal | None:
    if missing == 0:
        return Decimal(0)
    return (missing / days.left).quantize(_CENT, ROUND_HALF_UP) if days.left else None


def _projection(aim: Aim, days: DaysCounted) -> Decimal | None:
    if days.completed == 0:
        return None
    unit = Decimal(1) if aim.is_count else _CENT
    return max((aim.until_today * days.total / days.completed).quantize(unit, ROUND_HALF_UP), aim.actual)


def health(of: Pace, *, completed: bool) -> Health:
    """Return how a month goes; it is on track as long as there is no verdict."""
    if completed:
        return Health.COMPLETED
    match of.indicator:
        case Indicator.CRITICAL:
            return Health.CRITICAL
        case Indicator.BEHIND:
            return Health.NEEDS_ATTENTION
        case _:
            return Health.ON_TRACK


@dataclass(frozen=True, slots=True)
class NextTier:
    """The lowest bonus tier that is still to be reached."""

    number: int
    signups_missing: int
    amount: Decimal
    """The whole bonus of this tier."""
    adds: Decimal
    """How much more it gives than the tier reached now."""


def next_tier(signups: int, tiers: Sequence[tuple[int, Decimal]]) -> NextTier | None:
    """Return the next tier after so many signups; None on the highest one.

    `tiers` are the signups needed and the amount of tiers 1 upwards, as the month keeps them.
    """
    reached = Decimal(0)
    for number, (needed, amount) in enumerate(tiers, start=1):
        if signups < needed:
            return NextTier(number, needed - signups, amount, amount - reached)
        reached = amount
    return None


class MonthOutcome(StrEnum):
    """How a past month ended."""

    MADE = "made"
    MISSED = "missed"
    NOT_SET = "not_set"
    OPTIONAL = "optional"
    """Not set, by a rep who joined too late in it to need goals."""
    CLOSED = "closed"
    """Set and not made by a rep who left before it ended."""


def outcome(status: str, *, is_set: bool, was_made: bool, is_optional: bool) -> MonthOutcome:
    """Return how a month that is over ended, whether or not it has been closed yet."""
    if was_made:
        return MonthOutcome.MADE
    if not is_set:
        return MonthOutcome.OPTIONAL if is_optional else MonthOutcome.NOT_SET
    return MonthOutcome.CLOSED if status == "archived" else MonthOutcome.MISSED


def burn_up_days(first: date, today: date, most: int = 20) -> list[date]:
    """Return up to so many days from the first to today, evenly spread, both included."""
    length = (today - first).days
    if length < 0:
        return []
    count = min(length + 1, most)
    if count == 1:
        return [today]
    return [first + timedelta(days=length * step // (count - 1)) for step in range(count)]
