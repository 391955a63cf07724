"""Amounts and counts: how people type them, how they are shown."""

import re
from decimal import Decimal

from babel import Locale
from babel.numbers import (
    NumberFormatError,
    format_currency,
    format_decimal,
    get_group_symbol,
    is_currency,
    parse_decimal,
)

_SCALES = {"": 1, "k": 10**3, "m": 10**6, "mm": 10**6, "mio": 10**6, "b": 10**9, "bn": 10**9}
# A currency sign or code in front or behind, digits with separators, and a scale.
_AMOUNT = re.compile(
    r"""(?P<sign>-?)\s*(?:(?P<before>[A-Z]{3})\s*|[$€£¥₹]\s*)?
        (?P<digits>\d[\d.,'’\u00a0\u2009\u202f\u0020]*|[.,]\d+)
        \s*(?P<scale>k|mm|mio|m|bn|b|)\s*(?:(?P<behind>[A-Z]{3})|[$€£¥₹])?""",
    re.VERBOSE | re.IGNORECASE,
)
# Keyboards have one space and one apostrophe; what some locales group digits with is on none of them.
_GROUPING_ALIKE = (re.compile("[\u0020\u00a0\u2009\u202f]"), re.compile("['’]"))


class NotANumber(ValueError):
    """Text that is no number as people write them."""


def parse_number(typed: str, locale: str) -> Decimal:
    """Read a number as people type it: `50000`, `50,000`, `$50k`, `1.2m`.

    Separators are those of `locale`; a number that they do not fit (`50,00` in en_US), or that reads
    differently elsewhere (`50.000` in en_US), raises `NotANumber` rather than being guessed at. The sign is
    kept.
    """
    match = _AMOUNT.fullmatch(typed.strip())
    if match is None or not all(map(is_currency, _codes(match))):
        raise NotANumber(typed)
    try:
        number = parse_decimal(_grouped(match["digits"].strip(), locale), locale=locale, strict=True)
    except NumberFormatError as error:
        raise NotANumber(typed) from error
    scale = match["scale"].lower()
    if not scale and number.as_tuple().exponent == -3:
        raise NotANumber(typed)  # Three decimals are another locale's thousands.
    scaled = number * _SCALES[scale]
    return -scaled if match["sign"] and scaled else scaled


def _codes(match: re.Match[str]) -> list[str]:
    return [code.upper() for code in (match["before"], match["behind"]) if code]


def _grouped(digits: str, locale: str) -> str:
    """The digits with the locale's own space or apostrophe between groups, where it has such a one."""
    symbol = get_group_symbol(locale)
    for alike in _GROUPING_ALIKE:
        if alike.fullmatch(symbol):
            return alike.sub(symbol, digits)
    return digits


def format_money(amount: Decimal, currency: str, locale: str) -> str:
    """`$50,000`, with cents only where there are some."""
    if amount != amount.to_integral_value():
        return format_currency(amount, currency, locale=locale)
    pattern = Locale.parse(locale).currency_formats["standard"].pattern
    return format_currency(
        amount, currency, format=pattern.replace(".00", ""), locale=locale, currency_digits=False
    )


def format_count(count: int, locale: str) -> str:
    """`1,200`."""
    return format_decimal(count, locale=locale)
