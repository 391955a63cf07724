"""Recording entries: one entry and a hundred thousand take the same few statements."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Protocol

from sqlalchemy import Result, Row, TextClause, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from domain.activity import queries
from domain.activity.model import PEOPLE, EntryId, EntryKind
from domain.activity.rules import DAY, Reason, Refused, nearest, refusal
from domain.errors import MonthOver, Refusal
from domain.people.model import Door, RepId, UserId
from domain.people.rules import Actor

_RESTRICTED = "23001"
"""Postgres: restrict_violation, as the triggers of frozen months raise it."""
MANY = 1_000
"""Up to so many entries travel as one JSON parameter; more are copied into a temporary table."""
REFUSALS_MAX = 1_000
"""How many of the entries that a large batch is refused for are told."""


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


# Deliveries of one source wait for each other where they may carry the same identities: a large one holds the
# whole source, a small one only its own identities. The currency stays what it is until the transaction ends.
_HOLD = text("""
SELECT goalkeeper_hold_currency()
UNION ALL
SELECT CASE WHEN :whole THEN pg_advisory_xact_lock(key)::text ELSE pg_advisory_xact_lock_shared(key)::text END
  FROM (SELECT DISTINCT hashtextextended('goalkeeper.source:' || source, goalkeeper_workspace()) AS key
          FROM unnest(CAST(:sources AS text[])) AS s (source) ORDER BY 1) AS sources
UNION ALL
SELECT pg_advisory_xact_lock(key)::text
  FROM (SELECT DISTINCT hashtextextended('goalkeeper.entry:' || identity, goalkeeper_workspace()) AS key
          FROM unnest(CAST(:identities AS text[])) AS i (identity) ORDER BY 1) AS identities
""")

_COLUMNS = "line, sales_rep_id, metric, amount, day, source, external_id, note"
_TYPES = (
    "line int, sales_rep_id bigint, metric text, amount numeric, day date, source text, "
    "external_id text, note text"
)
_TABLE = text(f"CREATE TEMPORARY TABLE IF NOT EXISTS given_entries ({_TYPES}) ON COMMIT DROP")
_EMPTY = text("TRUNCATE given_entries")
_ANALYZE = text("ANALYZE given_entries")
# Sorts and hashes of a large batch stay in memory; without it they go through files.
_ROOM = text("SELECT set_config('work_mem', '64MB', true), set_config('jit', 'off', true)")

# What is asked, step by step: the reps and their today; each day's stint, team and month; which entries are
# known; why one is refused; which of those with one identity is the last; and, day by day, the difference of
# what its source says now to what it said so far. A day whose month is frozen is amended on the rep's today.
# No step joins two of the others that may be large: the planner takes them for a row each, and would loop.
_JUDGED = """
WITH given AS MATERIALIZED (SELECT {columns} FROM {given}),
reps AS MATERIALIZED (
    SELECT r.workspace_id, r.id, w.currency,
           (clock.now AT TIME ZONE coalesce(
               (SELECT m.time_zone FROM rep_monthly_goals m
                 WHERE m.workspace_id = r.workspace_id AND m.sales_rep_id = r.id
                   AND m.starts_at <= clock.now AND clock.now < m.ends_at LIMIT 1),
               u.time_zone, w.time_zone))::date AS today,
           CAST(:actor AS bigint) IS NULL OR r.user_id = :actor
           OR EXISTS (SELECT FROM users a WHERE a.id = :actor AND a.role = 'admin' AND a.is_active)
           OR EXISTS (SELECT FROM team_memberships tm
                        JOIN teams t ON t.workspace_id = tm.workspace_id AND t.id = tm.team_id
                       WHERE tm.workspace_id = r.workspace_id AND tm.sales_rep_id = r.id
                         AND tm.ended_on IS NULL AND t.manager_id = :actor) AS allowed
      FROM (SELECT goalkeeper_now() AS now OFFSET 0) AS clock
      CROSS JOIN (SELECT DISTINCT sales_rep_id FROM given) AS g
      JOIN sales_reps r ON r.id = g.sales_rep_id
      JOIN users u ON u.workspace_id = r.workspace_id AND u.id = r.user_id
      JOIN workspaces w ON w.id = r.workspace_id
),
days AS MATERIALIZED (
    SELECT d.*,
           EXISTS (SELECT FROM rep_stints s
                    WHERE s.workspace_id = d.workspace_id AND s.sales_rep_id = d.sales_rep_id
                      AND s.started_on <= d.day AND (s.ended_on IS NULL OR s.ended_on > d.day)) AS carried,
           EXISTS (SELECT FROM rep_monthly_goals m
                    WHERE m.workspace_id = d.workspace_id AND m.sales_rep_id = d.sales_rep_id
                      AND m.goal_year + 0 = extract(year FROM d.day)
                      AND m.goal_month + 0 = extract(month FROM d.day)
                      AND m.frozen_at IS NOT NULL) AS frozen,
           :backfill AND (d.day >= date_trunc('month', d.today)
           OR EXISTS (SELECT FROM rep_monthly_goals m
                       WHERE m.workspace_id = d.workspace_id AND m.sales_rep_id = d.sales_rep_id
                         AND m.goal_year + 0 = extract(year FROM d.day)
                         AND m.goal_month + 0 = extract(month FROM d.day))) AS month_exists,
           (SELECT tm.team_id FROM team_memberships tm
             WHERE tm.workspace_id = d.workspace_id AND tm.sales_rep_id = d.sales_rep_id
               AND tm.started_on <= d.day AND (tm.ended_on IS NULL OR tm.ended_on > d.day)
             ORDER BY tm.started_on DESC, tm.id DESC LIMIT 1) AS team_id
      FROM (SELECT DISTINCT r.workspace_id, r.id AS sales_rep_id, r.today, coalesce(g.day, r.today) AS day
              FROM given g JOIN reps r ON r.id = g.sales_rep_id) AS d
),
found AS MATERIALIZED (
    SELECT g.line, g.sales_rep_id, g.metric, g.amount, d.day, g.source, g.external_id, g.note,
           r.id AS rep_id, r.allowed, r.currency AS home_currency, r.today,
           m.id AS metric_id, m.unit, m.kind, m.is_on, m.feeder,
           d.team_id, d.carried, d.frozen, d.month_exists, o.id AS original_id,
           o.id IS NOT NULL AND EXISTS (
               SELECT FROM (
                   SELECT o.stated_on, -o.amount AS amount
                   UNION ALL
                   SELECT a.stated_on, -a.amount FROM activity a
                    WHERE a.workspace_id = o.workspace_id AND a.corrects_id = o.id AND a.kind = 'amendment'
                   UNION ALL
                   SELECT d.day, g.amount) AS e
                GROUP BY e.stated_on HAVING sum(e.amount) <> 0) AS changed
      FROM given g
      LEFT JOIN reps r ON r.id = g.sales_rep_id
      LEFT JOIN days d ON d.sales_rep_id = g.sales_rep_id AND d.day = coalesce(g.day, r.today)
      LEFT JOIN metrics m ON m.code = g.metric
      LEFT JOIN activity o
        ON o.source = g.source AND o.external_id = g.external_id AND o.sales_rep_id = g.sales_rep_id
       AND o.metric = g.metric AND o.corrects_id IS NULL AND o.external_id IS NOT NULL
),
judged AS MATERIALIZED (
    SELECT f.line, f.sales_rep_id, f.metric, f.amount, f.day, f.source, f.external_id, f.note, f.team_id,
           CASE f.unit WHEN 'money' THEN f.home_currency END AS currency, f.today, f.original_id, f.changed,
           CASE
           WHEN f.original_id IS NOT NULL AND NOT f.changed AND f.allowed THEN NULL
           WHEN f.changed AND NOT :amend THEN 'changed'
           WHEN f.rep_id IS NULL THEN 'no_rep'
           WHEN NOT f.allowed THEN 'not_yours'
           WHEN f.metric_id IS NULL THEN 'no_metric'
           WHEN f.kind = 'quotient' THEN 'quotient'
           WHEN NOT f.is_on THEN 'switched_off'
           WHEN f.feeder NOT IN ('people', f.source) THEN 'fed'
           WHEN f.unit = 'money' AND f.home_currency <> CAST(:currency AS text) THEN 'currency'
           WHEN f.amount = 0 AND f.external_id IS NULL THEN 'zero'
           WHEN f.unit = 'count' AND f.amount <> trunc(f.amount) THEN 'not_whole'
           WHEN abs(f.amount) > CASE f.unit WHEN 'count' THEN 100000 ELSE 9999999999.99 END THEN 'too_large'
           WHEN f.day > f.today THEN 'future'
           WHEN f.day < DATE '2024-01-01' THEN 'too_early'
           WHEN f.month_exists THEN 'month_exists'
           WHEN NOT f.carried AND NOT :backfill THEN 'no_stint'
           WHEN f.frozen AND f.original_id IS NULL THEN 'frozen'
           END AS refusal
      FROM found f
),
repeated AS (
    SELECT source, external_id, sales_rep_id, metric, max(line) AS line
      FROM judged WHERE refusal IS NULL AND external_id IS NOT NULL
     GROUP BY 1, 2, 3, 4 HAVING count(*) > 1
),
kept AS MATERIALIZED (
    SELECT j.*, j.refusal IS NULL AND (e.line IS NULL OR e.line = j.line) AS counts,
           CASE WHEN j.refusal IS NULL AND (e.line IS NULL OR e.line = j.line)
                     AND j.original_id IS NULL AND j.amount <> 0 THEN {{new_id}} END AS new_id
      FROM judged j
      LEFT JOIN repeated e
        ON e.source = j.source AND e.external_id = j.external_id AND e.sales_rep_id = j.sales_rep_id
       AND e.metric = j.metric
),
differences AS MATERIALIZED (
    SELECT k.line, e.stated_on, k.sales_rep_id, k.metric, k.currency, k.source, k.external_id, k.note,
           k.today, k.original_id, sum(e.amount) AS amount,
           CASE WHEN bool_or(e.said_before) THEN max(e.team_id) FILTER (WHERE e.said_before)
                ELSE max(e.team_id) END AS team_id
      FROM kept k
      CROSS JOIN LATERAL (
          SELECT stated_on, team_id, -amount AS amount, true AS said_before
            FROM activity WHERE id = k.original_id
          UNION ALL
          SELECT stated_on, team_id, -amount, true FROM activity
           WHERE corrects_id = k.original_id AND kind = 'amendment'
          UNION ALL
          SELECT k.day, k.team_id, k.amount, false) AS e
     WHERE k.counts AND k.changed
     GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 HAVING sum(e.amount) <> 0
)
"""
_WRITTEN = """,
written AS (
    INSERT INTO activity (id, sales_rep_id, team_id, metric, amount, currency, occurred_on, stated_on, source,
                          external_id, kind, corrects_id, note, door, entered_by)
    SELECT new_id, sales_rep_id, team_id, metric, amount, currency, day, day, source,
           external_id, :kind, NULL, note, :door, :actor
      FROM kept WHERE new_id IS NOT NULL
    UNION ALL
    SELECT nextval('activity_id_seq'), d.sales_rep_id, d.team_id, d.metric, d.amount, d.currency,
           CASE WHEN EXISTS (SELECT FROM rep_monthly_goals m
                              WHERE m.sales_rep_id = d.sales_rep_id AND m.frozen_at IS NOT NULL
                                AND m.goal_year + 0 = extract(year FROM d.stated_on)
                                AND m.goal_month + 0 = extract(month FROM d.stated_on))
                THEN d.today ELSE d.stated_on END,
           d.stated_on, d.source, d.external_id, 'amendment', d.original_id, d.note, :door, :actor
      FROM differences d
)
"""
_OUTCOME = """
       CASE WHEN k.refusal IS NOT NULL THEN 'refused'
            WHEN k.new_id IS NOT NULL THEN 'recorded'
            WHEN k.line IN (SELECT line FROM differences) THEN 'amended'
            ELSE 'unchanged' END"""
_EACH = f"""
SELECT k.line, k.refusal, coalesce(k.original_id, k.new_id) AS entry_id, {_OUTCOME} AS outcome
  FROM kept k
 ORDER BY k.line
"""
# How many came to what, and the first lines of what is refused: a million rows are told in a few.
_COUNTED = f"""
SELECT k.outcome, k.refusal, count(*) AS entries,
       (array_agg(k.line ORDER BY k.line) FILTER (WHERE k.refusal IS NOT NULL))[1:{REFUSALS_MAX}] AS lines
  FROM (SELECT k.line, k.refusal, {_OUTCOME} AS outcome FROM kept k) AS k
 GROUP BY k.outcome, k.refusal
"""


def _statement(*steps: str, given: str, new_id: str = "nextval('activity_id_seq')") -> TextClause:
    return text("".join(steps).format(columns=_COLUMNS, given=given).format(new_id=new_id))


_FEW = _statement(_JUDGED, _WRITTEN, _EACH, given=f"jsonb_to_recordset(CAST(:rows AS jsonb)) AS g({_TYPES})")
_LOTS = _statement(_JUDGED, _WRITTEN, _EACH, given="given_entries")
_STAGED = _statement(_JUDGED, _WRITTEN, _COUNTED, given="given_entries")
_CHECKED = _statement(_JUDGED, _COUNTED, given="given_entries", new_id="0")


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
        }


@dataclass(frozen=True, slots=True)
class Tally:
    """What became, or would become, of the entries that were staged."""

    counts: Mapping[Outcome, int]
    refused: Sequence[tuple[int, Reason]]
    """The first lines that are refused, in order, and why."""


async def stage(session: AsyncSession) -> None:
    """Make the temporary table `given_entries`, empty; its entries are for `check_staged`, `write_staged`."""
    for statement in (_TABLE, _EMPTY, _ROOM):
        await session.execute(statement)


async def check_staged(session: AsyncSession, terms: Terms) -> Tally:
    """Return what would become of the staged entries; takes no locks and writes nothing."""
    await session.execute(_ANALYZE)
    return _tally(await session.execute(_CHECKED, terms.values))


async def hold_source(session: AsyncSession, source: str) -> None:
    """Have other deliveries of this source wait until the transaction ends; before `write_staged`."""
    await session.execute(_HOLD, {"whole": True, "sources": [source], "identities": []})


async def write_staged(session: AsyncSession, terms: Terms) -> Tally:
    """Write the staged entries as `record` does; a caller that wants all or nothing raises."""
    return _tally(await _closed_in_words(session.execute(_STAGED, terms.values)))


def _tally(rows: Iterable[Row[Any]]) -> Tally:
    counts: dict[Outcome, int] = {}
    refused: list[tuple[int, Reason]] = []
    for row in rows:
        outcome = Outcome(row.outcome)
        counts[outcome] = counts.get(outcome, 0) + row.entries
        refused += [(line, Reason(row.refusal)) for line in row.lines or ()]
    return Tally(counts, sorted(refused)[:REFUSALS_MAX])


async def record(
    session: AsyncSession,
    now: datetime,
    actor: Actor,
    entries: Sequence[Entry],
    *,
    currency: str | None = None,
    kind: EntryKind = EntryKind.ENTRY,
) -> list[Recorded]:
    """Write entries, and move totals, months and years with them; return what became of each, in order.

    A fixed number of statements, however many entries. What is refused isn't written, and the rest is: a
    caller that wants all or nothing raises. `currency` is the one that amounts were typed in, where known.
    """
    if not entries:
        return []
    await _hold(session, entries)
    terms = Terms(actor.user_id, actor.door, kind, currency)
    return await _told(session, entries, await _written(session, entries, terms.values))


async def _written(
    session: AsyncSession, entries: Sequence[Entry], values: dict[str, Any]
) -> Sequence[Row[Any]]:
    if len(entries) <= MANY:
        rows = [dict(zip(_COLUMNS.split(", "), row, strict=True)) for row in _rows(entries)]
        given = {**values, "rows": json.dumps(rows)}
        return (await _closed_in_words(session.execute(_FEW, given))).all()
    await _copy(session, entries)
    return (await _closed_in_words(session.execute(_LOTS, values))).all()


async def _closed_in_words(writing: Awaitable[Result[Any]]) -> Result[Any]:
    try:
        return await writing
    except IntegrityError as error:
        # A month was closed after it was looked at and before its row was held.
        if getattr(error.orig, "sqlstate", None) == _RESTRICTED:
            raise MonthOver("That month has just been closed, so nothing was saved.", field=DAY) from error
        raise


async def _hold(session: AsyncSession, entries: Sequence[Entry]) -> None:
    outside = [entry for entry in entries if entry.external_id is not None]
    whole = len(outside) > MANY
    identities = set() if whole else {f"{entry.source}:{entry.external_id}" for entry in outside}
    sources = {entry.source for entry in outside}
    await session.execute(_HOLD, {"whole": whole, "sources": list(sources), "identities": list(identities)})


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
    async with copying(session, f"given_entries ({_COLUMNS})") as write:
        await write(_rows(entries))
    await session.execute(_ANALYZE)


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
