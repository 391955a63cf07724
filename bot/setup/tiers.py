"""The form for the bonus tiers: built and read back, pure functions."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from babel.numbers import format_decimal

from bot.slack.blocks import Block, context, field_input, modal
from bot.slack.forms import came_first, filled_in
from bot.slack.text import say
from domain.goals.figures import Tier
from domain.people.changes import ChangedMeanwhile
from domain.setup.rules import amount_field, signups_field
from domain.setup.service import tiers_by_name

SAVE = "setup.tiers.submit"

Typed = dict[str, str]
"""What each input holds, by its name."""


@dataclass(frozen=True, slots=True)
class SubmittedTiers:
    """What came back from the form, and the tiers that it was opened with."""

    opened_with: tuple[Tier, ...]
    typed: Typed
    drawn: int

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """Signups and amount of each tier, as typed."""
        numbers = [tier.number for tier in self.opened_with]
        return [(self.typed[signups_field(n)], self.typed[amount_field(n)]) for n in numbers]


def form(tiers: Sequence[Tier], currency: str, locale: str) -> Block:
    """Return the form, with the tiers as they stand."""
    return _form(tiers, _as_typed(tiers, locale), currency, drawn=0)


def form_again(
    submitted: SubmittedTiers, changed: ChangedMeanwhile[tuple[Tier, ...]], currency: str, locale: str
) -> Block:
    """Return the form after somebody else saved first: typed values stay, the rest is new."""
    before, now = _as_typed(submitted.opened_with, locale), _as_typed(changed.now, locale)
    mine = {name: value for name, value in submitted.typed.items() if value != before[name]}
    view = _form(changed.now, {**now, **mine}, currency, drawn=submitted.drawn + 1)
    words = {name: say("{what} to {value}", what=_words(name), value=now[name]) for name in changed.changes}
    return {**view, "blocks": [came_first(changed.changes, words), *view["blocks"]]}


def read(view: Block) -> SubmittedTiers:
    """Return what was filled in."""
    memo = json.loads(view["private_metadata"])
    typed = {name: value or "" for name, value in filled_in(view).items()}
    return SubmittedTiers(_from_memo(memo["opened"]), typed, memo["drawn"])


def _from_memo(values: Mapping[str, int | str]) -> tuple[Tier, ...]:
    numbers = range(1, len(values) // 2 + 1)
    return tuple(
        Tier(n, int(values[signups_field(n)]), Decimal(str(values[amount_field(n)]))) for n in numbers
    )


def _as_typed(tiers: Sequence[Tier], locale: str) -> Typed:
    typed: Typed = {}
    for tier in tiers:
        typed[signups_field(tier.number)] = str(tier.signups_needed)
        typed[amount_field(tier.number)] = format_decimal(tier.amount, locale=locale)
    return typed


def _words(name: str) -> str:
    _, number, what = name.split("_")
    return f"the {what} of tier {number}"


def _form(tiers: Sequence[Tier], shown: Typed, currency: str, drawn: int) -> Block:
    blocks = [context(say("Changes count from next month on: a month that has begun keeps its tiers."))]
    for tier in tiers:
        blocks += [
            _signups(tier.number, shown[signups_field(tier.number)], drawn),
            _amount(tier.number, shown[amount_field(tier.number)], currency, drawn),
        ]
    memo = json.dumps({"opened": tiers_by_name(tiers), "drawn": drawn})
    return modal(SAVE, "Bonus tiers", blocks, submit="Save", close="Back", memo=memo)


def _signups(number: int, shown: str, drawn: int) -> Block:
    name = signups_field(number)
    element: Block = {"type": "number_input", "action_id": name, "is_decimal_allowed": False}
    element |= {"initial_value": shown} if shown else {}
    return field_input(f"{name}:{drawn}", f"Tier {number}: signups needed", element)


def _amount(number: int, shown: str, currency: str, drawn: int) -> Block:
    name = amount_field(number)
    element: Block = {"type": "plain_text_input", "action_id": name}
    element |= {"initial_value": shown} if shown else {}
    return field_input(f"{name}:{drawn}", f"Tier {number}: bonus ({currency})", element)
