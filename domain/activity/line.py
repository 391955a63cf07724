"""One typed line of activity (`2 signups`): which entries it means, for whom, and on which day."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from babel.numbers import get_currency_precision

from domain.activity.catalogue import REVENUE, Catalogue, LineUnit, Loggable, stem, within_sentence
from domain.activity.days import DAY, leading_day, month_named, trailing_day
from domain.activity.shares import SHARES, Share, SharesAmiss, read_people
from domain.errors import InvalidInput, quoted
from domain.money import (
    NotANumber,
    OtherCurrency,
    amount_example,
    format_count,
    format_money,
    has_mark,
    parse_number,
    plain_digits,
    split_amount,
)
from domain.periods import Kind, Period

METRIC, AMOUNT, NOTE = "metric", "amount", "note"
"""Names of the inputs at fault, the same in forms and refusals."""
COUNT_MAX = 1_000_000
MONEY_MAX = Decimal("9999999999.99")
NOTE_MAX = 500
"""Characters of a note."""
_PLAUSIBLE_COUNT = 1_000
_PLAUSIBLE_MONEY = Decimal(1_000_000)
"""In a currency with two decimals; a hundred times as much in one without any."""
_LISTED = 4
"""Metrics that a refusal lists."""


@dataclass(frozen=True, slots=True)
class LineEntry:
    """One figure that somebody means to log."""

    metric: str
    amount: Decimal
    """Negative for a refund or a lost deal; a total where `total_of` is given."""
    day: date
    note: str | None = None
    total_of: Period | None = None
    """The period whose total this is (“signups are 15 now”); None for what comes on top."""
    absurd: bool = False
    """So large that the author is asked first whether it is meant."""


@dataclass(frozen=True, slots=True)
class LogLine:
    """What was understood of a line."""

    entries: tuple[LineEntry, ...]
    rep: str | None = None
    """Slack id of the rep that it is logged for; None: the author."""
    shares: tuple[Share, ...] = ()
    """In the order typed; they make 100. Empty: the rep has it all."""


class UnknownMetric(InvalidInput):
    """A figure of something that isn't counted here.

    Facts: `typed`, None where no metric was named, and `nearest`, the code of the metric that may be meant.
    """

    code = "unknown_metric"


class QuotientLogged(InvalidInput):
    """A figure of a metric that is worked out from others. Facts: its `metric`."""

    code = "quotient_logged"


def read_log(typed: str, catalogue: Catalogue, today: date) -> LogLine:
    """Return what a typed line of activity means.

    `2 signups`, `$5,000 Acme renewal`, `3 calls yesterday`, `2 signups, $4k`, `2 signups on Nov 3`,
    `-1 signup refund`, `signups are 15 now`, `@rep 2 signups`, `$10k Acme @ana 60 @ben 40`. An amount with a
    currency is revenue unless it says otherwise. A day holds for the whole line, unless each figure has its
    own. People are mentioned as Slack writes them (`<@U123|name>`); `today` is the rep's local date.

    Raises:
        UnknownMetric: offering the nearest one.
        QuotientLogged: naming what to log instead.
        SharesAmiss: they don't make 100.
        FutureDay: the day is still to come.
        InvalidInput: for whatever else is not understood, with its field and an example.
    """
    text = plain_digits(typed, catalogue.locale).strip()
    rep, text, shares = read_people(text, catalogue.locale)
    reader = _Reader(catalogue, today)
    parts = [reader.part(part) for part in _parts(text, catalogue)]
    if not parts:
        raise InvalidInput(f"There is nothing to log yet. {catalogue.example()}", field=AMOUNT)
    entries = _on_their_days(parts, today)
    if shares and any(entry.total_of for entry in entries):
        raise SharesAmiss("A total can't be shared out. Log what came on top instead.", field=SHARES)
    return LogLine(entries, rep, shares)


def read_figure(
    typed: str, code: str, day: date, catalogue: Catalogue, *, note: str = "", may_be_zero: bool = False
) -> LineEntry:
    """Return the entry that a form means: an amount of one metric on one day.

    The amount may name the metric again: `2`, `2 signups`, `$5,000`.

    Raises:
        UnknownMetric: the metric isn't logged here any more.
        QuotientLogged: naming what to log instead.
        InvalidInput: the amount isn't one of this metric, or the note is too long.
    """
    reader = _Reader(catalogue, day)
    metric = catalogue.of_code(code)
    if metric is None:
        raise reader.unknown(code)
    found = split_amount(plain_digits(typed, catalogue.locale).strip(), catalogue.locale, catalogue.currency)
    if found is None or (found[1] and catalogue.leading(found[1]) != (metric, "")):
        example = amount_example(catalogue.locale) if metric.unit is LineUnit.MONEY else "2"
        raise InvalidInput(f"I couldn't read {quoted(typed)} as a number. Try {example}.", field=AMOUNT)
    amount = reader.amount_of(metric, found[0], may_be_zero=may_be_zero)
    return _Part(reader.with_limit(metric), amount, day, _checked_note(note.strip()), None).on(day)


def in_words(entry: LineEntry, catalogue: Catalogue) -> str:
    """Return `2,000 signups`, `1 signup` or `$5,000 in revenue`, as the workspace writes it."""
    metric = catalogue.of_code(entry.metric)
    label = within_sentence(metric.label if metric else entry.metric)
    if metric and metric.unit is LineUnit.MONEY:
        return f"{format_money(entry.amount, catalogue.currency, catalogue.locale)} in {label}"
    name = " ".join(map(stem, label.split())) if abs(entry.amount) == 1 else label
    return f"{format_count(int(entry.amount), catalogue.locale)} {name}"


@dataclass(frozen=True, slots=True)
class _Part:
    """An entry whose day may be that of another part."""

    metric: Loggable
    amount: Decimal
    day: date | None
    note: str | None
    total_of: Period | None

    def on(self, day: date) -> LineEntry:
        plausible = self.metric.plausible
        absurd = plausible is not None and abs(self.amount) >= plausible
        return LineEntry(self.metric.code, self.amount, day, self.note, self.total_of, absurd)


def _on_their_days(parts: Sequence[_Part], today: date) -> tuple[LineEntry, ...]:
    days = {part.day for part in parts if part.day}
    if len(days) > 1 and not all(part.day for part in parts):
        raise InvalidInput("Say the day of each figure, or one day for all of them.", field=DAY)
    common = next(iter(days), today)
    return tuple(part.on(part.day or common) for part in parts)


def _parts(text: str, catalogue: Catalogue) -> list[str]:
    """The figures of the line; a comma before anything else than a figure belongs to a note."""
    text = re.sub(r"(?<![\w.,])(\d+)(?=[^\W\d_]{4,})", r"\1 ", text)  # “20signups”
    pieces = re.split(r"(;\s*|\n+|(?<!\d),\s+|(?<=\d),\s+(?!20\d\d\b)|\s+(?:and|[+&])\s+)", text)
    parts: list[str] = []
    for between, piece in zip(["", *pieces[1::2]], pieces[::2], strict=True):
        if parts and not _begins_a_figure(piece, catalogue):
            parts[-1] += between + piece
        elif piece.strip():
            parts.append(piece)
    return parts


def _begins_a_figure(piece: str, catalogue: Catalogue) -> bool:
    if split_amount(piece.lstrip("= "), catalogue.locale, catalogue.currency):
        return True
    named = catalogue.leading(piece)
    return bool(named and re.match(rf"(?:{_IS}\s*)?[-\d.,]|(?:{_IS})", named[1], re.IGNORECASE))


_IS = r"(?:are|is|was|were|now at)\b|="
_LINK = re.compile(rf"(?P<is>{_IS})\s*|", re.IGNORECASE)
_NOW = re.compile(r"(?:now|so far|in total|altogether|this month)(?:[\s.!]+|$)", re.IGNORECASE)
_MONTHS_OWN = re.compile(r"(?P<month>[A-Za-z]+)['’]s\s+|last month['’]s\s+", re.IGNORECASE)
_FOR_MONTH = re.compile(r"\s*(?:in|for)\s+(?P<month>[A-Za-z]+)[.!]?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads one figure with all that belongs to it."""

    catalogue: Catalogue
    today: date

    def part(self, text: str) -> _Part:
        """Return what was understood of one figure."""
        text, day = self._without_day(text.strip())
        month, text = self._month_of(text)
        is_total = text.startswith("=") or month is not None
        text = text.lstrip("= ")
        if amount := split_amount(text, self.catalogue.locale, self.catalogue.currency):
            typed, rest = amount
            metric, rest = self._metric(typed, rest)
        else:
            metric, rest = self._named_first(text)
            link = _LINK.match(rest)
            is_total = is_total or bool(link and link["is"])
            typed, rest = self._amount(text, rest[link.end() if link else 0 :])
        return self._figure(metric, typed, rest, day, month, is_total=is_total)

    def _figure(
        self,
        metric: Loggable,
        typed: str,
        rest: str,
        day: date | None,
        month: Period | None,
        *,
        is_total: bool,
    ) -> _Part:
        if found := leading_day(rest, self.today, self.catalogue.locale):
            day, rest = (day or found[0]), found[1]
        if now := _NOW.match(rest):
            if not is_total:
                raise self._is_that_the_total(metric, typed)
            rest = rest[now.end() :]
        if is_total and month is None and (named := _FOR_MONTH.search(f" {rest}")):
            month = self._nearest_month(named["month"])
            rest = "" if month else rest
        amount = self._checked(metric, typed, is_total=is_total)
        total_of = (month or Period.containing(self.today, Kind.MONTH)) if is_total else None
        if total_of and day not in (None, self.today):
            raise InvalidInput("A total is that of a month, not of a day.", field=DAY)
        return _Part(self.with_limit(metric), amount, day, _note(rest), total_of)

    def _without_day(self, text: str) -> tuple[str, date | None]:
        """The text without the day at its beginning or end."""
        locale = self.catalogue.locale
        if found := leading_day(text, self.today, locale):
            return found[1].strip(), found[0]
        if last := trailing_day(text, self.today, locale):
            return last[1].strip(), last[0]
        return text, None

    def _month_of(self, text: str) -> tuple[Period | None, str]:
        """The month of “October's revenue was 15,000”."""
        match = _MONTHS_OWN.match(text)
        if match is None:
            return None, text
        if match["month"] is None:
            return Period.containing(self.today, Kind.MONTH).previous, text[match.end() :]
        month = self._nearest_month(match["month"])
        return month, text[match.end() :] if month else text

    def _nearest_month(self, name: str) -> Period | None:
        """The last month of that name, this one included."""
        number = month_named(name)
        if number is None:
            return None
        return Period.of_month(self.today.year - (number > self.today.month), number)

    def _metric(self, typed: str, rest: str) -> tuple[Loggable, str]:
        """The metric of an amount: named after it, else revenue where the amount carries a currency."""
        if named := self.catalogue.leading(re.sub(r"^(?:of|in|new|more)\s+", "", rest, flags=re.IGNORECASE)):
            return named
        revenue = self.catalogue.of_code(REVENUE)
        if revenue and has_mark(typed, self.catalogue.locale, self.catalogue.currency):
            return revenue, rest
        word = re.match(r"[^\s,;]+", rest)
        if word is None:
            raise self._of_what(typed)
        raise self.unknown(word[0])

    def _named_first(self, text: str) -> tuple[Loggable, str]:
        named = self.catalogue.leading(text)
        if named is None and re.search(r"\d", text):
            word = re.match(r"[^\s,;=]+", text)
            if word and self.catalogue.nearest(word[0]):
                raise self.unknown(word[0])
        if named is None:
            raise InvalidInput(
                f"I don't see what to log in {quoted(text)}. {self.catalogue.example()}", field=AMOUNT
            )
        return named

    def _amount(self, text: str, rest: str) -> tuple[str, str]:
        amount = split_amount(rest, self.catalogue.locale, self.catalogue.currency)
        if amount is None:
            raise InvalidInput(
                f"How many? I see no number in {quoted(text)}. {self.catalogue.example()}", field=AMOUNT
            )
        return amount

    def unknown(self, word: str) -> UnknownMetric:
        """The refusal of a word that isn't a metric."""
        nearest = self.catalogue.nearest(word)
        if nearest:
            meant = f"Did you mean {within_sentence(nearest.label)}?"
            return UnknownMetric(
                f"I don't recognize {quoted(word)}. {meant}", field=METRIC, typed=word, nearest=nearest.code
            )
        sums = [metric for metric in self.catalogue.metrics if not metric.quotient_of]
        loggable = [within_sentence(metric.label) for metric in sums]
        listed = ", ".join(loggable[:_LISTED]) + (" and more" if len(loggable) > _LISTED else "")
        return UnknownMetric(
            f"I don't recognize {quoted(word)}. You can log {listed}.", field=METRIC, typed=word, nearest=None
        )

    def _of_what(self, typed: str) -> UnknownMetric:
        said = f"{quoted(typed)} of what? {self.catalogue.example()}"
        return UnknownMetric(said, field=METRIC, typed=None, nearest=None)

    def _is_that_the_total(self, metric: Loggable, typed: str) -> InvalidInput:
        label = within_sentence(metric.label)
        return InvalidInput(
            f"Is {typed} the total? Then write “{label} are {typed} now”. "
            f"To add {typed}, leave out the last word.",
            field=AMOUNT,
        )

    def _checked(self, metric: Loggable, typed: str, *, is_total: bool) -> Decimal:
        """The amount, if the metric can have such a one."""
        if metric.quotient_of:
            raise QuotientLogged(
                f"{metric.label} is worked out from other figures. "
                f"Log {' and '.join(map(within_sentence, metric.quotient_of))} instead.",
                field=METRIC,
                metric=metric.code,
            )
        amount = self.amount_of(metric, typed, may_be_zero=is_total)
        if amount < 0 and is_total:
            raise InvalidInput("A total can't be below zero.", field=AMOUNT)
        return amount

    def amount_of(self, metric: Loggable, typed: str, *, may_be_zero: bool) -> Decimal:
        """The amount, if an entry of the metric can have such a one."""
        amount = self._number(metric, typed)
        if amount == 0 and not may_be_zero:
            raise InvalidInput("0 changes nothing, so there is nothing to log.", field=AMOUNT)
        return amount

    def _number(self, metric: Loggable, typed: str) -> Decimal:
        locale, currency = self.catalogue.locale, self.catalogue.currency
        is_money = metric.unit is LineUnit.MONEY
        try:
            amount = parse_number(typed, locale, currency)
        except OtherCurrency:
            raise InvalidInput(
                f"Amounts are in {currency} here: {quoted(typed)} is in another currency.", field=AMOUNT
            ) from None
        except NotANumber:
            raise InvalidInput(
                f"I couldn't read {quoted(typed)} as a number. {self.catalogue.example()}", field=AMOUNT
            ) from None
        if not is_money and has_mark(typed, locale, currency):
            raise InvalidInput(f"{metric.label} are counted, so leave out the currency.", field=AMOUNT)
        decimals = min(get_currency_precision(currency), 2) if is_money else 0
        if amount != round(amount, decimals):
            limit = f"at most {decimals} decimals" if decimals else "no decimals"
            raise InvalidInput(f"{metric.label} can have {limit}: {quoted(typed)} has more.", field=AMOUNT)
        most = MONEY_MAX if is_money else Decimal(COUNT_MAX)
        if abs(amount) > most:
            shown = format_money(most, currency, locale) if is_money else format_count(int(most), locale)
            raise InvalidInput(
                f"{quoted(typed)} is too much for one entry. It takes {shown} at most.", field=AMOUNT
            )
        return amount

    def with_limit(self, metric: Loggable) -> Loggable:
        """The metric with the amount from which an entry is asked about first."""
        if metric.plausible is not None:
            return metric
        if metric.unit is LineUnit.MONEY:
            plausible = _PLAUSIBLE_MONEY * (1 if get_currency_precision(self.catalogue.currency) else 100)
        else:
            plausible = Decimal(_PLAUSIBLE_COUNT)
        return replace(metric, plausible=plausible)


def _note(rest: str) -> str | None:
    return _checked_note(rest.strip(" \t\n,;:·–—-"))


def _checked_note(note: str) -> str | None:
    if len(note) > NOTE_MAX:
        raise InvalidInput(f"A note has at most {NOTE_MAX} characters.", field=NOTE)
    return note or None
