"""The people in a line: the rep that it is logged for, or the reps who share a deal."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from babel.numbers import format_decimal

from domain.errors import InvalidInput, quoted
from domain.money import NotANumber, parse_number, plain_digits

SHARES = "shares"
"""The input of that name."""


@dataclass(frozen=True, slots=True)
class Share:
    """One rep's part of every entry of the line."""

    slack_id: str
    percent: Decimal


class SharesAmiss(InvalidInput):
    """Shares of a deal that don't make 100, or of reps named twice."""

    code = "shares_amiss"


_BETWEEN_SHARES = re.compile(r"[\s;/%+]+|,\s+")
_MENTION = r"<@(?P<id>[UW][A-Z0-9]+)(?:\|[^>]*)?>"
_LEADING = re.compile(rf"{_MENTION}(?!\s*[\d.,]+\s*%?\s*(?:<@|$))[\s:,]*")
_SHARE = re.compile(rf"{_MENTION}\s*(?P<percent>\d+(?:[.,]\d+)*)\s*%?(?=[\s,;.]|<@|$)[\s,]*")


def read_people(text: str, locale: str) -> tuple[str | None, str, tuple[Share, ...]]:
    """Return the rep named first, the text without people, and the shares of the others.

    Raises:
        SharesAmiss: they don't make 100, or somebody is mentioned who neither comes first nor has a share.
    """
    rep = None
    if leading := _LEADING.match(text):
        rep, text = leading["id"], text[leading.end() :]
    shares = tuple(Share(found["id"], _percent(found["percent"], locale)) for found in _SHARE.finditer(text))
    text = _SHARE.sub(" ", text).strip()
    if "<@" in text:
        raise SharesAmiss(
            "Put the rep first to log for them, or give each rep a share, like “@ana 60 @ben 40”.",
            field=SHARES,
        )
    _check_shares(rep, shares, locale)
    return rep, text, shares


def read_percents(typed: str, reps: int, locale: str) -> list[Decimal | Fraction]:
    """Return the share of each rep as typed into a form (`60 40`), in their order; equal ones if empty.

    Raises:
        SharesAmiss: there is not one for each rep, or they don't make 100.
    """
    words = [word for word in _BETWEEN_SHARES.split(plain_digits(typed, locale).strip()) if word]
    if not words:
        return [Fraction(100, reps)] * reps
    percents = [_percent(word, locale) for word in words]
    if len(percents) != reps:
        raise SharesAmiss(f"Give {reps} shares, one for each rep, like “{_example(reps)}”.", field=SHARES)
    _check_percents(percents, locale)
    return [*percents]


def _example(reps: int) -> str:
    part = 100 // reps
    return " ".join(map(str, [100 - part * (reps - 1), *[part] * (reps - 1)]))


def _percent(typed: str, locale: str) -> Decimal:
    try:
        return parse_number(typed, locale)
    except NotANumber:
        raise SharesAmiss(f"{quoted(typed)} isn't a share in percent.", field=SHARES) from None


def _check_shares(rep: str | None, shares: Sequence[Share], locale: str) -> None:
    if not shares:
        return
    if rep:
        raise SharesAmiss("Name each rep once, with a share: “@ana 60 @ben 40”.", field=SHARES)
    if len({share.slack_id for share in shares}) < len(shares):
        raise SharesAmiss("A rep is named twice. Give each rep one share.", field=SHARES)
    _check_percents([share.percent for share in shares], locale)


def _check_percents(percents: Sequence[Decimal], locale: str) -> None:
    if min(percents) <= 0:
        raise SharesAmiss("Each share has to be above zero. Leave out whoever has none.", field=SHARES)
    total = sum(percents, Decimal(0))
    if total != 100:
        said = format_decimal(total, locale=locale)
        raise SharesAmiss(f"The shares add up to {said}. They have to make 100.", field=SHARES)
