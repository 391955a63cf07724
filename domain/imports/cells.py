"""What a cell says: an amount, a day or a period, as programs and people write them. Pure."""

import re
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

from babel import Locale
from babel.numbers import get_currency_symbol

from domain.activity.days import month_named
from domain.money import NotANumber, amount_example, parse_number
from domain.periods import Period, read_period

_PLAIN = re.compile(r"[-+]?\d{1,12}(?:\.\d{1,2})?")
# These read the same everywhere: two decimals never are thousands, and of two marks the last is the point.
_COMMA = re.compile(r"-?(?:\d{1,12}|\d{1,3}(?:\.\d{3})+),\d{1,2}")
_POINT = re.compile(r"-?\d{1,3}(?:,\d{3})+\.\d{1,2}")
_BRACKETS = re.compile(r"\((.+)\)")
_MANY = 65_536

_TIME = r"(?:[T ,]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?: ?[AaPp][Mm])?)?"
_ISO = re.compile(rf"(\d{{4}})[-/.](\d{{1,2}})[-/.](\d{{1,2}}){_TIME}")
_FIGURES = re.compile(rf"(\d{{1,2}})([./-])(\d{{1,2}})\2(\d{{4}}){_TIME}")
_BY_MONTH = re.compile(rf"([A-Za-z]{{3,9}})\.? (\d{{1,2}}),? (\d{{4}}){_TIME}")
_BY_DAY = re.compile(rf"(\d{{1,2}})[. -]+([A-Za-z]{{3,9}})\.?[ -](\d{{4}}){_TIME}")
_ZONED = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)? ?(?:Z|[+-]\d\d:?\d\d)")


class BadCell(ValueError):
    """A cell that can't be read; its text says what to write instead."""


@lru_cache(_MANY)
def amount(typed: str, locale: str, currency: str) -> Decimal:
    """Return the amount in a cell; both the workspace's format and that of programs are read.

    Raises:
        BadCell: it isn't a number, or reads differently in different countries.
    """
    text = typed.strip()
    if bracketed := _BRACKETS.fullmatch(text):
        return -amount(bracketed[1], locale, currency)
    if _PLAIN.fullmatch(text):
        return Decimal(text)
    try:
        return parse_number(text, locale, currency)
    except NotANumber:
        bare = text.replace(currency, "").replace(get_currency_symbol(currency, locale), "").strip()
        if _COMMA.fullmatch(bare):
            return Decimal(bare.replace(".", "").replace(",", "."))
        if _POINT.fullmatch(bare):
            return Decimal(bare.replace(",", ""))
        raise BadCell(f"isn't an amount. Write it like {amount_example(locale)}") from None


@lru_cache(_MANY)
def day(typed: str, locale: str) -> date | datetime:
    """Return the day in a cell, or the instant of a time with a zone; other times of day are left out.

    Raises:
        BadCell: there is no such day.
    """
    try:
        found = _day(typed.strip(), locale)
    except ValueError:
        # It is written like a day, such as 2026-02-30, and the calendar has none of that name.
        found = None
    if found is None:
        raise BadCell("isn't a day. Write it like 2026-11-03")
    return found


def _day(text: str, locale: str) -> date | datetime | None:
    """Return the day in one of the ways in which files write it; None if it is written in none of them."""
    if _ZONED.fullmatch(text):
        return datetime.fromisoformat(text.replace(" ", "T", 1).replace(" ", "").replace("Z", "+00:00"))
    if found := _ISO.fullmatch(text):
        return date(int(found[1]), int(found[2]), int(found[3]))
    if found := _FIGURES.fullmatch(text):
        first, second = int(found[1]), int(found[3])
        of_month, month = (first, second) if _day_first(locale) or found[2] == "." else (second, first)
        return date(int(found[4]), month, of_month)
    if (found := _BY_MONTH.fullmatch(text)) and (month := month_named(found[1]) or 0):
        return date(int(found[3]), month, int(found[2]))
    if (found := _BY_DAY.fullmatch(text)) and (month := month_named(found[2]) or 0):
        return date(int(found[3]), month, int(found[1]))
    return None


@lru_cache(_MANY)
def period(typed: str, today: date) -> Period:
    """Return the period in a cell.

    Raises:
        BadCell: it isn't one.
    """
    try:
        return read_period(typed.strip().replace(" to ", "..") if ".." not in typed else typed.strip(), today)
    except ValueError:
        raise BadCell("isn't a period. Write it like 2026-11, 2026-W47, 2026-Q4 or 2026") from None


@lru_cache(_MANY)
def share(typed: str) -> Decimal:
    """Return a share in percent.

    Raises:
        BadCell: it isn't a number above 0 and up to 100.
    """
    text = typed.strip().removesuffix("%").strip().replace(",", ".")
    if not re.fullmatch(r"\d{1,3}(?:\.\d{1,4})?", text) or not 0 < Decimal(text) <= 100:
        raise BadCell("isn't a share. Write percents of the whole, like 60")
    return Decimal(text)


@lru_cache(16)
def _day_first(locale: str) -> bool:
    pattern = str(Locale.parse(locale).date_formats["short"].pattern)
    return pattern.lower().index("d") < pattern.index("M")
