"""`/goals progress`, `/goals history` and their buttons: one use case each."""

from decimal import Decimal
from typing import NamedTuple

from bot.progress import history, messages
from bot.progress.history import METRIC, NEWEST, OLDER, Page, Place
from bot.progress.wording import ENTRIES, RepShown
from bot.slack.asking import Asked
from bot.slack.blocks import Block, Message, section
from bot.slack.commands import Command, For, Usage
from bot.slack.edge import ActionHandler
from bot.slack.refusals import check_mentions
from bot.slack.text import MENTION, Mrkdwn, as_typed
from domain.activity import queries as activity
from domain.activity.model import REVENUE, SIGNUPS, Unit
from domain.activity.queries import EntryRow, Whose
from domain.db import Transaction
from domain.errors import InvalidInput
from domain.people.model import Door
from domain.people.rules import Person, Rep
from domain.periods import Kind, Period, local_date, read_period
from domain.progress import card, queries
from domain.progress.queries import Total


class UnknownMonth(InvalidInput):
    """The rest of the line after `progress` isn't a month."""

    code = "unknown_month"


class UnknownHistory(InvalidInput):
    """The rest of the line after `history` can't be understood."""

    code = "unknown_history"


class RepAsked(NamedTuple):
    """The person asking, the rep asked about, and how the rep is shown."""

    actor: Person
    rep: Rep
    shown: RepShown


async def _subject(asked: Asked, tx: Transaction, slack_id: str) -> RepAsked:
    """Return the rep asked about, if the person asking may see their numbers."""
    known = await asked.people(tx, slack_id)
    actor, person = known[asked.slack_id], known[slack_id]
    rep = card.rep_shown_to(actor, person)
    return RepAsked(actor, rep, RepShown(person, is_own=person is actor))


def _read(asked: Asked, rest: str) -> tuple[str, str]:
    """Return the Slack id of the rep named in a line, else of the person asking, and the other words."""
    mentioned = MENTION.search(rest)
    words = as_typed(MENTION.sub(" ", rest, count=1)).strip()
    check_mentions(words)
    return (mentioned[1] if mentioned else asked.slack_id), words


async def _progress(asked: Asked, rest: str) -> Message:
    slack_id, words = _read(asked, rest)
    async with asked.transaction() as tx:
        subject = await _subject(asked, tx, slack_id)
        month = _month(words, tx, subject.shown.rep) if words else None
        return await _card(tx, subject, month)


def _month(words: str, tx: Transaction, person: Person) -> Period:
    try:
        month = read_period(words, local_date(tx.now, person.zone))
    except ValueError:
        raise UnknownMonth(f"I don't recognize “{words}” as a month.") from None
    if month.kind is not Kind.MONTH:
        raise UnknownMonth(f"“{words}” isn't a month.")
    return month


async def _card(tx: Transaction, subject: RepAsked, month: Period | None) -> Message:
    progress = await card.progress(tx.session, subject.rep, month)
    return messages.card(progress, subject.shown, tx.now)


async def _open_card(asked: Asked, action: Block, _payload: Block) -> Message:
    place = Place.parse(action["value"])
    async with asked.transaction() as tx:
        return await _card(tx, await _subject(asked, tx, place.slack_id), place.period)


async def _history(asked: Asked, rest: str) -> Message:
    slack_id, words = _read(asked, rest)
    if words:
        raise UnknownHistory(f"I don't recognize “{words}”.")
    async with asked.transaction() as tx:
        subject = await _subject(asked, tx, slack_id)
        today = local_date(tx.now, subject.shown.rep.zone)
        return await _months_before(tx, subject, Period.containing(today, Kind.MONTH))


async def _open_history(asked: Asked, action: Block, _payload: Block) -> Message:
    place = Place.parse(action["value"])
    async with asked.transaction() as tx:
        return await _months_before(tx, await _subject(asked, tx, place.slack_id), place.period)


async def _months_before(tx: Transaction, subject: RepAsked, month: Period) -> Message:
    return history.past_months(await card.history(tx.session, subject.rep, month), subject.shown)


async def _open_entries(asked: Asked, action: Block, _payload: Block) -> None:
    view = await _entries(asked, Place.parse(action["value"]))
    await asked.open_form(view)


async def _turn_page(asked: Asked, action: Block, payload: Block) -> None:
    chosen = action.get("selected_option") or action
    view = await _entries(asked, Place.parse(chosen["value"]))
    shown = payload["view"]
    await asked.client.views_update(view_id=shown["id"], hash=shown["hash"], view=view)


async def _entries(asked: Asked, place: Place) -> Block:
    async with asked.transaction() as tx:
        subject = await _subject(asked, tx, place.slack_id)
        page = await _page(tx, subject, place)
    return history.entries_window(page, subject.shown)


async def _page(tx: Transaction, subject: RepAsked, place: Place) -> Page:
    rep, period = subject.rep, place.period
    totals = _with_goals(await queries.by_month(tx.session, rep.id, period.start, period.end), period)
    metric = place.metric if place.metric in {each.metric for each in totals} else totals[0].metric
    assert metric is not None
    found = await activity.entries(
        tx.session, metric, period, Whose(rep.id), before=place.before, most=activity.PAGE + 1
    )
    standing = await queries.standing(tx.session, rep.id, period)
    frozen = standing.month is not None and standing.month.frozen_at is not None
    shown = found[: activity.PAGE]
    return Page(
        period=period,
        metric=metric,
        totals=totals,
        entries=tuple(shown),
        has_more=len(found) > len(shown),
        is_first=place.before is None,
        can_correct=frozenset(each.id for each in shown if not frozen and _may_correct(subject, each)),
    )


def _with_goals(totals: list[Total], period: Period) -> tuple[Total, ...]:
    """Return the month's sums; signups and revenue come first, even if nothing was logged."""
    usual = {
        SIGNUPS: Total(SIGNUPS, "Signups", Unit.COUNT, period.start, Decimal(0)),
        REVENUE: Total(REVENUE, "Revenue", Unit.MONEY, period.start, Decimal(0)),
    }
    return tuple((usual | {each.metric: each for each in totals}).values())


def _may_correct(subject: RepAsked, entry: EntryRow) -> bool:
    """Return True for an original entry that the person asking wrote, or whose rep they lead."""
    if entry.corrects_id is not None:
        return False
    leads = subject.actor.through(Door.FORM).leads(subject.shown.rep)
    return leads or entry.by_slack_id == subject.actor.slack_id


async def opening(tx: Transaction, person: Person) -> Message | None:
    """Say in a few lines where somebody stands: their goals, their team's count, the company's."""
    lines: list[Mrkdwn] = []
    blocks: list[Block] = []
    if person.carries_goals and person.rep is not None:
        progress = await card.progress(tx.session, person.rep)
        text, blocks = messages.where_i_stand(progress, RepShown(person, is_own=True), tx.now)
        lines.append(text)
    if person.is_manager or person.is_admin:
        counts = await queries.counts(tx.session, person.user_id, everybody=person.is_admin)
        counted = [messages.how_many("Your team", counts.team)] if person.is_manager else []
        counted += [messages.how_many("The company", counts.company)] if person.is_admin else []
        lines += counted
        blocks.append(section(Mrkdwn("\n".join(counted))))
    return Message(Mrkdwn("\n".join(lines)), blocks) if lines else None


PROGRESS = Command(
    "progress",
    _progress,
    (
        Usage("/goals progress", "how you stand, whether you're on pace, and where it leads", For.REPS),
        Usage("/goals progress @rep", "the same for somebody you lead", For.LEADS),
    ),
    label="See progress",
)
HISTORY = Command(
    "history",
    _history,
    (
        Usage("/goals history", "your past months, and the entries behind each number", For.REPS),
        Usage("/goals history @rep", "the same for somebody you lead", For.LEADS),
    ),
    label="Past months",
)
ACTIONS: dict[str, ActionHandler] = {
    messages.CARD: _open_card,
    messages.HISTORY: _open_history,
    ENTRIES: _open_entries,
    METRIC: _turn_page,
    OLDER: _turn_page,
    NEWEST: _turn_page,
}
