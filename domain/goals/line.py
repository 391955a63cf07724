"""The one line of `/goals set 20 50k 3`: which goals it means and which figures."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import NewType

from domain.errors import InvalidInput, quoted, shortened
from domain.goals.figures import TypedFigures
from domain.money import SIGNS
from domain.periods import Month

MONTHLY_EXAMPLE = "`/goals set 20 50k 3` (signups, revenue, bonus tier)"
YEARLY_EXAMPLE = "`/goals set yearly 240 600k` (signups, revenue)"


class Span(StrEnum):
    """Whose goals a line or a form is about, in words."""

    THIS = "this"
    NEXT = "next"
    YEAR = "yearly"


Year = NewType("Year", int)
"""A year by its number, as in `yearly 2027`."""


@dataclass(frozen=True, slots=True)
class SetLine:
    """What was understood: the goals meant, and the figures; none when only the form is asked for."""

    span: Span | Month | Year = Span.THIS
    figures: TypedFigures | None = None


_MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_SPANS = {
    "this": Span.THIS,
    "current": Span.THIS,
    "now": Span.THIS,
    "next": Span.NEXT,
    "yearly": Span.YEAR,
    "year": Span.YEAR,
    "annual": Span.YEAR,
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


def read_line(typed: str, today: Month) -> SetLine:
    """Read what follows `/goals set`.

    Figures come in the order signups, revenue, tier, or with their names (`20 signups`, `tier 3`, `$50k`).
    What is not mentioned stays as it is. A month's name means the nearest one, last month included. What
    could mean two things (two months, a name without a figure) is refused rather than guessed at.

    Raises:
        InvalidInput: saying what was understood, what was not, and giving an example.
    """
    reader = _Reader(today)
    for word in _words(typed):
        reader.take(word)
    return reader.line()


class _Reader:
    """Takes the words one after the other; the names of bare figures are settled at the end."""

    def __init__(self, today: Month) -> None:
        self.today = today
        self.span: Span | Month | Year | None = None
        self.figures: list[tuple[str | None, str]] = []
        self.pending: _Label | None = None
        """A name whose figure is still to come."""
        self.last_was_number = False

    def take(self, word: str) -> None:
        """Place one word, or refuse it."""
        lower = word.lower()
        was_number, self.last_was_number = self.last_was_number, False
        if span := _SPANS.get(lower) or _month(lower, self.today):
            self._mean(span, word)
        elif self._is_year(word):
            year = int(word)
            self.span = Month(year, self.span.month) if isinstance(self.span, Month) else Year(year)
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
        """All that was understood."""
        self._settle()
        named = self._named()
        return SetLine(self.span or Span.THIS, TypedFigures(**named) if named else None)

    @property
    def _yearly(self) -> bool:
        return self.span is Span.YEAR or isinstance(self.span, int)

    def _mean(self, span: Span | Month, word: str) -> None:
        """What the line is about, in one word or in two: “this year”, “next year”."""
        if self.span is Span.NEXT and span is Span.YEAR:
            self.span = Year(self.today.year + 1)
        elif self.span in (None, span) or (self.span is Span.THIS and span is Span.YEAR):
            self.span = span
        else:
            raise self._refusal(word)

    def _is_year(self, word: str) -> bool:
        """“december 2027”, “yearly 2027”; after “yearly” only a near one, for 2400 may be signups."""
        if self.figures or self.pending or not re.fullmatch(r"20\d\d", word):
            return False
        near = abs(int(word) - self.today.year) <= 1
        return isinstance(self.span, Month) or self.span == int(word) or (self.span is Span.YEAR and near)

    def _label(self, label: "_Label") -> None:
        """“20 signups” names the figure before it, “tier 3” the one after, and so does “3 tier” the first."""
        if self.pending and self.pending.name == label.name:
            return  # “bonus tier”
        self._settle()
        self.pending = label
        if label.name != "tier" and self._names_the_last(label):
            self._settle()

    def _settle(self) -> None:
        """A name after which no figure came is that of the bare one before it."""
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
        example = YEARLY_EXAMPLE if self._yearly else MONTHLY_EXAMPLE
        start = (
            f"I understood {understood}, but not {quoted(word)}"
            if understood
            else f"I did not understand {quoted(word)}"
        )
        return InvalidInput(f"{start}. Nothing was changed. Try it like this: {example}.")


@dataclass(frozen=True, slots=True)
class _Label:
    """The name of a figure, as a word of the line; `follows` says that a figure stands right before it."""

    name: str
    word: str
    follows: bool


def _words(typed: str) -> list[str]:
    """The words, without stops; `50 k` is one figure, and `signups=20` are two words, as is `20signups`."""
    apart = re.sub(r"(?<=\d)(?=signups?\b)", " ", re.sub("[;:=|]", " ", typed), flags=re.IGNORECASE)
    joined = re.sub(rf"(?<=\d)\s+(?={_SCALE}\b)", "", apart, flags=re.IGNORECASE)
    return [word for raw in joined.split() if (word := raw.lstrip(",").rstrip(",.!?"))]


def _money(bare: list[str]) -> str | None:
    """The figure that can only be money: with a currency sign, or the one with a scale (`50k`)."""
    signed = [figure for figure in bare if re.search(f"[{SIGNS}]", figure)]
    scaled = [figure for figure in bare if figure[-1].isalpha()]
    if signed:
        return signed[0]
    return scaled[0] if len(scaled) == 1 else None


def _spoken(name: str, figure: str) -> str:
    figure = shortened(figure)
    return f"tier {figure}" if name == "tier" else f"{figure} {name}"


def _month(word: str, today: Month) -> Month | None:
    if iso := re.fullmatch(r"(20\d\d)-(0?[1-9]|1[0-2])", word):
        return Month(int(iso[1]), int(iso[2]))
    if len(word) < 3:
        return None
    number = next((at for at, name in enumerate(_MONTHS, start=1) if name.startswith(word)), None)
    if number is None:
        return None
    if number == today.previous.month:
        return today.previous
    return Month(today.year + (number < today.month), number)
