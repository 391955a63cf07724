"""What a month or a year begins with before anybody has set it."""

from collections.abc import Collection, Sequence
from datetime import date

from domain.periods import Kind, Period
from domain.workdays import MONDAY_TO_FRIDAY, count_working_days

MONTHS_OF_A_YEAR = 12


def prefilled_signups(
    default: int,
    month: Period,
    joined_on: date,
    ramp: Sequence[int] = (),
    weekdays: Collection[int] = MONDAY_TO_FRIDAY,
) -> int:
    """Return the signups that a rep's new month begins with.

    The default is scaled by the ramp's percent for this month of the stint, and by the month's working days
    from joining; it is rounded up. `ramp` holds the percents of the first months; later ones have the whole
    default.
    """
    carried = count_working_days(max(month.start, joined_on), month.end, weekdays)
    every = count_working_days(month.start, month.end, weekdays)
    return -(-default * ramp_percent(ramp, joined_on, month) * carried // (100 * every))


def ramp_percent(ramp: Sequence[int], joined_on: date, month: Period) -> int:
    """Return the percent of the default that a rep is to reach in this month, who joined on that day."""
    joined = Period.containing(joined_on, Kind.MONTH)
    at = (month.start.year - joined.start.year) * MONTHS_OF_A_YEAR + month.start.month - joined.start.month
    return ramp[at] if 0 <= at < len(ramp) else 100


def months_carried(joined_on: date, year: int) -> int:
    """Return the months of a year in which a rep carries goals: all, or those from the month of joining."""
    return MONTHS_OF_A_YEAR + 1 - joined_on.month if joined_on.year == year else MONTHS_OF_A_YEAR


def prefilled_year(default: int, carried: int) -> int:
    """Return the signups that a year begins with: the default for the months carried, rounded up."""
    return -(-default * carried // MONTHS_OF_A_YEAR)
