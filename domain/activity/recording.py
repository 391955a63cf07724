"""Recording entries: one entry and a hundred thousand take the same few statements."""

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from domain.activity import queries
from domain.activity.model import PEOPLE, EntryId, EntryKind
from domain.activity.rules import DAY, Reason, Refused, nearest, refusal
from domain.errors import MonthClosed, Refusal
from domain.people.model import RepId
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

# What is asked, step by step: the reps and their today; each day's stint, team and month; which entries are
# known; why one is refused; which of those with one identity is the last; and, day by day, the difference of
# what its source says now to what it said so far. A day whose month is frozen is amended on the rep's today.
# No step joins two of the others that may be large: the planner takes them for a row each, and would loop.
_RECORD = """
WITH given AS MATERIALIZED (SELECT {columns} FROM {given}),
reps AS MATERIALIZED (
    SELECT r.workspace_id, r.id, w.currency,
           (clock.now AT TIME ZONE coalesce(
               (SELECT m.time_zone FROM rep_monthly_goals m
                 WHERE m.workspace_id = r.workspace_id AND m.sales_rep_id = r.id
                   AND m.starts_at <= clock.now AND clock.now < m.ends_at LIMIT 1),
               u.time_zone, w.time_zone))::date AS today,
           r.user_id = :actor
           OR EXISTS (SELECT FROM users a WHERE a.id = :actor AND a.role = 'admin' AND a.is_active)
           OR EXISTS (SELECT FROM team_memberships tm
                        JOIN teams t ON t.workspace_id = tm.workspace_id AND t.id = tm.team_id
                       WHERE tm.workspace_id = r.workspace_id AND tm.sales_rep_id = r.id
                         AND tm.ended_on IS NULL AND t.manager_id = :actor) AS allowed,
           r.id = ANY(CAST(:sharing AS bigint[]))
           AND EXISTS (SELECT FROM sales_reps mine
                        WHERE mine.user_id = :actor AND mine.id = ANY(CAST(:sharing AS bigint[]))) AS shares
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
           (SELECT tm.team_id FROM team_memberships tm
             WHERE tm.workspace_id = d.workspace_id AND tm.sales_rep_id = d.sales_rep_id
               AND tm.started_on <= d.day AND (tm.ended_on IS NULL OR tm.ended_on > d.day)
             ORDER BY tm.started_on DESC, tm.id DESC LIMIT 1) AS team_id
      FROM (SELECT DISTINCT r.workspace_id, r.id AS sales_rep_id, coalesce(g.day, r.today) AS day
              FROM given g JOIN reps r ON r.id = g.sales_rep_id) AS d
),
judged AS MATERIALIZED (
    SELECT g.line, g.sales_rep_id, g.metric, g.amount, d.day, g.source, g.external_id, g.note,
           d.team_id, CASE m.unit WHEN 'money' THEN r.currency END AS currency, r.today, o.id AS original_id,
           CASE
           WHEN r.id IS NULL THEN 'no_rep'
           WHEN NOT (r.allowed OR r.shares AND g.amount > 0) THEN 'not_yours'
           WHEN m.id IS NULL THEN 'no_metric'
           WHEN m.kind = 'quotient' THEN 'quotient'
           WHEN NOT m.is_on THEN 'switched_off'
           WHEN m.feeder NOT IN ('people', g.source) THEN 'fed'
           WHEN m.unit = 'money' AND r.currency <> CAST(:currency AS text) THEN 'currency'
           WHEN g.amount = 0 AND g.external_id IS NULL THEN 'zero'
           WHEN m.unit = 'count' AND g.amount <> trunc(g.amount) THEN 'not_whole'
           WHEN abs(g.amount) > CASE m.unit WHEN 'count' THEN 100000 ELSE 9999999999.99 END THEN 'too_large'
           WHEN d.day > r.today THEN 'future'
           WHEN NOT d.carried THEN 'no_stint'
           WHEN d.frozen AND o.id IS NULL THEN 'frozen'
           END AS refusal
      FROM given g
      LEFT JOIN reps r ON r.id = g.sales_rep_id
      LEFT JOIN days d ON d.sales_rep_id = g.sales_rep_id AND d.day = coalesce(g.day, r.today)
      LEFT JOIN metrics m ON m.code = g.metric
      LEFT JOIN activity o
        ON o.source = g.source AND o.external_id = g.external_id AND o.sales_rep_id = g.sales_rep_id
       AND o.metric = g.metric AND o.corrects_id IS NULL AND o.external_id IS NOT NULL
),
repeated AS (
    SELECT source, external_id, sales_rep_id, metric, max(line) AS line
      FROM judged WHERE refusal IS NULL AND external_id IS NOT NULL
     GROUP BY 1, 2, 3, 4 HAVING count(*) > 1
),
kept AS MATERIALIZED (
    SELECT j.*, j.refusal IS NULL AND (e.line IS NULL OR e.line = j.line) AS counts,
           CASE WHEN j.refusal IS NULL AND (e.line IS NULL OR e.line = j.line)
                     AND j.original_id IS NULL AND j.amount <> 0 THEN nextval('activity_id_seq') END AS new_id
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
     WHERE k.counts AND k.original_id IS NOT NULL
     GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 HAVING sum(e.amount) <> 0
),
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
SELECT k.line, k.refusal, coalesce(k.original_id, k.new_id) AS entry_id,
       CASE WHEN k.refusal IS NOT NULL THEN 'refused'
            WHEN k.new_id IS NOT NULL THEN 'recorded'
            WHEN k.line IN (SELECT line FROM differences) THEN 'amended'
            ELSE 'unchanged' END AS outcome
  FROM kept k
 ORDER BY k.line
"""
_FEW = text(
    _RECORD.format(columns=_COLUMNS, given=f"jsonb_to_recordset(CAST(:rows AS jsonb)) AS g({_TYPES})")
)
_LOTS = text(_RECORD.format(columns=_COLUMNS, given="given_entries"))


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
    values = {
        "actor": actor.user_id,
        "door": actor.door.value,
        "kind": kind.value,
        "currency": currency,
        "sharing": list(sharing),
    }
    return await _told(session, entries, await _written(session, entries, values))


async def _written(
    session: AsyncSession, entries: Sequence[Entry], values: dict[str, Any]
) -> Sequence[Row[Any]]:
    try:
        if len(entries) <= MANY:
            rows = [dict(zip(_COLUMNS.split(", "), row, strict=True)) for row in _rows(entries)]
            return (await session.execute(_FEW, {**values, "rows": json.dumps(rows)})).all()
        await _copy(session, entries)
        return (await session.execute(_LOTS, values)).all()
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
    await session.execute(_TABLE)
    await session.execute(_EMPTY)
    connection = await (await session.connection()).get_raw_connection()
    driver = connection.driver_connection
    assert driver is not None
    async with driver.cursor() as cursor, cursor.copy(f"COPY given_entries ({_COLUMNS}) FROM STDIN") as copy:
        lines = ["\t".join(map(_field, row)) for row in _rows(entries)]
        await copy.write("\n".join(lines) + "\n")
    await session.execute(_ANALYZE)


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
    catalogue = {metric.code: metric for metric in await queries.catalogue(session)}
    names = await queries.rep_names(session, {entries[row.line].sales_rep_id for row in refused})
    offered = [metric.label for metric in catalogue.values() if metric.can_be_logged]
    reasons = {}
    for row in refused:
        entry = entries[row.line]
        metric = catalogue.get(entry.metric)
        why = Refused(
            Reason(row.refusal),
            entry.metric,
            metric.label if metric else None,
            names.get(entry.sales_rep_id),
            entry.day,
            metric.feeder if metric else None,
            metric.fed_on if metric else None,
            offered,
            nearest(entry.metric, offered),
        )
        reasons[row.line] = refusal(why)
    return reasons
