"""What Goalkeeper says about numbers: the answers to a line or a form, and what reps are told."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, Decimal

from babel.dates import format_date
from babel.numbers import format_percent
from sqlalchemy.ext.asyncio import AsyncSession

from bot.slack.blocks import LABEL_MAX, Block, Message, actions, button, context, section, shorten
from bot.slack.rendering import Facts, Renderer, Renderers
from bot.slack.text import Mrkdwn, day_words, escape, say
from bot.slack.wording import CORRECT_ENTRY, OPEN_GOAL_FORM, goal_value
from domain.activity import queries, service
from domain.activity.catalogue import Catalogue, LineUnit, Loggable, within_sentence
from domain.activity.line import LineEntry, UnknownMetric, in_words
from domain.activity.model import SIGNUPS, EntryId, Unit
from domain.activity.queries import EntryState
from domain.activity.rules import split
from domain.activity.service import Logged, Part
from domain.money import format_count, format_money
from domain.periods import Period
from domain.progress.rules import Indicator, MetricPace
from domain.progress.standing import MonthStanding

UNDO = "activity.entry.undo"
"""Button: takes back the entries whose ids are the value; when it is too late, opens their correction."""
CONFIRM = "activity.log.confirm"
"""Button: logs the line in its value; see `Question`."""
_VALUE_MAX = 2000
"""Characters of a button's value."""


@dataclass(frozen=True, slots=True)
class Question:
    """A line that is logged only when somebody has confirmed it."""

    key: str
    """The idempotency key of the line, so that a button pressed twice logs once."""
    today: date
    """The rep's day on which the line was typed."""
    typed: str
    sure: bool
    """Whether confirming it also says that large amounts are meant."""

    @property
    def value(self) -> str:
        """The value of its button."""
        return json.dumps([self.key, self.today.isoformat(), self.typed, self.sure], ensure_ascii=False)

    @classmethod
    def of(cls, value: str) -> "Question":
        """Return the question that a button's value holds."""
        key, today, typed, sure = json.loads(value)
        return cls(key, date.fromisoformat(today), typed, sure)


@dataclass(frozen=True, slots=True)
class MonthSoFar:
    """The month that an answer shows: goals and pace, and the totals of other metrics."""

    rep_name: str | None
    """None: the person who is told."""
    month: Period
    today: date
    standing: MonthStanding | None
    """None: the month isn't open, because it came before Goalkeeper or began a moment ago."""
    totals: Mapping[str, Decimal]
    """By metric; those that the standing doesn't have."""
    catalogue: Catalogue

    @property
    def lacks_goals(self) -> bool:
        """True if the month's goals could still be set."""
        return self.today in self.month and not (self.standing and self.standing.is_set)


def really(entries: Sequence[LineEntry], catalogue: Catalogue, question: Question) -> Message:
    """Render the question whether a large amount is meant, with the button that logs it."""
    amounts = _listed([in_words(entry, catalogue) for entry in entries if entry.absurd])
    text = say("Really {amounts}? Nothing is logged yet.", amounts=amounts)
    if len(question.value) > _VALUE_MAX:
        text = Mrkdwn(f"{text} {say('Log the large amount in a line of its own.')}")
        return Message(text, [section(text)])
    return Message(text, [section(text), actions(_confirm(f"Yes, log {amounts}", question))])


def shall_i(entries: Sequence[LineEntry], catalogue: Catalogue, question: Question) -> Message:
    """Render the question whether to log a line of several figures, with the button that does."""
    amounts = _listed([in_words(entry, catalogue) for entry in entries])
    text = say("Log {amounts}? Nothing is logged yet.", amounts=amounts)
    if len(question.value) > _VALUE_MAX:
        text = Mrkdwn(f"{text} {say('Write the line again with `log` before it.')}")
        return Message(text, [section(text)])
    return Message(text, [section(text), actions(_confirm("Yes, log it", question))])


def did_you_mean(refusal: UnknownMetric, meant: str, question: Question) -> Message:
    """Render the refusal of a word that isn't a metric, with a button that logs what was `meant`."""
    text = escape(refusal.message)
    if len(question.value) > _VALUE_MAX:
        return Message(text, [section(text)])
    return Message(text, [section(text), actions(_confirm(f"Log {meant}", question))])


def _confirm(label: str, question: Question) -> Block:
    return button(shorten(label, LABEL_MAX), CONFIRM, question.value, style="primary")


def logged(
    entries: Sequence[LineEntry],
    parts: Sequence[Part],
    came: Logged,
    today: date,
    so_far: MonthSoFar | None,
    catalogue: Catalogue,
) -> Message:
    """Render the answer to a line or a form: what was logged, how the month stands now, and Undo."""
    whose = None if so_far is None else so_far.rep_name
    lines = [
        _logged(entry, parts, whose, today, catalogue)
        if entry.total_of is None
        else _total(entry, came.gained.get(entry.metric, Decimal(0)), whose, catalogue)
        for entry in entries
    ]
    return _answer(lines, so_far, came.entry_ids)


def taken_back(states: Sequence[EntryState], so_far: MonthSoFar | None) -> Message:
    """Render the answer to Undo; `states` are the entries as they counted before."""
    amounts = [state_words(state, state.amount) for state in states if state.amount]
    if not amounts:
        return _answer([say("That's been taken back already.")], None, ())
    return _answer([say("↩️ Took back {amounts}.", amounts=_listed(amounts))], so_far, ())


def corrected_here(
    states: Sequence[EntryState], now: Mapping[EntryId, Decimal], so_far: MonthSoFar | None
) -> Message:
    """Render the answer to the correction form; `states` are the entries as they counted before."""
    changed = [
        say(
            "✏️ Corrected: {before} is now *{after}*.",
            before=state_words(state, state.amount),
            after=state_words(state, now[state.id]),
        )
        for state in states
        if now[state.id] != state.amount
    ]
    if not changed:
        return _answer([say("These are the same numbers, so nothing changed.")], None, ())
    message = _answer(changed, so_far, ())
    again = button("Correct again", CORRECT_ENTRY, ",".join(str(state.id) for state in states))
    return Message(message.text, [*message.blocks, actions(again)])


def state_words(state: EntryState, amount: Decimal) -> str:
    """Return an amount of an entry's metric: `2 signups`, `$5,000 in revenue`."""
    unit = LineUnit.COUNT if state.unit is Unit.COUNT else LineUnit.MONEY
    metrics = Catalogue([Loggable(state.metric, state.label, unit)], state.locale, state.currency)
    return in_words(LineEntry(state.metric, amount, state.occurred_on), metrics)


def _logged(
    entry: LineEntry, parts: Sequence[Part], whose: str | None, today: date, catalogue: Catalogue
) -> Mrkdwn:
    text = say("✅ Logged *{amount}*", amount=in_words(entry, catalogue))
    if len(parts) > 1:
        text = Mrkdwn(f"{text}{_shared(entry, parts, catalogue)}")
    elif whose:
        text = Mrkdwn(f"{text} {say('for {name}', name=whose)}")
    if entry.day != today:
        text = Mrkdwn(f"{text} ({day_words(entry.day, today, catalogue.locale)})")
    return Mrkdwn(text + (say(": “{note}”", note=entry.note) if entry.note else ""))


def _shared(entry: LineEntry, parts: Sequence[Part], catalogue: Catalogue) -> Mrkdwn:
    metric = catalogue.of_code(entry.metric)
    if metric is None or metric.unit is LineUnit.COUNT:
        return say(" for {name}, since counts aren't divided", name=parts[0].rep.name)
    amounts = split(entry.amount, [part.percent for part in parts], whole=False)
    shares = [
        f"{part.rep.name} ({format_money(amount, catalogue.currency, catalogue.locale)})"
        for part, amount in zip(parts, amounts, strict=True)
    ]
    return say(", shared by {shares}", shares=_listed(shares))


def _total(entry: LineEntry, gained: Decimal, whose: str | None, catalogue: Catalogue) -> Mrkdwn:
    assert entry.total_of is not None
    metric = catalogue.of_code(entry.metric)
    label = within_sentence(metric.label if metric else entry.metric)
    facts = {
        "whose": f"{whose}'s" if whose else "Your",
        "month": month_words(entry.total_of),
        "label": label,
        "verb": "are" if label.endswith("s") else "is",
        "total": _bare(entry.amount, metric, catalogue),
    }
    if gained == 0:
        return say("{whose} {month} {label} {verb} {total} already. Nothing changed.", **facts)
    sign = "+" if gained > 0 else "\N{MINUS SIGN}"
    change = f"{sign}{_bare(abs(gained), metric, catalogue)}"
    return say("✅ {whose} {month} {label} {verb} *{total}* now ({change}).", **facts, change=change)


def _bare(amount: Decimal, metric: Loggable | None, catalogue: Catalogue) -> str:
    if metric is not None and metric.unit is LineUnit.MONEY:
        return format_money(amount, catalogue.currency, catalogue.locale)
    return format_count(int(amount), catalogue.locale)


def month_words(month: Period) -> str:
    """Return a month's name in English: `February`."""
    return format_date(month.start, "MMMM", locale="en")


def _listed(words: Sequence[str]) -> str:
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last


def _answer(lines: Sequence[Mrkdwn], so_far: MonthSoFar | None, ids: Sequence[EntryId]) -> Message:
    details = _so_far(so_far) if so_far else []
    blocks: list[Block] = [section(Mrkdwn("\n".join(lines)))]
    if details:
        blocks.append(section(Mrkdwn("\n".join(details))))
    buttons = [button("Undo", UNDO, ",".join(map(str, ids)))] if ids else []
    if so_far and so_far.rep_name is None and so_far.lacks_goals:
        buttons.append(button("Set goals", OPEN_GOAL_FORM, goal_value(so_far.month)))
    return Message(Mrkdwn("\n".join([*lines, *details])), [*blocks, actions(*buttons)] if buttons else blocks)


def _so_far(so_far: MonthSoFar) -> list[Mrkdwn]:
    """How the month stands: figures against goals, pace in words, the next tier."""
    standing, catalogue, month = so_far.standing, so_far.catalogue, month_words(so_far.month)
    figures = [] if standing is None else _of_goals(standing, catalogue)
    figures += [
        in_words(LineEntry(code, amount, so_far.today), catalogue) for code, amount in so_far.totals.items()
    ]
    name = f"{so_far.rep_name}, " if so_far.rep_name else ""
    shown = " · ".join(figures) or "nothing yet"
    lines = [say("*{name}{month}:* {figures}", name=name, month=month, figures=shown)]
    if so_far.lacks_goals:
        whose = f"{so_far.rep_name} hasn't" if so_far.rep_name else "You haven't"
        lines.append(say("{whose} set goals for {month} yet.", whose=whose, month=month))
    if standing is None:
        return lines
    outlook = " · ".join(filter(None, [_pace(standing, catalogue), _tier(standing, catalogue)]))
    return [*lines, escape(outlook)] if outlook else lines


def _of_goals(standing: MonthStanding, catalogue: Catalogue) -> list[str]:
    """Return `12 of 20 signups (60%)` and `$4,000 of $50,000 (8%)`; without a goal the figure, if any."""

    def signups(count: Decimal | int) -> str:
        return in_words(LineEntry(SIGNUPS, Decimal(count), standing.today), catalogue)

    def money(amount: Decimal) -> str:
        return format_money(amount, catalogue.currency, catalogue.locale)

    figures = []
    if standing.is_set and standing.signup_percent is not None:
        count, percent = format_count(standing.signups, catalogue.locale), standing.signup_percent
        figures.append(f"{count} of {signups(standing.signup_goal)} ({_percent(percent, catalogue.locale)})")
    elif standing.signups:
        figures.append(signups(standing.signups))
    if standing.is_set and standing.revenue_percent is not None:
        of, percent = f"{money(standing.revenue)} of {money(standing.revenue_goal)}", standing.revenue_percent
        figures.append(f"{of} ({_percent(percent, catalogue.locale)})")
    elif standing.revenue:
        figures.append(money(standing.revenue))
    return figures


def _percent(percent: Decimal, locale: str) -> str:
    """Whole percents, rounded down: 99.6 % isn't there yet."""
    return str(format_percent(percent.quantize(Decimal(1), ROUND_DOWN) / 100, locale=locale))


def _pace(standing: MonthStanding, catalogue: Catalogue) -> str | None:
    pace = standing.pace
    if pace is None or not pace.metrics:
        return None
    if all(each.missing == 0 for each in pace.metrics):
        return "🎉 Goals made"
    match pace.indicator:
        case None:
            return None
        case Indicator.AHEAD:
            return "Ahead of pace"
        case Indicator.ON_TRACK:
            return "On pace"
        case verdict:
            worst = next(each for each in pace.metrics if each.indicator is verdict)
            return f"Behind pace: {_expected(worst, catalogue)} expected by now"


def _expected(metric: MetricPace, catalogue: Catalogue) -> str:
    return in_words(LineEntry(metric.metric, metric.expected, date.min), catalogue)


def _tier(standing: MonthStanding, catalogue: Catalogue) -> str | None:
    tier = standing.next_tier
    if tier is None:
        return None
    noun = "signup" if tier.signups_missing == 1 else "signups"
    amount = f" ({format_money(tier.amount, catalogue.currency, catalogue.locale)})" if tier.amount else ""
    missing = format_count(tier.signups_missing, catalogue.locale)
    return f"{missing} more {noun} to tier {tier.number}{amount}"


# --- what reps are told of what somebody else did ---------------------------------------------------------


def logged_for_you(states: Sequence[EntryState]) -> Message:
    """Render what somebody else logged for the rep, or that it was taken back."""
    by = states[0].by_name or "Somebody"
    standing = [state for state in states if state.amount]
    if not standing:
        amounts = _listed([state_words(state, state.logged) for state in states])
        back = states[0].changed_by_name or by
        text = say("↩️ {by} took back {amounts} from your numbers.", by=back, amounts=amounts)
        return Message(text, [section(text)])
    amounts = _listed([state_words(state, state.amount) for state in standing])
    headline = say("📥 {by} logged *{amounts}* for you.", by=by, amounts=amounts)
    details = [*_about(standing), say("Not right? {by} can correct it.", by=by)]
    return Message(Mrkdwn("\n".join([headline, *details])), [section(headline), context(*details)])


def _about(states: Sequence[EntryState]) -> list[Mrkdwn]:
    """The days and the notes, each once."""
    days = [
        day_words(state.occurred_on, state.today, state.locale)
        for state in states
        if state.occurred_on != state.today
    ]
    about = [say("For {days}.", days=_listed(list(dict.fromkeys(days))))] if days else []
    notes = dict.fromkeys(state.note for state in states if state.note)
    return [*about, *(say("“{note}”", note=note) for note in notes)]


def corrected(state: EntryState) -> Message:
    """Render that somebody else corrected the rep's entry, with the reason."""
    headline = say(
        "✏️ {by} corrected your {before} of {day} to *{after}*.",
        by=state.changed_by_name or "Somebody",
        before=state_words(state, state.logged),
        day=day_words(state.occurred_on, state.today, state.locale),
        after=state_words(state, state.amount),
    )
    reason = [say("The reason: “{reason}”", reason=state.reason)] if state.reason else []
    blocks = [section(headline), *([context(*reason)] if reason else [])]
    return Message(Mrkdwn("\n".join([headline, *reason])), blocks)


async def _load_logged(session: AsyncSession, facts: Facts) -> list[EntryState] | None:
    return await queries.states(session, [EntryId(entry_id) for entry_id in facts["entry_ids"]]) or None


async def _load_corrected(session: AsyncSession, facts: Facts) -> EntryState | None:
    return next(iter(await queries.states(session, [EntryId(facts["entry_id"])])), None)


RENDERERS: Renderers = {
    service.LOGGED: Renderer(_load_logged, logged_for_you),
    service.CORRECTED: Renderer(_load_corrected, corrected),
}
