"""The metrics that can be logged, as people name them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches
from enum import StrEnum

from domain.money import format_money

SIGNUPS, REVENUE = "signups", "revenue"
"""Codes of the metrics that monthly and yearly goals are about."""


class LineUnit(StrEnum):
    """What the amounts of a metric are."""

    COUNT = "count"
    """Whole numbers."""
    MONEY = "money"


@dataclass(frozen=True, slots=True)
class Loggable:
    """A switched-on metric as the line knows it."""

    code: str
    label: str
    """As people see it, in any case, singular or plural: `Site visits`."""
    unit: LineUnit = LineUnit.COUNT
    quotient_of: tuple[str, ...] = ()
    """Labels of the sums that a quotient is worked out from; empty for metrics that take entries."""
    plausible: Decimal | None = None
    """Amount from which an entry is asked about first; None: the usual one of the unit."""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The metrics that can be logged, and how the workspace writes amounts."""

    metrics: Sequence[Loggable]
    locale: str
    currency: str

    def example(self) -> str:
        """Return two lines that would be understood, in the workspace's own format."""
        renewal = format_money(Decimal(5000), self.currency, self.locale)
        return f"Try “2 signups” or “{renewal} Acme renewal”."

    def leading(self, text: str) -> tuple[Loggable, str] | None:
        """Return the metric that a text begins with, by its longest name, and what follows it."""
        names = {stems: metric for metric in self.metrics for stems in _names(metric)}
        words = list(re.finditer(r"[^\s,;:=]+", text))
        for count in range(min(len(words), max(map(len, names), default=0)), 0, -1):
            metric = names.get(tuple(stem(word[0]) for word in words[:count]))
            if metric:
                return metric, text[words[count - 1].end() :].lstrip(" ,:")
        return None

    def of_code(self, code: str) -> Loggable | None:
        """Return the metric with this code, if it is switched on."""
        return next((metric for metric in self.metrics if metric.code == code), None)

    def nearest(self, word: str) -> Loggable | None:
        """Return the metric whose name looks most like a word that isn't one."""
        by_name = {" ".join(stems): metric for metric in self.metrics for stems in _names(metric)}
        close = get_close_matches(stem(word), by_name, n=1, cutoff=0.6)
        return by_name[close[0]] if close else None


def _names(metric: Loggable) -> tuple[tuple[str, ...], ...]:
    """The names of a metric, word by word, each without its ending: label and code."""
    names = {metric.label, metric.code.replace("_", " "), metric.code}
    names |= {"sign-ups", "sign ups"} if metric.code == SIGNUPS else set()
    return tuple(tuple(map(stem, name.split())) for name in sorted(names) if name.split())


def stem(word: str) -> str:
    """Return a word without the ending of its plural, so that `opportunity won` is `opportunities won`."""
    word = word.casefold().strip(".,;:!?()")
    if len(word) > 4 and word.endswith("ies"):
        return f"{word[:-3]}y"
    if word.endswith(("sses", "xes", "ches", "shes", "zes")):
        return word[:-2]
    return word[:-1] if len(word) > 2 and word.endswith("s") and not word.endswith("ss") else word


def within_sentence(label: str) -> str:
    """Return a label as it stands within a sentence; abbreviations (`NPS calls`) stay."""
    first, _, rest = label.partition(" ")
    return label if first[1:] != first[1:].lower() else f"{first.lower()}{' ' if rest else ''}{rest}"
