"""The one line of `/goals set 20 50k 3`: which goals it means and which figures."""

import re
from dataclasses import dataclass
from enum import StrEnum

from domain.errors import InvalidInput
from domain.goals.figures import TypedFigures
from domain.periods import Month

MONTHLY_EXAMPLE = "`/goals set 20 50k 3` (signups, revenue, bonus tier)"
YEARLY_EXAMPLE = "`/goals set yearly 240 600k` (signups, revenue)"


class Span(StrEnum):
    """Whose goals a line or a form is about, in words."""

    THIS = "this"
    NEXT = "next"
    YEAR = "yearly"


@dataclass(frozen=True, slots=True)
class SetLine:
    """What was understood: the goals meant, and the figures; none when only the form is asked for."""

    span: Span | Month = Span.THIS
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
    "bonus": "tier",
}
_FILLERS = frozenset(
    ["month", "monthly", "goal", "goals", "and", "to", "for", "my", "the", "=", "+", "·", "/", "|", "-"]
)
_SCALE = r"(?:k|mm|mio|m|bn|b)"
_NUMBER = re.compile(rf"-?[$€£¥₹]?-?[\d.,'’]*\d[\d.,'’]*{_SCALE}?[$€£¥₹]?", re.IGNORECASE)


def read_line(typed: str, today: Month) -> SetLine:
    """Read what follows `/goals set`.

    Figures come in the order signups, revenue, tier, or with their names (`20 signups`, `tier 3`, `$50k`).
    What is not mentioned stays as it is. A month's name means the nearest one, last month included.

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
        self.span: Span | Month = Span.THIS
        self.figures: list[tuple[str | None, str]] = []
        self.pending: str | None = None
        """A name whose figure is still to come."""
        self.last_was_number = False

    def take(self, word: str) -> None:
        """Place one word, or refuse it."""
        lower = word.lower()
        was_number, self.last_was_number = self.last_was_number, False
        if span := _SPANS.get(lower) or _month(lower, self.today):
            self.span = span
        elif isinstance(self.span, Month) and not self.figures and re.fullmatch(r"20\d\d", word):
            self.span = Month(int(word), self.span.month)
        elif label := _LABELS.get(lower):
            self._label(label, was_number)
        elif joined := re.fullmatch(r"(?:tier|t)(\d+)", lower):
            self.figures.append(("tier", joined[1]))
        elif _NUMBER.fullmatch(word):
            self.figures.append((self.pending, word))
            self.pending, self.last_was_number = None, True
        elif lower not in _FILLERS:
            raise self._refusal(word)

    def line(self) -> SetLine:
        """All that was understood."""
        named = self._named()
        return SetLine(self.span, TypedFigures(**named) if named else None)

    def _label(self, name: str, after_number: bool) -> None:
        """“20 signups” names the figure before it, “tier 3” the one after."""
        if after_number and name != "tier" and self.figures[-1][0] is None:
            self.figures[-1] = (name, self.figures[-1][1])
        else:
            self.pending = name

    def _named(self) -> dict[str, str]:
        named = {name: figure for name, figure in self.figures if name}
        if self.span is Span.YEAR and (tier := named.pop("tier", None)):
            raise self._refusal(f"tier {tier}", named)
        bare = [figure for name, figure in self.figures if name is None]
        if "revenue" not in named and (money := _money(bare)):
            named["revenue"] = money
            bare.remove(money)
        order = ("signups", "revenue") if self.span is Span.YEAR else ("signups", "revenue", "tier")
        free = [name for name in order if name not in named]
        for figure in bare:
            if not free:
                raise self._refusal(figure, named)
            named[free.pop(0)] = figure
        return named

    def _refusal(self, word: str, named: dict[str, str] | None = None) -> InvalidInput:
        named = self._named() if named is None else named
        understood = ", ".join(_spoken(name, figure) for name, figure in named.items())
        example = YEARLY_EXAMPLE if self.span is Span.YEAR else MONTHLY_EXAMPLE
        start = (
            f"I understood {understood}, but not “{word}”" if understood else f"I did not understand “{word}”"
        )
        return InvalidInput(f"{start}. Nothing was changed. Try it like this: {example}.")


def _words(typed: str) -> list[str]:
    """The words, without stops; `50 k` is one figure."""
    joined = re.sub(rf"(?<=\d)\s+(?={_SCALE}\b)", "", typed, flags=re.IGNORECASE)
    return [word for raw in joined.split() if (word := raw.strip(",;:"))]


def _money(bare: list[str]) -> str | None:
    """The figure that can only be money: with a currency sign, or the one with a scale (`50k`)."""
    signed = [figure for figure in bare if re.search(r"[$€£¥₹]", figure)]
    scaled = [figure for figure in bare if figure[-1].isalpha()]
    if signed:
        return signed[0]
    return scaled[0] if len(scaled) == 1 else None


def _spoken(name: str, figure: str) -> str:
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
