"""The form for setting goals: built and read back, pure functions."""

import json
from dataclasses import dataclass
from typing import Any

from babel.numbers import format_decimal

from bot.slack.blocks import Block, context, field_input, modal, option, plain, section, select
from bot.slack.text import last_minute, literal, say
from bot.slack.wording import goal_words
from domain.goals import figures
from domain.goals.figures import Tier, TypedFigures
from domain.goals.rules import REASON, REASON_MAX, GoalState
from domain.goals.service import GoalForm
from domain.money import amount_example, format_money
from domain.periods import Kind, Period

SUBMIT = "goals.set.submit"
CHOOSE = "goals.set.choose"
"""Menu: which goal the form is about."""


@dataclass(frozen=True, slots=True)
class SubmittedGoals:
    """What came back from the form; `slack_id` is the rep's."""

    slack_id: str
    period: Period
    typed: TypedFigures
    reason: str | None


def set_form(form: GoalForm, *, for_other: bool) -> Block:
    """Return the modal, prefilled with the form's figures."""
    blocks = [_which(form, for_other=for_other), *_standing(form), *_inputs(form)]
    if form.instead_of is not None:
        blocks.insert(0, _locked(form.instead_of, form))
    if for_other:
        blocks.append(_reason(form))
    memo = json.dumps({"rep": form.person.slack_id, "goal": str(form.period)})
    return modal(SUBMIT, "Set goals", blocks, submit="Save", memo=memo)


def read_memo(view: Block) -> tuple[str, Period]:
    """Return the rep (Slack id) and the period that the form was drawn for."""
    memo = json.loads(view["private_metadata"])
    return memo["rep"], Period.parse(memo["goal"])


def read_form(view: Block) -> SubmittedGoals:
    """Return what was filled in, for the period that the menu shows."""
    slack_id, period = read_memo(view)
    inputs = {
        action_id: element
        for actions in view["state"]["values"].values()
        for action_id, element in actions.items()
    }
    if chosen := (inputs.get(CHOOSE) or {}).get("selected_option"):
        period = Period.parse(chosen["value"])
    typed = TypedFigures(
        signups=_value(inputs, figures.SIGNUPS) or "",
        revenue=_value(inputs, figures.REVENUE) or "",
        tier=None if period.kind is Kind.YEAR else _value(inputs, figures.TIER) or "",
    )
    return SubmittedGoals(slack_id, period, typed, _value(inputs, REASON))


def _value(inputs: dict[str, Any], name: str) -> str | None:
    element = inputs.get(name) or {}
    chosen = element.get("selected_option") or {}
    value = element.get("value") or chosen.get("value")
    return None if value is None else str(value)


def _which(form: GoalForm, *, for_other: bool) -> Block:
    label = f"Goals of {literal(form.person.name)} for" if for_other else "Goals for"
    options = [option(_choice(period, form), str(period)) for period in form.choices]
    menu = select(CHOOSE, options, chosen=str(form.period))
    return field_input("goal", label, menu, dispatches=True)


def _choice(period: Period, form: GoalForm) -> str:
    words = goal_words(period, form.person.locale)
    return f"The year {words}" if period.kind is Kind.YEAR else f"{words} {period.start.year}"


def _locked(period: Period, form: GoalForm) -> Block:
    locale = form.person.locale
    return section(
        say(
            "Your {locked} goals are locked since the deadline. This is the form for {month}.",
            locked=goal_words(period, locale),
            month=goal_words(form.period, locale),
        )
    )


def _standing(form: GoalForm) -> list[Block]:
    """Render how the month stands, in one line; None for a year, which has no deadline."""
    if form.deadline is None:
        return []
    if form.is_optional:
        return [context(say("These goals are optional, because this month is almost over."))]
    until = last_minute(form.deadline, form.person.zone, form.person.locale)
    match form.state:
        case GoalState.NOT_SET:
            return [context(say("Not set yet. The deadline is {until}.", until=until))]
        case GoalState.SET:
            return [context(say("Set in time. Changes are possible until {until}.", until=until))]
        case GoalState.OVERDUE:
            return [
                context(
                    say(
                        "Not set, and the deadline was {until}: it will count as late, "
                        "and be locked once it is saved.",
                        until=until,
                    )
                )
            ]
        case _:
            return [context(say("The deadline was {until}.", until=until))]


def _inputs(form: GoalForm) -> list[Block]:
    """Return the inputs; their ids carry the period, so that Slack shows the new period's figures."""
    number: Block = {"type": "number_input", "is_decimal_allowed": False, "action_id": figures.SIGNUPS}
    amount: Block = {
        "type": "plain_text_input",
        "action_id": figures.REVENUE,
        "placeholder": plain(amount_example(form.person.locale)),
    }
    if form.figures.signups:
        number["initial_value"] = str(form.figures.signups)
    if form.figures.revenue:
        amount["initial_value"] = format_decimal(form.figures.revenue, locale=form.person.locale)
    inputs = [
        field_input(f"{figures.SIGNUPS}:{form.period}", "Signups", number, optional=True),
        field_input(
            f"{figures.REVENUE}:{form.period}", f"Revenue ({form.person.currency})", amount, optional=True
        ),
    ]
    if form.period.kind is Kind.MONTH:
        inputs.append(_tier(form))
    return inputs


def _tier(form: GoalForm) -> Block:
    options = [
        option("No tier", "0"),
        *(option(_tier_label(tier, form), str(tier.number)) for tier in form.tiers),
    ]
    menu = select(figures.TIER, options, chosen=str(form.figures.tier))
    # Not optional: an empty menu and “none” would mean the same.
    return field_input(f"{figures.TIER}:{form.period}", "Bonus tier to aim at", menu)


def _tier_label(tier: Tier, form: GoalForm) -> str:
    label = f"Tier {tier.number}: {tier.signups_needed} signups"
    if tier.amount:
        return f"{label}, {format_money(tier.amount, form.person.currency, form.person.locale)}"
    return label


def _reason(form: GoalForm) -> Block:
    text: Block = {
        "type": "plain_text_input",
        "action_id": REASON,
        "multiline": True,
        "max_length": REASON_MAX,
    }
    return field_input(REASON, "Reason", text, hint=f"{literal(form.person.name)} reads it.")
