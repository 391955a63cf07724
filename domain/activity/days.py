"""Days as people name them in a line: `yesterday`, `on Nov 3`, `on Monday`, `2026-11-03`."""

import re
from datetime import date, timedelta

from babel import Locale

from domain.errors import InvalidInput, quoted

DAY = "day"
"""The input of that name."""

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_WEEKDAY = (
    r"(?P<weekday>mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:r(?:s(?:day)?)?)?|fri(?:day)?"
    r"|sat(?:urday)?|sun(?:day)?)"
)
_NUMBER = r"(?:the\s+)?(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?:,?\s+(?P<year>20\d\d)(?![\w.,]*\w))?"
_WORD = r"(?P<word>today|yesterday)"
_ISO = r"(?P<iso>\d{4}-\d{2}-\d{2})"
_BY_MONTH = (rf"{_MONTH}\s+{_NUMBER}(?!\w|[.,]\d|/){_YEAR}", rf"{_NUMBER}\s+(?:of\s+)?{_MONTH}(?!\w){_YEAR}")
_FIGURES = r"(?P<first>\d{1,2})(?P<between>[./-])(?P<second>\d{1,2})(?:(?P=between)(?P<third>\d{4}|\d\d))?\.?"
_ANYWHERE = (_WORD, rf"(?:on\s+)?{_ISO}")
_AFTER_ON = (
    *(rf"on\s+{each}" for each in (*_BY_MONTH, _FIGURES, _NUMBER)),
    rf"(?:on|(?P<last>last))\s+{_WEEKDAY}",
)
_AT_THE_START = tuple(
    re.compile(rf"{each}(?![\w-])[,:]?\s*", re.IGNORECASE) for each in (*_ANYWHERE, *_AFTER_ON, *_BY_MONTH)
)
_AT_THE_END = tuple(
    re.compile(rf"(?:^|[\s,]+){each}[.!]?$", re.IGNORECASE) for each in (*_ANYWHERE, *_AFTER_ON)
)


class FutureDay(InvalidInput):
    """A day that is still to come for the rep."""

    code = "future_day"


def leading_day(text: str, today: date, locale: str) -> tuple[date, str] | None:
    """Return the day that a text begins with and what follows it; None if it begins otherwise.

    Raises:
        FutureDay: it is still to come.
        InvalidInput: there is no such day, like November 31.
    """
    match = next((found for each in _AT_THE_START if (found := each.match(text))), None)
    return (_checked(match, today, locale), text[match.end() :]) if match else None


def trailing_day(text: str, today: date, locale: str) -> tuple[date, str] | None:
    """Return the day that a text ends with and what stands before it; None if it ends otherwise.

    Here a month's name needs an “on”, for `renewal until Nov 3` is a note.

    Raises:
        FutureDay: it is still to come.
        InvalidInput: there is no such day, like November 31.
    """
    match = next((found for each in _AT_THE_END if (found := each.search(text))), None)
    return (_checked(match, today, locale), text[: match.start()]) if match else None


def month_named(word: str) -> int | None:
    """Return the number of the month of that name, in full or shortened; None if it is another word."""
    match = re.fullmatch(_MONTH, word, re.IGNORECASE)
    return _MONTHS.index(match["month"][:3].lower()) + 1 if match else None


def _checked(match: re.Match[str], today: date, locale: str) -> date:
    typed = re.sub(r"^(?:on|last)\s+", "", match[0].strip(" ,.:!"), flags=re.IGNORECASE)
    try:
        day = _day(match.groupdict(), today, locale)
    except ValueError:
        raise InvalidInput(f"There is no such day as {quoted(typed)}.", field=DAY) from None
    if day > today:
        raise FutureDay(f"{quoted(typed)} is still to come. Log it when it has happened.", field=DAY)
    return day


def _day(found: dict[str, str | None], today: date, locale: str) -> date:
    if word := found.get("word"):
        return today - timedelta(days=word.lower() == "yesterday")
    if iso := found.get("iso"):
        return date.fromisoformat(iso)
    if weekday := found.get("weekday"):
        back = (today.weekday() - _WEEKDAYS.index(weekday[:3].lower())) % 7
        return today - timedelta(days=back or (7 if found.get("last") else 0))
    if first := found.get("first"):
        return _of_figures(first, found["second"] or "", found.get("third"), today, locale)
    number = int(found["day"] or 0)
    if name := found.get("month"):
        return _nearest(_MONTHS.index(name[:3].lower()) + 1, number, found.get("year"), today)
    return today.replace(day=number)


def _of_figures(first: str, second: str, third: str | None, today: date, locale: str) -> date:
    """`11/3` is November 3 in the United States and March 11 in Britain."""
    pattern = str(Locale.parse(locale).date_formats["short"].pattern)
    day_first = pattern.lower().index("d") < pattern.index("M")
    day, month = (first, second) if day_first else (second, first)
    year = third if third is None or len(third) == 4 else f"20{third}"
    return _nearest(int(month), int(day), year, today)


def _nearest(month: int, day: int, year: str | None, today: date) -> date:
    """Without a year, the day nearest to today: on January 3 December 28 was last week."""
    if year:
        return date(int(year), month, day)
    days = [found for around in (-1, 0, 1) if (found := _date_or_none(today.year + around, month, day))]
    if not days:
        raise ValueError("no such day")
    return min(days, key=lambda found: abs(found - today))


def _date_or_none(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
