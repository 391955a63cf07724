"""Goals set in one line, such as `20 50k 3`: the period whose goals it means, and the figures."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never

from domain.errors import InvalidInput, quoted, shortened
from domain.goals.figures import TypedFigures
from domain.money import SIGNS
from domain.periods import Kind, Period


class LineNotUnderstood(InvalidInput):
    """A word of the line has no place in it; `span` is `month` or `year`, whichever the line is about."""

    code = "line_not_understood"


class _Span(StrEnum):
    """A period in words, as seen from today."""

    THIS = "this"
    NEXT = "next"
    YEAR = "yearly"


@dataclass(frozen=True, slots=True)
class SetLine:
    """What was understood: the period, and the figures of its goals; none when only the form is asked for."""

    period: Period
    figures: TypedFigures | None = None


_MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_SPANS = {
    "this": _Span.THIS,
    "current": _Span.THIS,
    "now": _Span.THIS,
    "next": _Span.NEXT,
    "yearly": _Span.YEAR,
    "year": _Span.YEAR,
    "annual": _Span.YEAR,
}
_LABELS = {
    "signups": "signups",
    "signup": "signups",
    "revenue": "revenue",
    "tier": "tier",
    "tiers": "tier",
    "bonus": "tier",
}
_ORDER = ("signups", "revenue", "tier")
_FILLERS = frozenset(
    ["month", "monthly", "goal", "goals", "and", "to", "for", "my", "the", "+", "·", "/", "-"]
)
_SCALE = r"(?:k|mm|mio|m|bn|b)"
_MARK = f"(?:[A-Z]{{0,3}}[{SIGNS}])?"
_NUMBER = re.compile(rf"-?{_MARK}-?[\d.,'’]*\d[\d.,'’]*{_SCALE}?{_MARK}", re.IGNORECASE)


def read_line(typed: str, this_month: Period) -> SetLine:
    """Read a line that sets goals, such as `20 50k 3`, in this month of the rep's.

    Figures come in the order signups, revenue, tier, or with their names (`20 signups`, `tier 3`, `$50k`).
    What is not mentioned stays as it is. A month's name means the nearest one, last month included. What
    could mean two things (two months, a name without a figure) is refused rather than guessed at.

    Raises:
        LineNotUnderstood: says what was understood and what was not.
    """
    reader = _Reader(this_month)
    for word in _words(typed):
        reader.take(word)
    return reader.line()


class _Reader:
    """Reads the words in turn; figures without a name get theirs at the end."""

    def __init__(self, this_month: Period) -> None:
        self.this_month = this_month
        self.meant: _Span | Period | None = None
        self.figures: list[tuple[str | None, str]] = []
        self.pending: _Label | None = None
        """A name whose figure is still to come."""
        self.last_was_number = False

    def take(self, word: str) -> None:
        """Place one word, or refuse it."""
        lower = word.lower()
        was_number, self.last_was_number = self.last_was_number, False
        if meant := _SPANS.get(lower) or _month(lower, self.this_month):
            self._mean(meant, word)
        elif self._is_year(word):
            self.meant = self._in_year(int(word))
        elif label := _LABELS.get(lower):
            self._label(_Label(label, word, follows=was_number))
        elif joined := re.fullmatch(r"(?:tier|t)(\d+)", lower):
            self.figures.append(("tier", joined[1]))
        elif _NUMBER.fullmatch(word):
            self.figures.append((self.pending.name if self.pending else None, word))
            self.pending, self.last_was_number = None, True
        elif lower not in _FILLERS:
            raise self._refusal(word)

    def line(self) -> SetLine:
        """Return everything that was understood."""
        self._settle()
        named = self._named()
        return SetLine(self._period(), TypedFigures(**named) if named else None)

    def _period(self) -> Period:
        match self.meant:
            case Period():
                return self.meant
            case None | _Span.THIS:
                return self.this_month
            case _Span.NEXT:
                return self.this_month.next
            case _Span.YEAR:
                return self._this_year
            case _:
                assert_never(self.meant)

    @property
    def _this_year(self) -> Period:
        return Period.containing(self.this_month.start, Kind.YEAR)

    @property
    def _yearly(self) -> bool:
        return self._period().kind is Kind.YEAR

    def _mean(self, meant: _Span | Period, word: str) -> None:
        """Take the period that the line names, in one word or two: “this year”, “next year”."""
        if self.meant is _Span.NEXT and meant is _Span.YEAR:
            self.meant = self._this_year.next
        elif self.meant in (None, meant) or (self.meant is _Span.THIS and meant is _Span.YEAR):
            self.meant = meant
        else:
            raise self._refusal(word)

    def _is_year(self, word: str) -> bool:
        """Return True for a year, as in “december 2027”; after “yearly” 2400 may be signups."""
        if self.figures or self.pending or not re.fullmatch(r"20\d\d", word):
            return False
        year = Period.of_year(int(word))
        if isinstance(self.meant, Period):
            return self.meant.kind is Kind.MONTH or self.meant == year
        near = (self._this_year.previous, self._this_year, self._this_year.next)
        return self.meant is _Span.YEAR and year in near

    def _in_year(self, year: int) -> Period:
        """Return December for “december 2027”, and the year for “yearly 2027”."""
        if isinstance(self.meant, Period) and self.meant.kind is Kind.MONTH:
            return Period.of_month(year, self.meant.start.month)
        return Period.of_year(year)

    def _label(self, label: "_Label") -> None:
        """Place a name: “20 signups” names the figure before it, “tier 3” the one after it."""
        if self.pending and self.pending.name == label.name:
            return  # “bonus tier”
        self._settle()
        self.pending = label
        if label.name != "tier" and self._names_the_last(label):
            self._settle()

    def _settle(self) -> None:
        """Give a name without a figure after it to the unnamed figure before it."""
        label, self.pending = self.pending, None
        if label is None:
            return
        if not self._names_the_last(label):
            raise self._refusal(label.word)
        self.figures[-1] = (label.name, self.figures[-1][1])

    def _names_the_last(self, label: "_Label") -> bool:
        return label.follows and self.figures[-1][0] is None

    def _named(self) -> dict[str, str]:
        named: dict[str, str] = {}
        for name, figure in self.figures:
            if name is not None and (name in named or (self._yearly and name == "tier")):
                raise self._refusal(_spoken(name, figure), named)
            if name is not None:
                named[name] = figure
        bare = [figure for name, figure in self.figures if name is None]
        if "revenue" not in named and (money := _money(bare)):
            named["revenue"] = money
            bare.remove(money)
        free = [name for name in (_ORDER[:2] if self._yearly else _ORDER) if name not in named]
        for figure in bare:
            if not free:
                raise self._refusal(figure, named)
            named[free.pop(0)] = figure
        return named

    def _refusal(self, word: str, named: dict[str, str] | None = None) -> InvalidInput:
        named = self._named() if named is None else named
        understood = ", ".join(_spoken(name, named[name]) for name in _ORDER if name in named)
        span = "year" if self._yearly else "month"
        start = (
            f"I understood {understood}, but not {quoted(word)}"
            if understood
            else f"I did not understand {quoted(word)}"
        )
        return LineNotUnderstood(f"{start}. Nothing was changed.", span=span)


@dataclass(frozen=True, slots=True)
class _Label:
    """The name of a figure, as a word of the line; `follows` says that a figure stands right before it."""

    name: str
    word: str
    follows: bool


def _words(typed: str) -> list[str]:
    """Return the words, without stops; `50 k` is one figure, `signups=20` and `20signups` are two words."""
    apart = re.sub(r"(?<=\d)(?=signups?\b)", " ", re.sub("[;:=|]", " ", typed), flags=re.IGNORECASE)
    joined = re.sub(rf"(?<=\d)\s+(?={_SCALE}\b)", "", apart, flags=re.IGNORECASE)
    return [word for raw in joined.split() if (word := raw.lstrip(",").rstrip(",.!?"))]


def _money(bare: list[str]) -> str | None:
    """Return the figure that can only be money: it has a currency sign, or alone has a scale (`50k`)."""
    signed = [figure for figure in bare if re.search(f"[{SIGNS}]", figure)]
    scaled = [figure for figure in bare if figure[-1].isalpha()]
    if signed:
        return signed[0]
    return scaled[0] if len(scaled) == 1 else None


def _spoken(name: str, figure: str) -> str:
    figure = shortened(figure)
    return f"tier {figure}" if name == "tier" else f"{figure} {name}"


def _month(word: str, this_month: Period) -> Period | None:
    if iso := re.fullmatch(r"(20\d\d)-(0?[1-9]|1[0-2])", word):
        return Period.of_month(int(iso[1]), int(iso[2]))
    if len(word) < 3:
        return None
    number = next((at for at, name in enumerate(_MONTHS, start=1) if name.startswith(word)), None)
    if number is None:
        return None
    this_year = this_month.start.year
    named = (Period.of_month(year, number) for year in (this_year - 1, this_year, this_year + 1))
    return next(month for month in named if month.end >= this_month.start)
