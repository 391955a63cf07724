"""`/goals log`, its form, the shortcut, Undo and the correction form: one use case each."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from bot.activity import messages, views
from bot.activity.messages import MonthSoFar, Question
from bot.activity.views import LogForm
from bot.slack.asking import Asked
from bot.slack.blocks import Block, Message
from bot.slack.commands import Command, For, Usage
from bot.slack.edge import ActionHandler, FormHandler, Redrawn, ShortcutHandler
from bot.slack.refusals import UnknownMention
from bot.slack.text import MENTION, as_typed, say
from bot.slack.wording import CORRECT_ENTRY
from domain import flow
from domain.activity import queries, service
from domain.activity.catalogue import Catalogue, within_sentence
from domain.activity.line import AMOUNT, LineEntry, LogLine, UnknownMetric, in_words, read_figure, read_log
from domain.activity.model import REVENUE, SIGNUPS, EntryId
from domain.activity.queries import EntryState, Whose
from domain.activity.rules import SHARES, UNDO_WITHIN
from domain.activity.service import Part, rep_of
from domain.activity.shares import SharesAmiss, read_people, read_percents
from domain.db import Transaction
from domain.errors import InvalidInput, Mistakes
from domain.people import queries as people
from domain.people.model import Door, RepId
from domain.people.rules import Person
from domain.periods import Kind, Period, local_date
from domain.progress import standing

FROM_MESSAGE = "activity.log.message"
"""Message shortcut: opens the form with the message as its note; `manifest.yml` names it."""

_A_MENTION = re.compile(rf"({MENTION.pattern.replace('(', '(?:', 1)})")
_TOO_LATE = say("It's more than ten minutes ago, so this takes a reason.")


# --- a line -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Read:
    """A line as it was understood, with all that logging it takes."""

    actor: Person
    known: Mapping[str, Person]
    """By Slack id: the person asking and those named."""
    catalogue: Catalogue
    question: Question
    understood: LogLine

    @property
    def parts(self) -> list[Part]:
        """The reps, with their shares."""
        if self.understood.shares:
            return [Part(self.known[share.slack_id], share.percent) for share in self.understood.shares]
        return [Part(self.known[self.understood.rep] if self.understood.rep else self.actor)]


async def _log(asked: Asked, rest: str) -> Message | None:
    """Log a line at once; without anything to log, open the form."""
    typed = _unescaped(rest)
    if _names_only(typed):
        await _open_form(asked, next(iter(MENTION.findall(typed)), None))
        return None
    return await _log_line(asked, typed, key=asked.trigger_id)


async def _open_filled_in(asked: Asked, rest: str) -> Message | None:
    """Open the form with a line in it; ask about a line that takes more than one form. Nothing is logged."""
    typed = _unescaped(rest)
    if _names_only(typed):
        await _open_form(asked, next(iter(MENTION.findall(typed)), None))
        return None
    async with asked.transaction() as tx:
        read = await _read(asked, tx, typed, asked.trigger_id)
        if isinstance(read, Message):
            return read
        first, *others = read.understood.entries
        if others or first.total_of is not None:
            question = replace(read.question, sure=True)
            return messages.shall_i(read.understood.entries, read.catalogue, question)
        leads = read.actor.is_manager or read.actor.is_admin
        form = views.filled_in_form(first, read.parts, read.actor, leads=leads)
        view = await _drawn(tx, form, read.actor)
    await asked.open_form(view)
    return None


async def _confirm(asked: Asked, action: Block, _payload: Block) -> Message:
    """Log the line that its author was asked about; pressed twice, it counts once."""
    question = Question.of(action["value"])
    return await _log_line(asked, question.typed, question.key, question.today, sure=question.sure)


async def _log_line(
    asked: Asked, typed: str, key: str, typed_on: date | None = None, *, sure: bool = False
) -> Message:
    async with asked.transaction() as tx:
        read = await _read(asked, tx, typed, key, typed_on)
        if isinstance(read, Message):
            return read
        entries, today = read.understood.entries, read.question.today
        if not sure and any(entry.absurd for entry in entries):
            return messages.really(entries, read.catalogue, replace(read.question, sure=True))
        return await _save(tx, read.actor, Door.COMMAND, entries, read.parts, today, read.catalogue, key)


async def _read(
    asked: Asked, tx: Transaction, typed: str, key: str, typed_on: date | None = None
) -> _Read | Message:
    """Read a line; where a metric was mistyped, return the offer of the nearest one."""
    if unknown := re.search(r"(?<!\S)@\w\S*", MENTION.sub(" ", typed)):
        raise UnknownMention(f"I don't know {unknown[0]}.")
    known = await asked.people(tx, *MENTION.findall(typed))
    actor = known[asked.slack_id]
    catalogue = await _catalogue(tx, actor)
    named, _, _ = read_people(typed, actor.locale)
    today = typed_on or await _today(tx, known[named] if named else actor)
    question = Question(key, today, typed, sure=False)
    try:
        return _Read(actor, known, catalogue, question, read_log(typed, catalogue, today))
    except UnknownMetric as refusal:
        if (offer := _meant(refusal, question, catalogue)) is None:
            raise
        return offer


def _names_only(typed: str) -> bool:
    """Return True for a line with nothing to log, for one rep at most."""
    return not MENTION.sub("", typed).strip() and len(MENTION.findall(typed)) <= 1


def _unescaped(sent: str) -> str:
    """The line as typed, with the people in it as Slack mentions them."""
    pieces = _A_MENTION.split(sent)
    return "".join(piece if at % 2 else as_typed(piece) for at, piece in enumerate(pieces)).strip()


def _meant(refusal: UnknownMetric, question: Question, catalogue: Catalogue) -> Message | None:
    """Offer the line with the nearest metric in place of the unknown word, if it can be read then."""
    nearest, word = refusal.facts["nearest"], refusal.facts["typed"]
    metric = catalogue.of_code(str(nearest)) if nearest else None
    if metric is None or word is None:
        return None
    typed = question.typed.replace(str(word), within_sentence(metric.label), 1)
    try:
        understood = read_log(typed, catalogue, question.today)
    except InvalidInput:
        return None
    meant = " and ".join(in_words(entry, catalogue) for entry in understood.entries)
    return messages.did_you_mean(refusal, meant, replace(question, typed=typed))


# --- the form ---------------------------------------------------------------------------------------------


async def _open_form(asked: Asked, slack_id: str | None = None, note: str = "") -> None:
    async with asked.transaction() as tx:
        known = await asked.people(tx, *([slack_id] if slack_id else []))
        actor = known[asked.slack_id]
        whose = known[slack_id] if slack_id else actor
        leads = actor.is_manager or actor.is_admin
        if slack_id or not leads:
            rep_of(whose, actor)
        view = await _new_form(tx, actor, whose, note)
    await asked.open_form(view)


async def _new_form(tx: Transaction, actor: Person, whose: Person, note: str = "") -> Block:
    leads = actor.is_manager or actor.is_admin or whose is not actor
    form = LogForm(
        rep=whose.slack_id if whose.rep is not None else None,
        asks_whose=leads,
        metric=None,
        amount="",
        day=await _today(tx, whose),
        note=note,
    )
    return await _drawn(tx, form, actor)


async def _drawn(tx: Transaction, form: LogForm, actor: Person) -> Block:
    metrics = await queries.catalogue(tx.session)
    loggable = [metric for metric in metrics if metric.can_be_logged]
    return views.log_form(form, loggable, service.catalogue_of(metrics, actor))


async def _from_message(asked: Asked, payload: Block) -> None:
    """Open the form with a message as the note, for its author if it's a rep whom the person leads."""
    said = payload["message"]
    author = said.get("user")
    async with asked.transaction() as tx:
        actor = await asked.person(tx)
        found = await people.by_slack_id(tx.session, [author] if isinstance(author, str) else [])
        writer = found.get(author) if isinstance(author, str) else None
        is_theirs = writer is not None and writer.rep and actor.through(Door.FORM).leads(writer)
        whose = writer if writer and is_theirs else actor
        if not (actor.is_manager or actor.is_admin):
            rep_of(actor, actor)
        view = await _new_form(tx, actor, whose, as_typed(str(said.get("text") or "")).strip())
    await asked.open_form(view)


async def _submit(asked: Asked, view: Block) -> Message | Redrawn:
    """Log the form; a large amount is asked about first. Sent twice, the form counts once, by its id."""
    form = views.read_form(view)
    whose = form.rep or asked.slack_id
    async with asked.transaction() as tx:
        known = await asked.people(tx, whose, *form.shared_with)
        actor = known[asked.slack_id]
        catalogue = await _catalogue(tx, actor)
        entry = read_figure(form.amount, form.metric or "", form.day, catalogue, note=form.note)
        parts = _shared(form, [known[slack_id] for slack_id in (whose, *form.shared_with)], actor.locale)
        if asking := views.asking(form, entry, catalogue):
            return Redrawn(await _drawn(tx, asking, actor))
        today = await _today(tx, known[whose])
        return await _save(tx, actor, Door.FORM, [entry], parts, today, catalogue, view["id"])


def _shared(form: LogForm, reps: Sequence[Person], locale: str) -> list[Part]:
    if len(reps) == 1 and form.shares.strip():
        raise InvalidInput("Choose the reps who share this.", field=views.SHARED_WITH)
    if len({rep.user_id for rep in reps}) < len(reps):
        raise SharesAmiss("A rep is named twice. Give each rep one share.", field=SHARES)
    percents = read_percents(form.shares, len(reps), locale)
    return [Part(rep, percent) for rep, percent in zip(reps, percents, strict=True)]


# --- saving and answering -----------------------------------------------------------------------------------


async def _save(
    tx: Transaction,
    actor: Person,
    door: Door,
    entries: Sequence[LineEntry],
    parts: Sequence[Part],
    today: date,
    catalogue: Catalogue,
    key: str,
) -> Message:
    """Log the entries, and answer with the month of the person asking, or else of the first rep."""
    came = await flow.log_activity(tx.session, tx.now, actor, door, entries, parts, catalogue, key=key)
    own = next((part.rep for part in parts if part.rep.user_id == actor.user_id), None)
    shown = own or parts[0].rep
    last = max((entry.total_of.start if entry.total_of else entry.day) for entry in entries)
    metrics = [entry.metric for entry in entries]
    name = None if own else shown.name
    so_far = await _so_far(tx, rep_of(shown, actor), name, last, metrics, catalogue)
    return messages.logged(entries, parts, came, today, so_far, catalogue)


async def _so_far(
    tx: Transaction,
    rep_id: RepId,
    name: str | None,
    day: date,
    metrics: Sequence[str],
    catalogue: Catalogue,
) -> MonthSoFar:
    """The month of that day: goals and pace, and the totals of the metrics that goals are not about."""
    month = Period.containing(day, Kind.MONTH)
    found = await standing.month(tx.session, rep_id, month)
    of_goals = () if found is None else (SIGNUPS, REVENUE)
    others = list(dict.fromkeys(metric for metric in metrics if metric not in of_goals))
    figures = await queries.figures(tx.session, others, month, Whose(rep_id)) if others else {}
    totals = {metric: figures.get(metric) or Decimal(0) for metric in others}
    today = found.today if found else await queries.today(tx.session, rep_id)
    return MonthSoFar(name, month, today, found, totals, catalogue)


async def _catalogue(tx: Transaction, reader: Person, *, switched_off: bool = False) -> Catalogue:
    metrics = await queries.catalogue(tx.session)
    return service.catalogue_of(metrics, reader, switched_off=switched_off)


async def _today(tx: Transaction, person: Person) -> date:
    """The date that "today" means for this person: that of the rep's month, if they have numbers."""
    if person.rep is None:
        return local_date(tx.now, person.zone)
    return await queries.today(tx.session, person.rep.id)


# --- undoing and correcting ---------------------------------------------------------------------------------


async def _undo(asked: Asked, action: Block, payload: Block) -> Message | None:
    """Take the entries back; after ten minutes open the form that corrects them instead."""
    ids = _ids(action)
    async with asked.transaction() as tx:
        actor = await asked.person(tx)
        states = await service.correctable(tx.session, actor, ids)
        late = any(state.amount and tx.now - state.entered_at > UNDO_WITHIN for state in states)
        if not late:
            await flow.undo_activity(tx.session, tx.now, actor.through(Door.COMMAND), ids)
            return messages.taken_back(states, await _of_states(tx, actor, states))
        form = views.correction_form(states, _TOO_LATE)
    await _show(asked, payload, form)
    return None


async def _open_correction(asked: Asked, action: Block, payload: Block) -> None:
    async with asked.transaction() as tx:
        actor = await asked.person(tx)
        form = views.correction_form(await service.correctable(tx.session, actor, _ids(action)))
    await _show(asked, payload, form)


async def _show(asked: Asked, payload: Block, form: Block) -> None:
    """Open the form; on top of the window in which its button stands, if it stands in one."""
    if payload.get("view"):
        await asked.push_form(form)
    else:
        await asked.open_form(form)


async def _correct(asked: Asked, view: Block) -> Message:
    submitted = views.read_correction(view)
    async with asked.transaction() as tx:
        actor = await asked.person(tx)
        states = await service.correctable(tx.session, actor, list(submitted.typed))
        catalogue = await _catalogue(tx, actor, switched_off=True)
        now = {state.id: _amount(submitted.typed[state.id], state, catalogue) for state in states}
        through = actor.through(Door.FORM)
        for entry_id, amount in now.items():
            seen, reason = submitted.seen[entry_id], submitted.reason
            await flow.correct_activity(tx.session, tx.now, through, entry_id, amount, reason, seen=seen)
        return messages.corrected_here(states, now, await _of_states(tx, actor, states))


def _amount(typed: str, state: EntryState, catalogue: Catalogue) -> Decimal:
    """The amount typed for one entry; a refusal is shown beside this entry's input."""
    try:
        return read_figure(typed, state.metric, state.occurred_on, catalogue, may_be_zero=True).amount
    except InvalidInput as refusal:
        field = views.amount_field(state.id) if refusal.field == AMOUNT else refusal.field or AMOUNT
        raise Mistakes({field: refusal.message}) from refusal


async def _of_states(tx: Transaction, actor: Person, states: Sequence[EntryState]) -> MonthSoFar:
    """The month of the person asking among these entries, or else of the first rep."""
    own = next((state for state in states if state.rep_user_id == actor.user_id), None)
    shown = own or states[0]
    name = None if own else shown.rep_name
    metrics = [state.metric for state in states]
    catalogue = await _catalogue(tx, actor, switched_off=True)
    return await _so_far(tx, shown.sales_rep_id, name, shown.occurred_on, metrics, catalogue)


def _ids(action: Block) -> list[EntryId]:
    return [EntryId(int(entry_id)) for entry_id in action["value"].split(",")]


COMMAND = Command(
    "log",
    _log,
    (
        Usage("/goals log", "opens the form for logging a number"),
        Usage(
            "/goals log 2 signups", "logs it at once; or `$5,000 Acme renewal`, `3 calls yesterday`", For.REPS
        ),
        Usage("/goals log $10k Acme @ana 60 @ben 40", "shares a deal among reps", For.REPS),
        Usage("/goals log @rep 2 signups", "logs for somebody you lead", For.LEADS),
    ),
    label="Log a number",
    form=_open_filled_in,
    example="log 2 signups",
)
ACTIONS: dict[str, ActionHandler] = {
    messages.CONFIRM: _confirm,
    messages.UNDO: _undo,
    CORRECT_ENTRY: _open_correction,
}
FORMS: dict[str, FormHandler] = {views.SUBMIT: _submit, views.CORRECT: _correct}
SHORTCUTS: dict[str, ShortcutHandler] = {FROM_MESSAGE: _from_message}
