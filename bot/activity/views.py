"""The forms for logging numbers and for correcting an entry: built and read back, pure functions."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from babel.numbers import format_decimal

from bot.slack.blocks import Block, context, field_input, modal, option, plain, section, select, shorten
from bot.slack.forms import filled_in
from bot.slack.text import Mrkdwn, day_words, literal, say
from domain.activity.catalogue import Catalogue
from domain.activity.correcting import REASON
from domain.activity.line import AMOUNT, METRIC, NOTE, NOTE_MAX, LineEntry, in_words
from domain.activity.model import EntryId, Unit
from domain.activity.queries import EntryState, MetricRow
from domain.activity.rules import DAY, REP, SHARES
from domain.activity.service import Part
from domain.errors import InvalidInput
from domain.money import amount_example
from domain.people.rules import Person

SUBMIT = "activity.log.submit"
CORRECT = "activity.entry.submit"
SHARED_WITH = "shared_with"
"""Input: the reps who share the deal with the first one."""

_OPTIONS = 100
_REASON_MAX = 300
_PEOPLE = 9
"""Reps a deal can be shared with."""


@dataclass(frozen=True, slots=True)
class LogForm:
    """What the form holds; texts are as typed."""

    rep: str | None
    """Slack id of the rep; None: not chosen yet."""
    asks_whose: bool
    """True for people who log for others too."""
    metric: str | None
    amount: str
    day: date
    note: str = ""
    shared_with: tuple[str, ...] = ()
    """Slack ids, in the order chosen."""
    shares: str = ""
    sure_of: str | None = None
    """The large amount that was asked about, in words; sent off again, it is meant."""
    drawn: int = 0
    """How often the form has been drawn: inputs with a new id show the values we set."""


def log_form(form: LogForm, metrics: Sequence[MetricRow], catalogue: Catalogue) -> Block:
    """Return the modal; `metrics` are those that can be logged."""
    blocks = [
        *_really(form),
        *([_whose(form)] if form.asks_whose else []),
        _metric(form, metrics),
        _amount(form, catalogue),
        _day(form),
        _note(form),
        _shared_with(form),
        _shares(form),
    ]
    for block in blocks:
        if "block_id" in block:
            block["block_id"] += f":{form.drawn}"
    memo = {"rep": form.rep, "asks": form.asks_whose, "sure": form.sure_of, "drawn": form.drawn}
    submit = "Yes, log it" if form.sure_of else "Log"
    return modal(SUBMIT, "Log a number", blocks, submit=submit, memo=json.dumps(memo))


def filled_in_form(entry: LineEntry, parts: Sequence[Part], actor: Person, *, leads: bool) -> LogForm:
    """Return the form that holds a line of one figure."""
    rep, *others = [part.rep for part in parts]
    locale = actor.locale
    return LogForm(
        rep=rep.slack_id,
        asks_whose=leads or rep.user_id != actor.user_id,
        metric=entry.metric,
        amount=format_decimal(entry.amount, locale=locale),
        day=entry.day,
        note=entry.note or "",
        shared_with=tuple(other.slack_id for other in others),
        shares=" ".join(_percent(part, locale) for part in parts) if others else "",
    )


def _percent(part: Part, locale: str) -> str:
    return format_decimal(Decimal(str(part.percent)), locale=locale)


def read_form(view: Block) -> LogForm:
    """Return what was filled in."""
    memo, held = json.loads(view["private_metadata"]), filled_in(view)
    return LogForm(
        rep=held.get(REP) or memo["rep"],
        asks_whose=memo["asks"],
        metric=held[METRIC],
        amount=held[AMOUNT] or "",
        day=_chosen_day(held),
        note=held[NOTE] or "",
        shared_with=tuple(held[SHARED_WITH] or ()),
        shares=held[SHARES] or "",
        sure_of=memo["sure"],
        drawn=memo["drawn"],
    )


def asking(form: LogForm, entry: LineEntry, catalogue: Catalogue) -> LogForm | None:
    """Return the form that asks whether a large amount is meant; None if it isn't large, or is meant."""
    words = in_words(entry, catalogue)
    if not entry.absurd or form.sure_of == words:
        return None
    return replace(form, sure_of=words, drawn=form.drawn + 1)


def _chosen_day(held: Mapping[str, Any]) -> date:
    if not held[DAY]:
        raise InvalidInput("Choose the day.", field=DAY)
    return date.fromisoformat(held[DAY])


def _really(form: LogForm) -> list[Block]:
    if form.sure_of is None:
        return []
    question = "⚠️ Really {amount}? Nothing is logged yet. If it's right, press *Yes, log it*."
    return [section(say(question, amount=form.sure_of))]


def _whose(form: LogForm) -> Block:
    menu: Block = {
        "type": "users_select",
        "action_id": REP,
        "placeholder": plain("Choose a rep", 150),
        **({"initial_user": form.rep} if form.rep else {}),
    }
    return field_input(REP, "Whose numbers?", menu)


def _metric(form: LogForm, metrics: Sequence[MetricRow]) -> Block:
    options = [option(literal(metric.label), metric.code) for metric in metrics[:_OPTIONS]]
    chosen = form.metric or (metrics[0].code if metrics else None)
    return field_input(METRIC, "Metric", select(METRIC, options, chosen=chosen))


def _amount(form: LogForm, catalogue: Catalogue) -> Block:
    text = _text(AMOUNT, form.amount, max_length=60)
    text["placeholder"] = plain(f"2, or {amount_example(catalogue.locale)}", 150)
    return field_input(AMOUNT, "Amount", text, hint="A minus is a refund or a lost deal, like -1.")


def _day(form: LogForm) -> Block:
    picker = {"type": "datepicker", "action_id": DAY, "initial_date": form.day.isoformat()}
    return field_input(DAY, "Day", picker)


def _note(form: LogForm) -> Block:
    text = _text(NOTE, form.note, max_length=NOTE_MAX)
    return field_input(NOTE, "Note", {**text, "multiline": True}, optional=True)


def _shared_with(form: LogForm) -> Block:
    menu: Block = {
        "type": "multi_users_select",
        "action_id": SHARED_WITH,
        "placeholder": plain("Only if the deal is shared", 150),
        "max_selected_items": _PEOPLE,
        **({"initial_users": list(form.shared_with)} if form.shared_with else {}),
    }
    return field_input(SHARED_WITH, "Shared with", menu, optional=True)


def _shares(form: LogForm) -> Block:
    text = _text(SHARES, form.shares, max_length=100)
    text["placeholder"] = plain("60 40", 150)
    first = "The rep's" if form.asks_whose else "Your"
    hint = f"{first} share comes first. Leave this empty to share equally. Counts go to the first rep."
    return field_input(SHARES, "Shares in percent", text, hint=hint, optional=True)


def _text(name: str, value: str, *, max_length: int) -> Block:
    element: Block = {"type": "plain_text_input", "action_id": name, "max_length": max_length}
    return {**element, "initial_value": shorten(value, max_length)} if value else element


# --- correcting ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Correction:
    """What came back from the correction form: the amounts as typed and as they were shown, by entry."""

    typed: Mapping[EntryId, str]
    seen: Mapping[EntryId, Decimal]
    reason: str


def correction_form(states: Sequence[EntryState], notice: Mrkdwn | None = None) -> Block:
    """Return the form that corrects entries: an amount for each, and one reason."""
    blocks = [] if notice is None else [section(notice)]
    blocks += [_entry(state) for state in states]
    reason: Block = {"type": "plain_text_input", "action_id": REASON, "max_length": _REASON_MAX}
    blocks.append(field_input(REASON, "Reason", reason, hint="It's kept with the numbers."))
    if len({state.rep_user_id for state in states}) == 1:
        blocks.insert(0, context(say("Numbers of {name}", name=states[0].rep_name)))
    memo = json.dumps({"seen": {state.id: str(state.amount) for state in states}})
    return modal(CORRECT, "Correct an entry", blocks, submit="Save", memo=memo)


def read_correction(view: Block) -> Correction:
    """Return what was filled in."""
    seen = json.loads(view["private_metadata"])["seen"]
    held = filled_in(view)
    return Correction(
        {EntryId(int(entry_id)): held[amount_field(int(entry_id))] or "" for entry_id in seen},
        {EntryId(int(entry_id)): Decimal(amount) for entry_id, amount in seen.items()},
        held[REASON] or "",
    )


def amount_field(entry_id: int) -> str:
    """Return the name of the input for an entry's amount."""
    return f"{AMOUNT}_{entry_id}"


def _entry(state: EntryState) -> Block:
    field = amount_field(state.id)
    shown = int(state.amount) if state.unit is Unit.COUNT else state.amount
    text = _text(field, format_decimal(shown, locale=state.locale), max_length=60)
    day = day_words(state.occurred_on, state.today, state.locale)
    note = f": “{state.note}”" if state.note else ""
    label = shorten(literal(f"{state.label}, {day}{note}"), 150)
    return field_input(field, label, text, hint="0 takes it out.")
