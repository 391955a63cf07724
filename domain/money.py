"""Amounts and counts: how people type them, how they are shown."""

import re
from decimal import Decimal

from babel import Locale
from babel.numbers import NumberFormatError, format_currency, format_decimal, parse_decimal

_SCALES = {"": 1, "k": 10**3, "m": 10**6, "mm": 10**6, "mio": 10**6, "b": 10**9, "bn": 10**9}
# A currency sign or code in front or behind, digits with separators, and a scale.
_AMOUNT = re.compile(
    r"""(?P<sign>-?)\s*(?:[A-Z]{3}\s*|[$€£¥₹]\s*)?
        (?P<digits>\d[\d.,'’\u00a0\u202f\u0020]*|[.,]\d+)
        \s*(?P<scale>k|mm|mio|m|bn|b|)\s*(?:[A-Z]{3}|[$€£¥₹])?""",
    re.VERBOSE | re.IGNORECASE,
)


class NotANumber(ValueError):
    """Text that is no number as people write them."""


def parse_number(typed: str, locale: str) -> Decimal:
    """Read a number as people type it: `50000`, `50,000`, `$50k`, `1.2m`.

    Separators are those of `locale`; a number that they do not fit (`50,00` in en_US) raises
    `NotANumber` rather than being guessed at. The sign is kept.
    """
    match = _AMOUNT.fullmatch(typed.strip())
    if match is None:
        raise NotANumber(typed)
    try:
        number = parse_decimal(match["digits"].strip(), locale=locale, strict=True)
    except NumberFormatError as error:
        raise NotANumber(typed) from error
    scaled = number * _SCALES[match["scale"].lower()]
    return -scaled if match["sign"] else scaled


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
