"""Amounts and counts: how people type them, how they are shown."""

import re
from decimal import Decimal
from functools import cache

from babel import Locale
from babel.numbers import (
    NumberFormatError,
    format_currency,
    format_decimal,
    get_currency_symbol,
    get_group_symbol,
    is_currency,
    parse_decimal,
)

_SCALES = {"": 1, "k": 10**3, "m": 10**6, "mm": 10**6, "mio": 10**6, "b": 10**9, "bn": 10**9}
SIGNS = "$€£¥￥₹"
"""Currency signs on keyboards; several currencies share some of them."""
_DOLLARS_AND_PESOS = (
    "ARS", "AUD", "BBD", "BMD", "BND", "BSD", "BZD", "CAD", "CLP", "COP", "DOP", "FJD", "GYD", "HKD",
    "JMD", "KYD", "LRD", "MXN", "NAD", "NZD", "SBD", "SGD", "SRD", "TTD", "TWD", "USD", "UYU", "XCD",
)  # fmt: skip
"""Currencies written `$` at home; Babel knows this only in the locales of their countries."""
# Keyboards have one space and one apostrophe, but some locales group digits with other ones.
_GROUPING_ALIKE = (re.compile("[\u0020\u00a0\u2009\u202f]"), re.compile("['’]"))


class NotANumber(ValueError):
    """Text that isn't a number as people write it."""


class OtherCurrency(NotANumber):
    """An amount in another currency than the expected one."""


def parse_number(typed: str, locale: str, currency: str | None = None) -> Decimal:
    """Read a number as people type it: `50000`, `50,000`, `$50k`, `1.2m`.

    Separators are those of `locale`; a number that they do not fit (`50,00` in en_US), or that reads
    differently elsewhere (`50.000` in en_US), raises `NotANumber` rather than being guessed at. The sign is
    kept. An amount may carry the sign, symbol or code of its `currency`, a count carries none.

    Raises:
        OtherCurrency: it carries that of another currency.
        NotANumber: anything else is wrong with it.
    """
    marks = _marks(currency, locale) if currency else frozenset()
    match = _number_with(marks).fullmatch(typed.strip())
    if match is None:
        raise NotANumber(typed)
    for mark in (match["before"], match["behind"]):
        if mark and mark.upper() not in marks:
            known = currency and (is_currency(mark.upper()) or mark[-1] in SIGNS)
            raise OtherCurrency(typed) if known else NotANumber(typed)
    try:
        number = parse_decimal(_grouped(match["digits"].strip(), locale), locale=locale, strict=True)
    except NumberFormatError as error:
        raise NotANumber(typed) from error
    scale = (match["scale"] or "").lower()
    if not scale and number.as_tuple().exponent == -3:
        raise NotANumber(typed)  # Three decimals are another locale's thousands.
    scaled = number * _SCALES[scale]
    return -scaled if match["sign"] and scaled else scaled


@cache
def _marks(currency: str, locale: str) -> frozenset[str]:
    """Return what may stand beside an amount, in capitals: `$`, `US$` and `USD` for US dollars."""
    symbols = {get_currency_symbol(currency, locale=place) for place in (locale, "en")}
    signs = {sign for sign in SIGNS if any(sign in symbol for symbol in symbols)}
    signs |= {"$"} if currency in _DOLLARS_AND_PESOS else set()
    signs |= {"¥", "￥"} if signs & {"¥", "￥"} else set()
    national = {f"{currency[:2]}{sign}" for sign in signs}
    return frozenset(mark.upper() for mark in {currency, *symbols, *signs, *national})


@cache
def _number_with(marks: frozenset[str]) -> re.Pattern[str]:
    """Return a pattern for digits with separators, a scale, and a currency mark at either end.

    The currency's own mark comes before a scale, or `5 BR$` would be billions of `R$`.
    """
    known = [re.escape(mark) for mark in sorted(marks, key=len, reverse=True)]
    mark = "|".join([*known, f"[A-Z]{{0,3}}[{SIGNS}]", "[A-Z]{3}"])
    own = "|".join(each for each in known if each.lower() not in _SCALES) or "(?!)"
    return re.compile(
        rf"""(?P<sign>-?)\s*(?P<before>{mark})?\s*
            (?P<digits>\d[\d.,'’\u00a0\u2009\u202f\u0020]*|[.,]\d+)\s*
            (?:(?:{own})|(?P<scale>k|mm|mio|m|bn|b|)\s*(?P<behind>{mark})?)""",
        re.VERBOSE | re.IGNORECASE,
    )


def _grouped(digits: str, locale: str) -> str:
    """Return the digits with the locale's own space or apostrophe between groups, if it has one."""
    symbol = get_group_symbol(locale)
    for alike in _GROUPING_ALIKE:
        if alike.fullmatch(symbol):
            return alike.sub(symbol, digits)
    return digits


def format_money(amount: Decimal, currency: str, locale: str) -> str:
    """Return an amount such as `$50,000`, with cents only if there are some."""
    if amount != amount.to_integral_value():
        return format_currency(amount, currency, locale=locale)
    pattern = Locale.parse(locale).currency_formats["standard"].pattern
    return format_currency(
        amount, currency, format=pattern.replace(".00", ""), locale=locale, currency_digits=False
    )


def format_count(count: int, locale: str) -> str:
    """Return a count such as `1,200`."""
    return format_decimal(count, locale=locale)
