"""What somebody asks of `/goals report`: a month, a team, and which part of the CSV."""

import re
from dataclasses import dataclass
from datetime import date

from bot.slack.refusals import check_mentions
from domain.errors import InvalidInput, quoted
from domain.periods import Kind, Period, read_period

_MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "october", "november", "december"),
)
_NAMED = re.compile(r"([a-z]{3,9})(?: (\d{4}))?(?: |$)")
_CSV = re.compile(r"(?:^|\s)csv(?:\s+(\d{1,4}))?$", re.IGNORECASE)


class UnknownReport(InvalidInput):
    """Neither a month nor a team that the person may see reports of."""

    code = "unknown_report"


@dataclass(frozen=True, slots=True)
class WantedReport:
    """The report somebody wants; `csv_part` is None unless they want its CSV as text."""

    month: Period
    team: str = ""
    csv_part: int | None = None


def read(typed: str, today: date) -> WantedReport:
    """Return what was asked for: last month's report unless a month is named.

    Raises:
        InvalidInput: the period named isn't a month.
    """
    words = " ".join(typed.split())
    check_mentions(words)
    part = None
    if wanted := _CSV.search(words):
        part, words = int(wanted[1] or 1), words[: wanted.start()]
    month, team = _month(words, today)
    return WantedReport(month, team.strip("\"'“” "), part)


def _month(words: str, today: date) -> tuple[Period, str]:
    """Return the month at the beginning, and what follows it."""
    if named := _NAMED.match(words.lower()):
        numbers = [number for number, name in enumerate(_MONTHS, start=1) if name.startswith(named[1])]
        if len(numbers) == 1:
            return _latest(numbers[0], named[2], today), words[named.end() :]
    parts = words.split(" ")
    for count in (2, 1):
        try:
            period = read_period(" ".join(parts[:count]), today)
        except ValueError:
            continue
        if period.kind is not Kind.MONTH:
            raise UnknownReport(f"{quoted(' '.join(parts[:count]))} isn't a month.")
        return period, " ".join(parts[count:])
    return Period.containing(today, Kind.MONTH).previous, words


def _latest(number: int, year: str | None, today: date) -> Period:
    """Return that month of the year named or, without one, the last one that has begun."""
    if year:
        return Period.of_month(int(year), number)
    return Period.of_month(today.year if number <= today.month else today.year - 1, number)
