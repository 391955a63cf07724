"""Pure rules of the ledger: identities, splits, metrics' names, and why an entry is refused."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_DOWN, Decimal
from difflib import get_close_matches
from enum import StrEnum
from fractions import Fraction

from domain.errors import InvalidInput, NoSuchRep, NotAllowed, Refusal
from domain.periods import Period

UNDO_WITHIN = timedelta(minutes=10)
"""How long after writing it an entry can be taken back without a reason."""
WHOLE = Fraction(100)
_CENT = Decimal("0.01")

METRIC, AMOUNT, DAY, REP, SHARES, PERIOD = "metric", "amount", "day", "rep", "shares", "period"
"""Names of the inputs that a refusal can be about."""


class Reason(StrEnum):
    """Why an entry was refused; the first one that applies."""

    CHANGED = "changed"
    """Known with another amount or day, where amendments weren't asked for."""
    NO_REP = "no_rep"
    NOT_YOURS = "not_yours"
    NO_METRIC = "no_metric"
    QUOTIENT = "quotient"
    SWITCHED_OFF = "switched_off"
    FED = "fed"
    CURRENCY = "currency"
    ZERO = "zero"
    NOT_WHOLE = "not_whole"
    TOO_LARGE = "too_large"
    FUTURE = "future"
    TOO_EARLY = "too_early"
    MONTH_EXISTS = "month_exists"
    """A backfill reaches into a month that is there already."""
    NO_STINT = "no_stint"
    FROZEN = "frozen"


@dataclass(frozen=True, slots=True)
class Refused:
    """The facts of a refused entry, as a sentence about it needs them."""

    reason: Reason
    typed: str
    """The metric as it was given."""
    label: str | None
    """What the metric is called, if there is one."""
    name: str | None
    """The rep's name, if there is one."""
    day: date | None
    feeder: str | None = None
    fed_on: date | None = None
    """The last day on which the feeder sent something."""
    offered: Sequence[str] = ()
    """Labels of the metrics that can be logged."""
    nearest: str | None = None


def refusal(why: Refused) -> Refusal:
    """Return the refusal, with the input at fault, in a sentence that holds at every door."""
    label = why.label or why.typed
    match why.reason:
        case Reason.NO_REP:
            return NoSuchRep("I don't know this rep.", field=REP)
        case Reason.NOT_YOURS:
            return NotAllowed(
                f"Only {why.name}, their manager or an admin can log {why.name}'s numbers.", field=REP
            )
        case Reason.NO_METRIC:
            return InvalidInput(_unknown(why), field=METRIC)
        case Reason.QUOTIENT:
            return InvalidInput(
                f"{label} is calculated from other numbers, so it can't be logged.", field=METRIC
            )
        case Reason.SWITCHED_OFF:
            return InvalidInput(f"{label} is switched off here. Ask an admin to switch it on.", field=METRIC)
        case Reason.FED:
            return InvalidInput(_fed(why, label), field=METRIC)
        case Reason.CURRENCY:
            return InvalidInput(
                "The currency has just changed. Check the amount, then save again.", field=AMOUNT
            )
        case Reason.ZERO:
            return InvalidInput("There's nothing to log, because the amount is 0.", field=AMOUNT)
        case Reason.NOT_WHOLE:
            return InvalidInput(f"Enter a whole number of {label.lower()}.", field=AMOUNT)
        case Reason.TOO_LARGE:
            return InvalidInput(f"This is more {label.lower()} than one entry can hold.", field=AMOUNT)
        case Reason.FUTURE:
            return InvalidInput("This day hasn't come yet. Choose today or an earlier day.", field=DAY)
        case Reason.CHANGED:
            return InvalidInput("This was imported before with another amount or day.", field=AMOUNT)
        case Reason.TOO_EARLY:
            return InvalidInput("Goalkeeper keeps numbers from January 1, 2024 on.", field=DAY)
        case Reason.MONTH_EXISTS:
            return InvalidInput(
                "A backfill only fills past months that Goalkeeper doesn't have yet for this rep.", field=DAY
            )
        case Reason.NO_STINT:
            return InvalidInput(
                f"{why.name} wasn't on a sales team on that day. Choose another day.", field=DAY
            )
        case Reason.FROZEN:
            return InvalidInput("That month is closed, so its numbers can't change.", field=DAY)


def _unknown(why: Refused) -> str:
    if why.nearest:
        return f"I don't recognize “{why.typed}”. Did you mean {why.nearest}?"
    return f"I don't recognize “{why.typed}”. You can log {', '.join(why.offered)}."


def _fed(why: Refused, label: str) -> str:
    last = "It hasn't sent anything yet."
    if why.fed_on:
        last = f"It last sent something on {why.fed_on:%b} {why.fed_on.day}, {why.fed_on.year}."
    return f"{label} comes from {why.feeder}, so it isn't logged by hand. {last}"


def nearest(typed: str, names: Iterable[str]) -> str | None:
    """Return the name that looks most like what was typed, if any does."""
    by_key = {name.casefold(): name for name in names}
    close = get_close_matches(typed.casefold(), by_key, n=1, cutoff=0.6)
    return by_key[close[0]] if close else None


def code_of(label: str) -> str:
    """Return the code of a metric with this name: `Demo calls` → `demo_calls`.

    Raises:
        InvalidInput: the name has no letter to begin with.
    """
    words = "".join(letter if letter.isascii() and letter.isalnum() else " " for letter in label.lower())
    code = "_".join(words.split())[:40].rstrip("_")
    if not code[:1].isalpha():
        raise InvalidInput("Begin the name with a letter from A to Z.", field="label")
    return code


def evenly(people: int) -> list[Fraction]:
    """Return equal shares for so many people, in percent."""
    return [WHOLE / people] * people


def split(amount: Decimal, parts: Sequence[Fraction | Decimal | int], *, whole: bool) -> list[Decimal]:
    """Return what each part of one deal comes to; the last takes the cents that are left over.

    `parts` are percents. A count (`whole`) isn't divided: it goes to the first, and the others get 0.

    Raises:
        InvalidInput: the parts aren't positive, or don't make 100.
    """
    shares = [Fraction(part) for part in parts]
    if not shares or min(shares) <= 0 or sum(shares) != WHOLE:
        raise InvalidInput("The shares must add up to 100.", field=SHARES)
    if whole:
        return [amount, *[Decimal(0)] * (len(shares) - 1)]
    cents = Fraction(amount)
    given = [_money(cents * share / WHOLE) for share in shares[:-1]]
    return [*given, amount - sum(given)]


def _money(exact: Fraction) -> Decimal:
    return (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(_CENT, rounding=ROUND_DOWN)


def check_apart(periods: Iterable[tuple[object, Period]]) -> None:
    """Refuse total figures of the same key (rep and metric) whose periods share a day.

    Raises:
        InvalidInput: two of them overlap, so one would count what the other says.
    """
    last: dict[object, Period] = {}
    for key, period in sorted(periods, key=lambda each: (str(each[0]), each[1].start)):
        before = last.get(key)
        if before is not None and period.start < before.end:
            raise InvalidInput(
                f"{before} and {period} overlap, so their totals can't both be set at once.", field=PERIOD
            )
        last[key] = period
