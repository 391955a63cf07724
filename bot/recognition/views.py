"""Forms about badges: giving one by hand, and the rules that give them; built and read, pure functions."""

from collections.abc import Sequence
from decimal import Decimal

from bot.slack.blocks import (
    Block,
    actions,
    button,
    context,
    field_input,
    modal,
    option,
    plain,
    section,
    select,
)
from bot.slack.forms import filled_in
from bot.slack.text import Mrkdwn, escape, say
from domain.activity.model import Unit
from domain.activity.queries import MetricRow
from domain.money import format_count, format_money
from domain.people.rules import Person
from domain.recognition.badges import (
    EACH,
    ICON,
    ICONS,
    METRIC,
    PERIOD,
    THRESHOLD,
    TITLE,
    TITLE_MAX,
    WORD,
    WORD_MAX,
    TypedBadge,
    TypedRule,
)
from domain.recognition.model import BadgePeriod
from domain.recognition.queries import Rule

GIVE = "recognition.badge.submit"
"""Form: gives a badge; the memo is the rep's Slack id."""
ADD_RULE = "recognition.rule.add"
"""Button: opens the form for a new rule."""
SAVE_RULE = "recognition.rule.submit"
"""Form: adds a rule."""
END_RULE = "recognition.rule.end"
"""Button: ends the rule whose id is the value."""

_RULES = 30
"""Number of rules that the window lists."""
_ONCE, _EACH = "once", "each"


def badge_form(person: Person) -> Block:
    """Return the form that gives this rep a badge."""
    intro = say("A badge for *{name}*. It's posted like an achievement.", name=person.name)
    blocks = [section(intro), *_badge_inputs("Team spirit", "Why it's deserved, in a sentence")]
    return modal(GIVE, "Give a badge", blocks, submit="Give", memo=person.slack_id)


def read_badge(view: Block) -> TypedBadge:
    """Return the badge that was filled in."""
    values = filled_in(view)
    return TypedBadge(values[TITLE] or "", values[WORD] or "", values[ICON] or "")


def rules_window(rules: Sequence[Rule], person: Person, notice: Mrkdwn | None = None) -> Block:
    """Return the window with the rules that give badges, and the button for another one."""
    blocks: list[Block] = [] if notice is None else [section(notice)]
    blocks.append(section(say("Reps get these badges by themselves when their figures reach them.")))
    blocks += [_rule(rule, person) for rule in rules[:_RULES]]
    if not rules:
        blocks.append(section(say("No rules yet. How about “Deal closer: 3 orders in a month”?")))
    if len(rules) > _RULES:
        blocks.append(context(say("… and {count} more", count=len(rules) - _RULES)))
    blocks.append(actions(button("Add a rule", ADD_RULE, "new", style="primary")))
    blocks.append(context(say("When a rule ends, the badges it gave stay.")))
    return {"type": "modal", "title": plain("Badges", 24), "close": plain("Back", 24), "blocks": blocks}


def rule_form(metrics: Sequence[MetricRow]) -> Block:
    """Return the form for a new rule, with the metrics to choose from."""
    menu = select(METRIC, [option(metric.label, metric.code) for metric in metrics[:100]])
    periods = [option(f"In a {kind.value}", kind.value) for kind in BadgePeriod]
    amount: Block = {"type": "plain_text_input", "action_id": THRESHOLD, "max_length": 30}
    often = [option("Once", _ONCE), option("Each time, in every period", _EACH)]
    blocks = [
        *_badge_inputs("Deal closer", "What it's for, in a sentence"),
        field_input(METRIC, "Metric", menu),
        field_input(THRESHOLD, "Figure to reach", amount, hint="Like 3 or 10k"),
        field_input(PERIOD, "Within", select(PERIOD, periods, chosen=BadgePeriod.MONTH)),
        field_input(EACH, "A rep gets it", select(EACH, often, chosen=_ONCE)),
        context(say("Periods that are already over don't count.")),
    ]
    return modal(SAVE_RULE, "New rule", blocks, submit="Save", close="Back", memo="new")


def read_rule(view: Block) -> TypedRule:
    """Return the rule that was filled in."""
    values = filled_in(view)
    return TypedRule(
        badge=read_badge(view),
        metric=values[METRIC] or "",
        period=values[PERIOD] or "",
        threshold=values[THRESHOLD] or "",
        each_period=values[EACH] == _EACH,
    )


def _badge_inputs(title: str, word: str) -> list[Block]:
    name: Block = {"type": "plain_text_input", "action_id": TITLE, "max_length": TITLE_MAX}
    why: Block = {"type": "plain_text_input", "action_id": WORD, "max_length": WORD_MAX, "multiline": True}
    icons = [option(icon, icon) for icon in ICONS]
    return [
        field_input(TITLE, "Title", {**name, "placeholder": plain(title, 150)}),
        field_input(WORD, "A word", {**why, "placeholder": plain(word, 150)}, optional=True),
        field_input(ICON, "Icon", select(ICON, icons, chosen=ICONS[0])),
    ]


def _rule(rule: Rule, person: Person) -> Block:
    often = f"every {rule.period_kind.value}" if rule.each_period else f"once, in a {rule.period_kind.value}"
    title = Mrkdwn(f"{escape(rule.icon)} *{escape(rule.title)}*")
    earned = say(
        "{figure} {label}, {often}", figure=_figure(rule, person), label=rule.label.lower(), often=often
    )
    return section(Mrkdwn(f"{title}\n{earned}"), button("End", END_RULE, str(rule.id)))


def _figure(rule: Rule, person: Person) -> str:
    if rule.unit is Unit.MONEY:
        return format_money(Decimal(rule.threshold), person.currency, person.locale)
    return format_count(int(rule.threshold), person.locale)
