"""The window of metrics and its forms (a new one, its feeder): built and read back, pure functions."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

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
from bot.slack.forms import came_first, filled_in
from bot.slack.text import Mrkdwn, literal, say
from domain.activity.metrics import FEEDER, LABEL, PARTS, UNIT
from domain.activity.model import PEOPLE, REVENUE, SIGNUPS, MetricKind, Unit
from domain.activity.queries import MetricRow
from domain.people.changes import ChangedMeanwhile

ADD = "setup.metrics.add"
DIVIDE = "setup.metrics.divide"
CHANGE = "setup.metrics.change"
"""Menu of one metric; the value is what to do and its code: `on:calls`, `off:calls`, `feed:calls`."""
SAVE_ADDED = "setup.metrics.added"
SAVE_FEEDER = "setup.metrics.fed"
BELOW = "below"
"""Input: what a quotient is divided by."""

_SHOWN = 90
_LABEL_MAX = 40
_UNITS = {Unit.COUNT: "count", Unit.MONEY: "money", Unit.PERCENT: "percent"}


@dataclass(frozen=True, slots=True)
class SubmittedMetric:
    """What came back from the form of a new metric; without `numerator` it is a sum."""

    label: str
    unit: Unit
    numerator: tuple[str, ...] = ()
    denominator: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SubmittedFeeder:
    """What came back from the form of a metric's feeder."""

    code: str
    opened_with: str
    typed: str
    drawn: int

    @property
    def feeder(self) -> str:
        """The feeder as typed; people where nothing was."""
        return self.typed.strip() or PEOPLE


def window(metrics: Sequence[MetricRow], notice: Mrkdwn | None = None) -> Block:
    """Return the list of metrics, each with the menu that changes it; those switched on come first."""
    labels = {metric.code: metric.label for metric in metrics}
    ordered = sorted(metrics, key=lambda metric: not metric.is_on)
    intro = say("Reps can log what is switched on. Switching a metric off keeps its history.")
    add = actions(button("Add a metric", ADD, "new"), button("Add a quotient", DIVIDE, "new"))
    blocks = [*([] if notice is None else [section(notice)]), context(intro), add]
    blocks += [section(_line(metric, labels), _menu(metric)) for metric in ordered[:_SHOWN]]
    return {"type": "modal", "title": plain("Metrics", 24), "close": plain("Back", 24), "blocks": blocks}


def summary(metrics: Sequence[MetricRow]) -> Mrkdwn:
    """Return the part of the set-up window: the metrics that are switched on, and where they come from."""
    on = [metric.label for metric in metrics if metric.is_on]
    fed = [metric for metric in metrics if metric.is_on and metric.feeder != PEOPLE]
    lines = [say("*Metrics*"), say("{labels}", labels=", ".join(on))]
    lines += [say("{label} comes from {feeder}", label=one.label, feeder=one.feeder) for one in fed]
    return Mrkdwn("\n".join(lines))


def metric_form() -> Block:
    """Return the form of a new metric that people or a source fill."""
    units = select(UNIT, [option("A count, like calls", Unit.COUNT), option("Money", Unit.MONEY)], Unit.COUNT)
    blocks = [_label("Demo calls"), field_input(UNIT, "What is it?", units)]
    return modal(SAVE_ADDED, "Add a metric", blocks, submit="Add", close="Back", memo="{}")


def quotient_form(metrics: Sequence[MetricRow]) -> Block:
    """Return the form of a new quotient of sums."""
    units = select(UNIT, [option("Percent", Unit.PERCENT), option("Money", Unit.MONEY)], Unit.PERCENT)
    hint = "Several are added up first."
    blocks = [
        _label("Show rate"),
        field_input(UNIT, "Shown as", units),
        field_input(PARTS, "Divide", _sums(PARTS, metrics), hint=hint),
        field_input(BELOW, "By", _sums(BELOW, metrics)),
    ]
    return modal(SAVE_ADDED, "Add a quotient", blocks, submit="Add", close="Back", memo="{}")


def read_metric(view: Block) -> SubmittedMetric:
    """Return what was filled in."""
    held = filled_in(view)
    return SubmittedMetric(
        held[LABEL] or "", Unit(held[UNIT]), tuple(held.get(PARTS) or ()), tuple(held.get(BELOW) or ())
    )


def feeder_form(metric: MetricRow) -> Block:
    """Return the form that says what fills a metric."""
    return _feeder_form(metric, "" if metric.feeder == PEOPLE else metric.feeder, drawn=0)


def feeder_form_again(submitted: SubmittedFeeder, changed: ChangedMeanwhile[MetricRow]) -> Block:
    """Return the form after somebody else saved first, with what was typed."""
    source = changed.now.feeder
    words = dict.fromkeys(changed.changes, say("what fills it to {source}", source=source))
    view = _feeder_form(changed.now, submitted.typed, drawn=submitted.drawn + 1)
    return {**view, "blocks": [came_first(changed.changes, words), *view["blocks"]]}


def read_feeder(view: Block) -> SubmittedFeeder:
    """Return what was filled in."""
    memo = json.loads(view["private_metadata"])
    return SubmittedFeeder(memo["code"], memo["opened"], filled_in(view)[FEEDER] or "", memo["drawn"])


def _feeder_form(metric: MetricRow, typed: str, drawn: int) -> Block:
    text: Block = {
        "type": "plain_text_input",
        "action_id": FEEDER,
        "max_length": _LABEL_MAX,
        "placeholder": plain("salesforce", 150),
    }
    text |= {"initial_value": typed} if typed else {}
    hint = "The name of the one system that sends it. Leave this empty if people log it."
    blocks = [
        section(say("*{label}*: with a source, nobody logs it by hand any more.", label=metric.label)),
        field_input(f"{FEEDER}:{drawn}", "Source", text, hint=hint, optional=True),
    ]
    memo = json.dumps({"code": metric.code, "opened": metric.feeder, "drawn": drawn})
    return modal(SAVE_FEEDER, "Where it comes from", blocks, submit="Save", close="Back", memo=memo)


def _line(metric: MetricRow, labels: dict[str, str]) -> Mrkdwn:
    about = [_UNITS[metric.unit]]
    if metric.kind is MetricKind.QUOTIENT:
        above, below = _sum(metric.numerator, labels), _sum(metric.denominator, labels)
        about.append(f"{above} ÷ {below}")
    elif metric.feeder != PEOPLE:
        about.append(f"from {metric.feeder}")
    if not metric.is_on:
        about.append("switched off")
    sign = "✅" if metric.is_on else "▫️"
    return say("{sign} *{label}* · {about}", sign=sign, label=metric.label, about=" · ".join(about))


def _sum(codes: Sequence[str], labels: dict[str, str]) -> str:
    named = " + ".join(labels.get(code, code) for code in codes)
    return f"({named})" if len(codes) > 1 else named


def _menu(metric: MetricRow) -> Block:
    options = []
    if metric.code not in (SIGNUPS, REVENUE):
        options.append(_switch(metric))
    if metric.kind is MetricKind.SUM:
        options.append(option("Where it comes from", f"feed:{metric.code}"))
    return {"type": "overflow", "action_id": CHANGE, "options": options}


def _switch(metric: MetricRow) -> Block:
    return (
        option("Switch off", f"off:{metric.code}")
        if metric.is_on
        else option("Switch on", f"on:{metric.code}")
    )


def _label(example: str) -> Block:
    text: Block = {
        "type": "plain_text_input",
        "action_id": LABEL,
        "max_length": _LABEL_MAX,
        "placeholder": plain(example, 150),
    }
    return field_input(LABEL, "Name", text)


def _sums(name: str, metrics: Sequence[MetricRow]) -> Block:
    sums = [metric for metric in metrics if metric.kind is MetricKind.SUM]
    options = [option(literal(metric.label), metric.code) for metric in sums[:100]]
    return {"type": "multi_static_select", "action_id": name, "options": options}
