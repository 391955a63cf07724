"""Numbers as people log them: a line or a form, for one rep or shared among several; and telling the reps."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from itertools import groupby

from sqlalchemy.ext.asyncio import AsyncSession

from domain.activity import correcting, queries
from domain.activity.catalogue import Catalogue, LineUnit, Loggable
from domain.activity.correcting import Figure
from domain.activity.line import LineEntry
from domain.activity.model import EntryId, MetricKind, Unit
from domain.activity.queries import EntryState, MetricRow
from domain.activity.recording import Entry, Outcome, Recorded, record
from domain.activity.rules import REP, split
from domain.errors import CarriesNoGoals, InvalidInput, NoSuchRep, NotAllowed, OnNoTeam
from domain.outbox import service as outbox
from domain.outbox.service import Saying, Topic, to_user
from domain.people import queries as people
from domain.people.model import Door, RepId, UserId
from domain.people.rules import ON_NO_TEAM, Actor, Person

LOGGED = "activity.logged"
"""Kind of message: somebody else logged numbers for the rep. Facts: entry_ids."""
CORRECTED = "activity.corrected"
"""Kind of message: somebody else corrected the rep's entry. Facts: entry_id, the entry that was corrected."""


class HasNoNumbers(CarriesNoGoals):
    """Somebody who leads reps logs numbers without saying for whom, and has none of their own."""

    code = "has_no_numbers"


@dataclass(frozen=True, slots=True)
class Part:
    """One rep's share of what is logged, in percent."""

    rep: Person
    percent: Decimal | Fraction = Decimal(100)


@dataclass(frozen=True, slots=True)
class Logged:
    """What came of logging."""

    entry_ids: tuple[EntryId, ...]
    """The entries; none where a total was so already."""
    gained: Mapping[str, Decimal]
    """How much each total has grown, by its metric."""


def rep_of(person: Person, actor: Person) -> RepId:
    """Return the rep in a person for whom numbers are to be logged; they may have left.

    Raises:
        HasNoNumbers: somebody who leads reps means themself and is none.
        OnNoTeam: anybody else means themself and is none.
        NoSuchRep: the person named is none.
    """
    if person.rep is not None:
        return person.rep.id
    if person.user_id != actor.user_id:
        raise NoSuchRep(
            f"{person.name} isn't on a sales team, so there's nothing to log for them. "
            "Their manager or an admin can add them.",
            field=REP,
            rep=person.name,
        )
    if actor.is_manager or actor.is_admin:
        raise HasNoNumbers("You don't have numbers of your own. Whose would you like to log?", field=REP)
    raise OnNoTeam(ON_NO_TEAM, field=REP)


def catalogue_of(metrics: Sequence[MetricRow], reader: Person, *, switched_off: bool = False) -> Catalogue:
    """Return the metrics as lines and forms know them, in the workspace's own format.

    Those that are switched off are left out unless `switched_off` asks for them.
    """
    labels = {metric.code: metric.label for metric in metrics}
    shown = [metric for metric in metrics if metric.is_on or switched_off]
    return Catalogue([_loggable(metric, labels) for metric in shown], reader.locale, reader.currency)


def _loggable(metric: MetricRow, labels: Mapping[str, str]) -> Loggable:
    unit = LineUnit.COUNT if metric.unit is Unit.COUNT else LineUnit.MONEY
    parts = dict.fromkeys((*metric.numerator, *metric.denominator))
    sums = tuple(labels[code] for code in parts) if metric.kind is MetricKind.QUOTIENT else ()
    return Loggable(metric.code, metric.label, unit, sums)


async def log(
    session: AsyncSession,
    now: datetime,
    actor: Person,
    door: Door,
    entries: Sequence[LineEntry],
    parts: Sequence[Part],
    metrics: Catalogue,
    *,
    key: str,
) -> Logged:
    """Log what a line or a form means: all of it, or nothing. Reps for whom somebody else logs are told.

    `key` is the idempotency key: the same again counts once, and with other amounts it takes the place of
    what was logged first.

    Raises:
        Refusal: the first of the ledger's reasons against it; the caller rolls back.
    """
    through, reps = actor.through(door), [rep_of(part.rep, actor) for part in parts]
    given = _shared(entries, parts, reps, metrics, key)
    written = await record(
        session, now, through, given, currency=actor.currency, sharing=reps if len(reps) > 1 else ()
    )
    _check_all(written)
    totals = [entry for entry in entries if entry.total_of is not None]
    became = await _set_totals(session, now, through, actor.currency, reps[0], totals)
    new = [each for each in (*written, *became.values()) if each and each.outcome is not Outcome.UNCHANGED]
    ids = tuple(each.entry_id for each in (*written, *became.values()) if each and each.entry_id is not None)
    if new:
        await _tell_of(session, actor.user_id, ids)
    return Logged(ids, await _gained(session, became))


def _shared(
    entries: Sequence[LineEntry],
    parts: Sequence[Part],
    reps: Sequence[RepId],
    metrics: Catalogue,
    key: str,
) -> list[Entry]:
    """Return the ledger's entries; each has an identity of its own, made from the key."""
    given = []
    for number, entry in enumerate(entries):
        if entry.total_of is not None:
            continue
        metric = metrics.of_code(entry.metric)
        whole = metric is None or metric.unit is LineUnit.COUNT
        amounts = split(entry.amount, [part.percent for part in parts], whole=whole)
        identity = f"{key}:{number}"
        given += [
            Entry(rep, entry.metric, amount, entry.day, external_id=identity, note=entry.note)
            for rep, amount in zip(reps, amounts, strict=True)
            if amount
        ]
    return given


async def _set_totals(
    session: AsyncSession,
    now: datetime,
    actor: Actor,
    currency: str,
    rep: RepId,
    totals: Sequence[LineEntry],
) -> dict[str, Recorded | None]:
    figures = [
        Figure(rep, entry.metric, entry.total_of, entry.amount, note=entry.note)
        for entry in totals
        if entry.total_of is not None
    ]
    became = await correcting.set_totals(session, now, actor, figures, typed_in=currency)
    _check_all([each for each in became if each is not None])
    return {figure.metric: each for figure, each in zip(figures, became, strict=True)}


async def _gained(session: AsyncSession, became: Mapping[str, Recorded | None]) -> dict[str, Decimal]:
    ids = [each.entry_id for each in became.values() if each and each.entry_id is not None]
    found = {state.metric: state.logged for state in await queries.states(session, ids)} if ids else {}
    return {metric: found.get(metric, Decimal(0)) for metric in became}


def _check_all(recorded: Sequence[Recorded]) -> None:
    for each in recorded:
        if each.refusal is not None:
            raise each.refusal


async def undo(
    session: AsyncSession, now: datetime, actor: Actor, entry_ids: Sequence[EntryId]
) -> list[EntryId]:
    """Take entries back (`correcting.undo`), and tell the reps whose entries somebody else took back."""
    written = await correcting.undo(session, now, actor, entry_ids)
    if written:
        await _tell_of(session, actor.user_id, entry_ids)
    return written


async def correct(
    session: AsyncSession,
    now: datetime,
    actor: Actor,
    entry_id: EntryId,
    to: Decimal,
    reason: str,
    *,
    seen: Decimal | None = None,
) -> EntryId | None:
    """Correct an entry (`correcting.correct`), and tell the rep if somebody else did."""
    correction = await correcting.correct(session, now, actor, entry_id, to, reason, seen=seen)
    [state] = await queries.states(session, [entry_id]) if correction is not None else [None]
    if state is not None and state.rep_user_id != actor.user_id:
        topic = Topic("activity.correction", state.sales_rep_id, part=str(correction))
        saying = Saying(CORRECTED, to_user(state.rep_user_id), topic, {"entry_id": state.id})
        await outbox.post(session, saying)
    return correction


async def correctable(session: AsyncSession, actor: Person, ids: Sequence[EntryId]) -> list[EntryState]:
    """Return entries that the actor is about to correct, as they count now.

    Raises:
        InvalidInput: there is no such entry.
        NotAllowed: the actor neither logged it nor leads the rep.
    """
    found = await queries.states(session, ids)
    if not found:
        raise InvalidInput("I don't know this entry.", field=correcting.ENTRY)
    for state in found:
        rep = await people.by_rep(session, state.sales_rep_id)
        leads = rep is not None and actor.through(Door.FORM).leads(rep)
        if state.entered_by != actor.user_id and not leads:
            raise NotAllowed(
                f"Only the person who logged this, {state.rep_name}'s manager or an admin can change it."
            )
    return found


async def _tell_of(session: AsyncSession, by: UserId, entry_ids: Sequence[EntryId]) -> None:
    """Tell each rep what somebody else logged for them, or that it was taken back: one message a rep."""
    states = sorted(await queries.states(session, entry_ids), key=_rep_user)
    for user_id, found in groupby(states, key=_rep_user):
        theirs = list(found)
        if user_id != by:
            topic = Topic("activity", theirs[0].sales_rep_id, part=str(theirs[0].id))
            facts = {"entry_ids": [state.id for state in theirs]}
            await outbox.tell(session, Saying(LOGGED, to_user(user_id), topic, facts))


def _rep_user(state: EntryState) -> UserId:
    return state.rep_user_id
