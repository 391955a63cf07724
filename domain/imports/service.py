"""Importing a file of numbers: staged, checked as a whole, and only then written, all of it or nothing."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import BinaryIO

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from domain.activity import recording
from domain.activity.correcting import hold_figures
from domain.activity.model import EntryKind
from domain.activity.recording import Outcome, Tally, Terms
from domain.activity.rules import REP, Reason
from domain.csv_files import BadFile, Problem
from domain.errors import InvalidInput, NotAllowed, quoted
from domain.imports import queries, staging
from domain.imports.backfilling import hold_missing_months, make_missing_months
from domain.imports.columns import Field, plain, target_of, unknown_target
from domain.imports.model import DEFAULT_SOURCE
from domain.imports.reading import Format, Reading
from domain.imports.staging import Contradiction
from domain.people.model import Door, Role
from domain.people.rules import Actor

SOURCE, MAP = "source", "map"
"""Names of the inputs that a refusal can be about."""
_NAME = re.compile(r"[a-z][a-z0-9_-]{0,39}")
_OURS = ("people", "sql")
_KEEP = text("""
INSERT INTO import_sources (name, mapping) VALUES (:source, CAST(:mapping AS jsonb))
ON CONFLICT (workspace_id, name) DO UPDATE SET mapping = excluded.mapping
 WHERE import_sources.mapping <> excluded.mapping
""")


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """What to do with a file."""

    source: str | None = None
    """None: the source that the file's columns fit."""
    mapping: Mapping[str, str] = field(default_factory=dict)
    """Columns and the field or metric that each of them is; the source keeps it."""
    update: bool = False
    """Take known entries with another amount or day for amendments."""
    backfill: bool = False
    """Fill past months that Goalkeeper doesn't have."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What became, or would become, of a file."""

    source: str
    rows: int
    new: int
    changed: int
    unchanged: int
    totals: bool
    """True if the figures were totals of periods."""
    ignored: tuple[str, ...]
    """Columns that nothing was read from."""


async def preview(
    session: AsyncSession,
    now: datetime,
    actor: Actor | None,
    file: BinaryIO,
    wanted: ImportOptions,
    read: Callable[[], None] = lambda: None,
) -> Imported:
    """Return what importing the file would do; takes no locks.

    `actor` is None for an operator at the terminal. `read` is called after each piece of the file.

    Raises:
        BadFile: with the mistakes of the file, by line.
        Refusal: the person may not import, or a mapping names what isn't there.
    """
    staged = await _stage(session, now, actor, file, wanted, read)
    return staged.told(await _checked(session, staged))


async def take_in(
    session: AsyncSession,
    now: datetime,
    actor: Actor | None,
    file: BinaryIO,
    wanted: ImportOptions,
    read: Callable[[], None] = lambda: None,
) -> Imported:
    """Import the file, all of it; raises as `preview` does, and nothing is written then.

    Nobody waits for it while it is staged and checked: locks are taken last.
    """
    staged = await _stage(session, now, actor, file, wanted, read)
    tally = await _checked(session, staged)
    if any(tally.counts.get(outcome) for outcome in (Outcome.RECORDED, Outcome.AMENDED)):
        tally = await _written(session, staged)
    if tally.refused:
        # Something has changed since it was checked, such as a month that was closed.
        raise BadFile(await _sentences(session, staged, tally))
    await _keep(session, staged)
    return staged.told(tally)


@dataclass(frozen=True, slots=True)
class _Staged:
    source: str
    mapping: Mapping[str, str]
    terms: Terms
    reading: Reading

    @property
    def totals(self) -> bool:
        return bool(self.reading.totals)

    def told(self, tally: Tally) -> Imported:
        new, changed = (tally.counts.get(each, 0) for each in (Outcome.RECORDED, Outcome.AMENDED))
        figures = self.reading.figures
        return Imported(
            self.source, self.reading.rows, new, changed, figures - new - changed, self.totals,
            self.reading.layout.ignored,
        )  # fmt: skip


async def _stage(
    session: AsyncSession,
    now: datetime,
    actor: Actor | None,
    file: BinaryIO,
    wanted: ImportOptions,
    read: Callable[[], None],
) -> _Staged:
    if actor is not None and actor.role is not Role.ADMIN:
        raise NotAllowed("Only admins can import numbers. Ask one of them to do it.")
    form = await queries.form(session, now)
    known = await queries.sources(session)
    source = _source(wanted.source, known, wanted.mapping, file)
    kept = known[source].mapping if source in known else {}
    mapping = {**kept, **_mapping(wanted.mapping, form)}
    reading = Reading(file, form, mapping)
    await staging.fill(session, reading, read)
    await staging.resolve(session)
    kind = EntryKind.ABSOLUTE if reading.totals else EntryKind.ENTRY
    by = actor.user_id if actor else None
    terms = Terms(by, Door.IMPORT, kind, form.currency, wanted.update, wanted.backfill)
    return _Staged(source, mapping, terms, reading)


def _source(
    typed: str | None, known: Mapping[str, queries.Source], mapping: Mapping[str, str], file: BinaryIO
) -> str:
    if typed is None:
        return DEFAULT_SOURCE if mapping else _fitting(known, file)
    name = typed.strip().casefold()
    if not _NAME.fullmatch(name) or name in _OURS:
        raise InvalidInput(
            f"{quoted(typed)} can't be the name of a source. Use letters, digits and hyphens, like hubspot.",
            field=SOURCE,
        )
    return name


def _fitting(known: Mapping[str, queries.Source], file: BinaryIO) -> str:
    """Return the source whose mapped columns the file has; the one with most of them, if several fit."""
    header = Reading.header_of(file)
    fitting = [
        source
        for source in known.values()
        if source.mapping and {plain(column) for column in source.mapping} <= header
    ]
    best = max(fitting, key=lambda source: len(source.mapping), default=None)
    return best.name if best else DEFAULT_SOURCE


def _mapping(typed: Mapping[str, str], form: Format) -> dict[str, str]:
    mapping = {}
    for column, target in typed.items():
        found = target_of(target, form.metrics)
        if found is None:
            raise InvalidInput(unknown_target(target, form.metrics), field=MAP)
        mapping[plain(column)] = found
    return mapping


async def _checked(session: AsyncSession, staged: _Staged) -> Tally:
    await staging.make_entries(session, staged.source, totals=staged.totals)
    tally = await recording.check_staged(session, staged.terms)
    problems = [
        *staged.reading.problems,
        *(_contradicted(staged, each) for each in await staging.contradictions(session)),
        *await _sentences(session, staged, tally),
    ]
    if problems:
        raise BadFile(problems)
    return tally


async def _written(session: AsyncSession, staged: _Staged) -> Tally:
    if staged.totals:
        await hold_figures(session, None)
        await staging.make_entries(session, staged.source, totals=True)
    await recording.hold_source(session, staged.source)
    if staged.terms.backfill:
        await hold_missing_months(session)
    tally = await recording.write_staged(session, staged.terms)
    if staged.terms.backfill and not tally.refused:
        await make_missing_months(session)
    return tally


async def _sentences(session: AsyncSession, staged: _Staged, tally: Tally) -> list[Problem]:
    if not tally.refused:
        return []
    about = await staging.about(session, [number for number, _ in tally.refused])
    worded = await recording.worded(
        session, {number: (about[number], reason) for number, reason in tally.refused}
    )
    layout = staged.reading.layout
    problems = []
    for number, reason in tally.refused:
        row, refusal = about[number], worded[number]
        message = refusal.message
        if reason is Reason.NO_REP:
            message = f"I don't know a rep {quoted(row.rep)}. Use their email or Slack id."
        name = Field.REP if refusal.field == REP else refusal.field
        if staged.totals and name == Field.DAY:
            name = Field.PERIOD
        problems.append(Problem(row.line, layout.column(name, layout.values[row.value]), message))
    return problems


def _contradicted(staged: _Staged, each: Contradiction) -> Problem:
    column = staged.reading.layout.column
    match each.what:
        case "shares":
            message = f"the shares of {quoted(each.external_id or '')} add up to {each.said}, not to 100"
            return Problem(each.line, column(Field.SHARE), message)
        case "deal":
            deal = quoted(each.external_id or "")
            message = f"the rows that share {deal} differ in amount or day, or name a rep twice"
            return Problem(each.line, column(Field.EXTERNAL_ID), message)
        case "twice":
            message = f"{quoted(each.external_id or '')} is on line {each.said} with another amount or day"
            return Problem(each.line, column(Field.EXTERNAL_ID), message)
        case _:
            message = f"overlaps with the period on line {each.said}, so both totals can't be set at once"
            return Problem(each.line, column(Field.PERIOD), message)


async def _keep(session: AsyncSession, staged: _Staged) -> None:
    """Keep the source with its mapping, for the next file."""
    await session.execute(_KEEP, {"source": staged.source, "mapping": json.dumps(dict(staged.mapping))})
