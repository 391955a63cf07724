"""Past months with their outcomes, and the window of entries behind a number: pure functions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from babel.dates import format_time

from bot.progress.messages import HISTORY, OUTCOMES, about
from bot.progress.wording import ENTRIES, RepShown, figures_toward
from bot.slack.blocks import Block, Message, actions, button, context, option, plain, section, select
from bot.slack.text import Mrkdwn, say, short_day
from bot.slack.wording import CORRECT_ENTRY
from domain.activity.model import PEOPLE, SQL, EntryId, EntryKind, Unit
from domain.activity.queries import EntryRow
from domain.periods import Period
from domain.progress.card import History
from domain.progress.queries import PastMonth, Total

METRIC = "progress.entries.metric"
"""Menu in the window of entries: the metric to show."""
OLDER = "progress.entries.older"
NEWEST = "progress.entries.newest"
"""Buttons in the window of entries: the next page, and the first one."""
WINDOW = "progress.entries"
_NOTE_MAX = 300


def past_months(of: History, shown: RepShown) -> Message:
    """List past months, newest first, each with a button for the entries behind its numbers."""
    headline = say("*{whose} past months*", whose=shown.whose)
    if not of.months:
        text = Mrkdwn(f"{headline}\n{say('There are none yet. This month is under `/goals progress`.')}")
        return Message(text, [section(text)])
    lines = [_month(each, of.others, shown) for each in of.months]
    blocks = [section(headline)]
    for each, line in zip(of.months, lines, strict=True):
        see = button("See entries", ENTRIES, about(each.period, shown.rep.slack_id))
        blocks.append(section(line, see if _has_numbers(each, of.others) else None))
    if of.older is not None:
        blocks.append(actions(button("Older months", HISTORY, about(of.older, shown.rep.slack_id))))
    return Message(Mrkdwn("\n".join([headline, *lines])), blocks)


def _has_numbers(past: PastMonth, others: Sequence[Total]) -> bool:
    of_others = any(each.starts_on == past.period.start for each in others)
    return bool(past.month.signups or past.month.revenue or of_others)


def _month(past: PastMonth, others: Sequence[Total], shown: RepShown) -> Mrkdwn:
    month = past.month
    figures = [figures_toward(month, shown, with_goals=month.is_set)]
    if month.tier:
        worth = f", {shown.money(month.bonus_amount)}" if month.bonus_amount else ""
        figures.append(f"tier {month.tier}{worth}")
    figures += [
        f"{each.label}: {shown.of_unit(each.unit, each.amount)}"
        for each in others
        if each.starts_on == past.period.start
    ]
    return say(
        "*{month}:* {outcome}{late}{open}\n{figures}",
        month=f"{past.period.start:%B %Y}",
        outcome=OUTCOMES[month.outcome],
        late=", set late" if month.is_set and month.set_by_deadline is False else "",
        open="" if month.frozen_at else " · can still be corrected",
        figures=" · ".join(figures),
    )


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the entries behind one number of a rep's month."""

    period: Period
    metric: str
    totals: tuple[Total, ...]
    """The metrics that can be chosen, with their sums in the month."""
    entries: tuple[EntryRow, ...]
    has_more: bool
    is_first: bool
    can_correct: frozenset[EntryId]

    @property
    def total(self) -> Total:
        """The number that the entries make up."""
        return next(each for each in self.totals if each.metric == self.metric)


@dataclass(frozen=True, slots=True)
class Place:
    """What a control of the window asks for: a metric of a rep's month, from a place in its entries on."""

    period: Period
    slack_id: str
    metric: str | None = None
    before: tuple[date, EntryId] | None = None

    @classmethod
    def parse(cls, value: str) -> "Place":
        """Return what `str()` wrote."""
        period, slack_id, *rest = value.split(":")
        metric = rest[0] if rest else None
        before = (date.fromisoformat(rest[1]), EntryId(int(rest[2]))) if len(rest) > 1 else None
        return cls(Period.parse(period), slack_id, metric, before)

    def __str__(self) -> str:
        parts = [str(self.period), self.slack_id, self.metric]
        parts += [self.before[0].isoformat(), str(self.before[1])] if self.before else []
        return ":".join(part for part in parts if part is not None)


def entries_window(page: Page, shown: RepShown) -> Block:
    """Return the window that lists the entries behind a number."""
    blocks = [section(_sum(page, shown)), *_choice(page, shown)]
    for entry in page.entries:
        correct = button("Correct", CORRECT_ENTRY, str(entry.id)) if entry.id in page.can_correct else None
        blocks.append(section(_entry(entry, page.total, shown), correct))
    if not page.entries:
        blocks.append(section(say("There are no entries behind this number.")))
    blocks += _paging(page, shown)
    return {
        "type": "modal",
        "callback_id": WINDOW,
        "title": plain("Entries", 24),
        "close": plain("Close", 24),
        "blocks": blocks,
    }


def _sum(page: Page, shown: RepShown) -> Mrkdwn:
    return say(
        "*{label}: {figure}* in {month}, {whose}",
        label=page.total.label,
        figure=shown.of_unit(page.total.unit, page.total.amount),
        month=f"{page.period.start:%B %Y}",
        whose="logged for you" if shown.is_own else f"logged for {shown.rep.name}",
    )


def _choice(page: Page, shown: RepShown) -> list[Block]:
    if len(page.totals) < 2:
        return []
    choices = [
        option(
            f"{each.label}: {shown.of_unit(each.unit, each.amount)}",
            str(Place(page.period, shown.rep.slack_id, each.metric)),
        )
        for each in page.totals
    ]
    chosen = str(Place(page.period, shown.rep.slack_id, page.metric))
    return [actions(select(METRIC, choices[:100], chosen))]


def _entry(entry: EntryRow, total: Total, shown: RepShown) -> Mrkdwn:
    about_what = _about(entry, shown)
    note = f" · “{entry.note[:_NOTE_MAX]}”" if entry.note else ""
    return say(
        "*{amount}* on {day}{about_what}{note}\n{author}",
        amount=_signed(entry.amount, total.unit, shown),
        day=short_day(entry.occurred_on, shown.rep.locale),
        about_what=about_what,
        note=note,
        author=_author(entry, shown),
    )


def _signed(amount: Decimal, unit: Unit, shown: RepShown) -> str:
    figure = shown.of_unit(unit, abs(amount))
    return f"+{figure}" if amount > 0 else f"−{figure}"


def _about(entry: EntryRow, shown: RepShown) -> str:
    match entry.kind:
        case EntryKind.CORRECTION:
            return " · correction"
        case EntryKind.AMENDMENT:
            return f" · amendment of {short_day(entry.stated_on, shown.rep.locale)}"
        case EntryKind.UNDO:
            return " · taken back"
        case EntryKind.ABSOLUTE:
            return " · to match a total"
        case EntryKind.ENTRY:
            return ""


def _author(entry: EntryRow, shown: RepShown) -> str:
    at = entry.entered_at.astimezone(shown.zone)
    time = format_time(at, "short", locale=shown.rep.locale, tzinfo=shown.zone).replace("\u202f", " ")
    when = f"{short_day(at.date(), shown.rep.locale)}, {time}"
    if entry.by_name:
        return f"Logged by {entry.by_name}, {when}"
    source = {SQL: "the database", PEOPLE: "somebody"}.get(entry.source, entry.source)
    return f"From {source}, {when}"


def _paging(page: Page, shown: RepShown) -> list[Block]:
    here = Place(page.period, shown.rep.slack_id, page.metric)
    buttons = []
    if not page.is_first:
        buttons.append(button("Newest", NEWEST, str(here)))
    if page.has_more:
        last = Place(here.period, here.slack_id, here.metric, page.entries[-1].place)
        buttons.append(button("Older", OLDER, str(last)))
    blocks: list[Block] = [actions(*buttons)] if buttons else []
    if page.can_correct:
        blocks.append(context(say("Corrections need a reason, and stay in this list.")))
    return blocks
