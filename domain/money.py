"""Amounts and counts: how people type them, how they are shown."""

import re
import unicodedata
from decimal import Decimal
from functools import cache

from babel import Locale
from babel.numbers import (
    NumberFormatError,
    format_currency,
    format_decimal,
    get_currency_symbol,
    get_decimal_symbol,
    get_group_symbol,
    is_currency,
    list_currencies,
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
_INVISIBLE = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Marks of the writing direction, which come along when an amount is copied from an Arabic text."""
_ARABIC_GROUP, _ARABIC_POINT, _MINUS = "\u066c", "\u066b", "\u2212"


class NotANumber(ValueError):
    """Text that isn't a number as people write it."""


class OtherCurrency(NotANumber):
    """An amount in another currency than the expected one."""


def parse_number(typed: str, locale: str, currency: str | None = None) -> Decimal:
    """Read a number as people type it: `50000`, `50,000`, `$50k`, `1.2m`.

    Separators are those of `locale`; a number that they do not fit (`50,00` in en_US), or that reads
    differently elsewhere (`50.000` in en_US), raises `NotANumber` rather than being guessed at. Digits of any
    script are read. The sign is kept. An amount may carry the sign, symbol or code of its `currency`, a count
    carries none.

    Raises:
        OtherCurrency: it carries that of another currency.
        NotANumber: anything else is wrong with it.
    """
    marks = _marks(currency, locale) if currency else frozenset()
    match = _number_with(marks).fullmatch(plain_digits(typed, locale).strip())
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
    return -scaled if (match["sign"] or match["inner_sign"]) and scaled else scaled


def plain_digits(typed: str, locale: str) -> str:
    """Return the text with digits, signs and separators of other scripts as the ones `locale` writes.

    `٥٠٬٠٠٠` and `५०,०००` become `50,000` in en_US. Characters without a plain counterpart are kept.
    """
    plain = "".join(
        str(unicodedata.decimal(char)) if char.isdecimal() else char for char in _INVISIBLE.sub("", typed)
    )
    plain = plain.replace(_ARABIC_GROUP, get_group_symbol(locale)).replace(_MINUS, "-")
    return plain.replace(_ARABIC_POINT, get_decimal_symbol(locale))


def split_amount(text: str, locale: str, currency: str) -> tuple[str, str] | None:
    """Return the amount that a text begins with, as it was typed, and what follows it; None if there is none.

    The amount is only found, not read: `parse_number` may still refuse it. Dates (`2026-11-03`) and shares
    (`60%`) aren't amounts.
    """
    match = _leading_number(_marks(currency, locale), locale).match(text)
    return (match[0], text[match.end() :].lstrip()) if match else None


def has_mark(typed: str, locale: str, currency: str) -> bool:
    """Return True if an amount carries a currency's sign, symbol or code, its own or another's."""
    match = _number_with(_marks(currency, locale)).fullmatch(plain_digits(typed, locale).strip())
    return bool(match and _mark_of(match))


def _mark_of(match: re.Match[str]) -> str | None:
    return match["before"] or match["own"] or match["behind"]


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
        rf"""(?P<sign>-?)\s*(?P<before>{mark})?\s*(?P<inner_sign>(?<![\s\d-])-)?
            (?P<digits>\d[\d.,'’\u00a0\u2009\u202f\u0020]*|[.,]\d+)\s*
            (?:(?P<own>{own})|(?P<scale>k|mm|mio|m|bn|b|)\s*(?P<behind>{mark})?)""",
        re.VERBOSE | re.IGNORECASE,
    )


@cache
def _leading_number(marks: frozenset[str], locale: str) -> re.Pattern[str]:
    """An amount at the beginning of a text, which ends where a word ends.

    Groups are parted by a space only where the locale does so: elsewhere `3 100` are two numbers.
    """
    known = "|".join(re.escape(mark) for mark in sorted(marks, key=len, reverse=True))
    mark = rf"(?:(?i:{known})(?![A-Za-z])|[A-Za-z]{{0,3}}[{SIGNS}]|{_CODES})"
    spaced = r"\d{1,3}(?:[\u0020\u00a0\u2009\u202f]\d{3})+(?!\d)(?:[.,]\d+)?|"
    digits = rf"(?:{spaced if _groups_by_space(locale) else ''}\d+(?:[.,'’]\d+)*|[.,]\d+)"
    scale = r"(?i:k|mm|mio|m|bn|b)(?!\w)"
    return re.compile(
        rf"(?:-\s?)?(?:(?:(?i:{known})|[A-Za-z]{{0,3}}[{SIGNS}]|{_CODES})\s?)?-?{digits}"
        rf"(?:\s?{scale})?(?:\s?{mark})?(?![\w%/-]|[.,]\d)"
    )


_CODES = f"(?:{'|'.join(sorted(list_currencies()))})(?![A-Za-z])"
"""The codes of all currencies, in capitals."""


def _groups_by_space(locale: str) -> bool:
    return bool(_GROUPING_ALIKE[0].fullmatch(get_group_symbol(locale)))


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


def amount_example(locale: str) -> str:
    """Return how an amount can be typed, for placeholders and refusals: `50,000 or 50k`."""
    return f"{format_decimal(50_000, locale=locale)} or 50k"
