"""Guesses at what a line of figures without a command means: pure functions."""

from dataclasses import dataclass

from domain.errors import InvalidInput
from domain.goals.line import read_line
from domain.money import has_mark, plain_digits, split_amount
from domain.people.rules import Person
from domain.periods import Period

_LONGEST = 200
"""Characters. A longer text is prose, not a line of figures."""


@dataclass(frozen=True, slots=True)
class Meant:
    """The possible meanings of a line of figures; all False if it has no figures."""

    as_goals: bool = False
    as_activity: bool = False
    bare: bool = False
    """True for a number by itself, which doesn't say what it counts."""


def meant_by(typed: str, person: Person, this_month: Period) -> Meant:
    """Return what the line may mean: goals (`20 50k`), activity (`2 signups`, `$5k`), both or neither."""
    if len(typed) > _LONGEST:
        return Meant()
    text = plain_digits(typed, person.locale).strip()
    amount = split_amount(text, person.locale, person.currency)
    as_goals = _are_goals(text, this_month)
    if amount is None:
        return Meant(as_goals=as_goals)
    figure, rest = amount
    marked = has_mark(figure, person.locale, person.currency)
    names_something = bool(rest) and split_amount(rest, person.locale, person.currency) is None
    bare = not marked and not rest
    return Meant(as_goals, (marked and not rest) or names_something, bare)


def _are_goals(text: str, this_month: Period) -> bool:
    try:
        return read_line(text, this_month).figures is not None
    except InvalidInput:
        return False
