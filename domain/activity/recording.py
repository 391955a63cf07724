"""Recording entries: one entry and a hundred thousand take the same few statements."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Protocol

from sqlalchemy import Result, Row
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from domain.activity import queries, statements
from domain.activity.model import PEOPLE, EntryId, EntryKind
from domain.activity.rules import DAY, Reason, Refused, nearest, refusal
from domain.errors import MonthClosed, Refusal
from domain.people.model import Door, RepId, UserId
from domain.people.rules import Actor

_RESTRICTED = "23001"
"""Postgres: restrict_violation, as the triggers of frozen months raise it."""
MANY = 1_000
"""Up to so many entries travel as one JSON parameter; more are copied into a temporary table."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that happened, as a person or another system reports it."""

    sales_rep_id: RepId
    metric: str
    amount: Decimal
    day: date | None = None
    """The rep's local day; None is their today."""
    source: str = PEOPLE
    external_id: str | None = None
    """The source's id for it. The same id, rep and metric again counts once."""
    note: str | None = None


class Outcome(StrEnum):
    """What recording an entry has done."""

    RECORDED = "recorded"
    UNCHANGED = "unchanged"
    """It was known as it is, or a later entry of the batch replaces it."""
    AMENDED = "amended"
    """It was known with another amount or day, and compensating entries were written."""
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Recorded:
    """What became of one entry of a batch."""

    line: int
    """Which one, counted from 0."""
    outcome: Outcome
    entry_id: EntryId | None = None
    """The original entry: the new one, or the one that was known."""
    refusal: Refusal | None = None


@dataclass(frozen=True, slots=True)
class Terms:
    """On what terms a batch is taken in."""

    actor_id: UserId | None
    """None: an operator at the terminal, who may do what an admin may."""
    door: Door
    kind: EntryKind = EntryKind.ENTRY
    currency: str | None = None
    """The one that amounts were typed in, where known."""
    amend: bool = True
    """Take what is known with another amount or day for an amendment, instead of refusing it."""
    backfill: bool = False
    """Take days of past months that aren't there yet, and no others."""
    sharing: Collection[RepId] = ()
    """Reps who share the deal: any of them may log what the others gain by it."""

    @property
    def values(self) -> dict[str, Any]:
        """The parameters of the statements."""
        return {
            "actor": self.actor_id,
            "door": self.door.value,
            "kind": self.kind.value,
            "currency": self.currency,
            "amend": self.amend,
            "backfill": self.backfill,
            "sharing": list(self.sharing),
        }


@dataclass(frozen=True, slots=True)
class Tally:
    """What became, or would become, of the entries that were staged."""

    counts: Mapping[Outcome, int]
    refused: Sequence[tuple[int, Reason]]
    """The first lines that are refused, in order, and why."""


async def stage(session: AsyncSession) -> None:
    """Make the temporary table `given_entries`, empty; its entries are for `check_staged`, `write_staged`."""
    for statement in (statements.TABLE, statements.EMPTY, statements.ROOM):
        await session.execute(statement)


async def check_staged(session: AsyncSession, terms: Terms) -> Tally:
    """Return what would become of the staged entries; takes no locks and writes nothing."""
    await session.execute(statements.ANALYZE)
    return _tally(await session.execute(statements.CHECKED, terms.values))


async def hold_source(session: AsyncSession, source: str) -> None:
    """Have other deliveries of this source wait until the transaction ends; before `write_staged`."""
    await session.execute(statements.HOLD, {"whole": True, "sources": [source], "identities": []})


async def write_staged(session: AsyncSession, terms: Terms) -> Tally:
    """Write the staged entries as `record` does; a caller that wants all or nothing raises."""
    return _tally(await _closed_in_words(session.execute(statements.STAGED, terms.values)))


def _tally(rows: Iterable[Row[Any]]) -> Tally:
    counts: dict[Outcome, int] = {}
    refused: list[tuple[int, Reason]] = []
    for row in rows:
        outcome = Outcome(row.outcome)
        counts[outcome] = counts.get(outcome, 0) + row.entries
        refused += [(line, Reason(row.refusal)) for line in row.lines or ()]
    return Tally(counts, sorted(refused)[: statements.REFUSALS_MAX])


async def record(
    session: AsyncSession,
    now: datetime,
    actor: Actor,
    entries: Sequence[Entry],
    *,
    currency: str | None = None,
    kind: EntryKind = EntryKind.ENTRY,
    sharing: Collection[RepId] = (),
) -> list[Recorded]:
    """Write entries, and move totals, months and years with them; return what became of each, in order.

    A fixed number of statements, however many entries. What is refused isn't written, and the rest is: a
    caller that wants all or nothing raises. `currency` is the one that amounts were typed in, where known.
    `sharing` are the reps who share the deal: any of them may log what the others gain by it.
    """
    if not entries:
        return []
    await _hold(session, entries)
    terms = Terms(actor.user_id, actor.door, kind, currency, sharing=sharing)
    return await _told(session, entries, await _written(session, entries, terms.values))


async def _written(
    session: AsyncSession, entries: Sequence[Entry], values: dict[str, Any]
) -> Sequence[Row[Any]]:
    if len(entries) <= MANY:
        rows = [dict(zip(statements.COLUMNS.split(", "), row, strict=True)) for row in _rows(entries)]
        given = {**values, "rows": json.dumps(rows)}
        return (await _closed_in_words(session.execute(statements.FEW, given))).all()
    await _copy(session, entries)
    return (await _closed_in_words(session.execute(statements.LOTS, values))).all()


async def _closed_in_words(writing: Awaitable[Result[Any]]) -> Result[Any]:
    try:
        return await writing
    except IntegrityError as error:
        # A month was closed after it was looked at and before its row was held.
        if getattr(error.orig, "sqlstate", None) == _RESTRICTED:
            raise MonthClosed("That month has just been closed, so nothing was saved.", field=DAY) from error
        raise


async def _hold(session: AsyncSession, entries: Sequence[Entry]) -> None:
    outside = [entry for entry in entries if entry.external_id is not None]
    whole = len(outside) > MANY
    identities = set() if whole else {f"{entry.source}:{entry.external_id}" for entry in outside}
    sources = {entry.source for entry in outside}
    await session.execute(
        statements.HOLD, {"whole": whole, "sources": list(sources), "identities": list(identities)}
    )


def _rows(entries: Sequence[Entry]) -> Iterable[tuple[Any, ...]]:
    for line, entry in enumerate(entries):
        day = None if entry.day is None else entry.day.isoformat()
        yield (
            line,
            entry.sales_rep_id,
            entry.metric,
            str(entry.amount),
            day,
            entry.source,
            entry.external_id,
            entry.note,
        )


async def _copy(session: AsyncSession, entries: Sequence[Entry]) -> None:
    """Copy the entries into a temporary table; it is analyzed, since the planner would take it for small."""
    await stage(session)
    async with copying(session, f"given_entries ({statements.COLUMNS})") as write:
        await write(_rows(entries))
    await session.execute(statements.ANALYZE)


Write = Callable[[Iterable[Sequence[Any]]], Awaitable[None]]


@asynccontextmanager
async def copying(session: AsyncSession, target: str) -> AsyncIterator[Write]:
    """COPY into a table while the block lasts; yields what takes the rows, several at a time."""
    connection = await (await session.connection()).get_raw_connection()
    driver = connection.driver_connection
    assert driver is not None
    async with driver.cursor() as cursor, cursor.copy(f"COPY {target} FROM STDIN") as copy:

        async def write(rows: Iterable[Sequence[Any]]) -> None:
            await copy.write("".join("\t".join(map(_field, row)) + "\n" for row in rows))

        yield write


_ESCAPED = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})


def _field(value: Any) -> str:
    if value is None:
        return r"\N"
    return value.translate(_ESCAPED) if isinstance(value, str) else str(value)


async def _told(session: AsyncSession, entries: Sequence[Entry], found: Sequence[Row[Any]]) -> list[Recorded]:
    """Turn the rows into outcomes, and what was refused into sentences; two statements more if any was."""
    refused = [row for row in found if row.refusal is not None]
    reasons: dict[int, Refusal] = {}
    if refused:
        reasons = await _reasons(session, entries, refused)
    return [Recorded(row.line, Outcome(row.outcome), row.entry_id, reasons.get(row.line)) for row in found]


async def _reasons(
    session: AsyncSession, entries: Sequence[Entry], refused: Sequence[Row[Any]]
) -> dict[int, Refusal]:
    return await worded(session, {row.line: (entries[row.line], Reason(row.refusal)) for row in refused})


class Facts(Protocol):
    """What a sentence about a refused entry needs of it."""

    @property
    def sales_rep_id(self) -> RepId | None:
        """The rep."""

    @property
    def metric(self) -> str:
        """The metric as it was given."""

    @property
    def day(self) -> date | None:
        """The day."""


async def worded(session: AsyncSession, refused: Mapping[int, tuple[Facts, Reason]]) -> dict[int, Refusal]:
    """Return the refusals in sentences, by line; two statements."""
    catalogue = {metric.code: metric for metric in await queries.catalogue(session)}
    rep_ids = {entry.sales_rep_id for entry, _ in refused.values() if entry.sales_rep_id is not None}
    names = await queries.rep_names(session, rep_ids)
    offered = [metric.label for metric in catalogue.values() if metric.can_be_logged]
    reasons = {}
    for line, (entry, reason) in refused.items():
        metric = catalogue.get(entry.metric)
        why = Refused(
            reason,
            entry.metric,
            metric.label if metric else None,
            names.get(entry.sales_rep_id) if entry.sales_rep_id is not None else None,
            entry.day,
            metric.feeder if metric else None,
            metric.fed_on if metric else None,
            offered,
            nearest(entry.metric, offered),
        )
        reasons[line] = refusal(why)
    return reasons
