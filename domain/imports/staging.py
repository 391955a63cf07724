"""The staging table of an import: what a file says, and the entries that it comes to. Takes no locks."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from domain.activity.correcting import STANDS
from domain.activity.recording import copying, stage
from domain.csv_files import BadFile
from domain.imports.reading import PROBLEMS_MAX, Reading, Staged
from domain.people.model import RepId

_COLUMNS = "number, line, value, rep, metric, amount, day, at, starts, ends, external_id, share, note"
_TABLE = text("""
CREATE TEMPORARY TABLE IF NOT EXISTS staged_figures (
    number int, line int, value int, rep text, metric text, amount numeric, day date, at timestamptz,
    starts date, ends date, external_id text, share numeric, note text
) ON COMMIT DROP
""")
_REPS = text("""
CREATE TEMPORARY TABLE IF NOT EXISTS staged_reps (rep text, id bigint, time_zone text) ON COMMIT DROP
""")
_EMPTY = text("TRUNCATE staged_figures, staged_reps")

# Reps are named by Slack id, by email, or by a name that only one of them has.
_NAME_REPS = text("""
INSERT INTO staged_reps
WITH named AS MATERIALIZED (SELECT DISTINCT rep FROM staged_figures),
known AS MATERIALIZED (
    SELECT r.id, u.slack_id, lower(u.email) AS email, lower(r.name) AS name,
           u.zone AS time_zone
      FROM sales_reps r
      JOIN people u ON u.workspace_id = r.workspace_id AND u.id = r.user_id
)
SELECT DISTINCT ON (rep) rep, id, time_zone
  FROM (SELECT n.rep, k.id, k.time_zone, 1 AS turn FROM named n JOIN known k ON k.slack_id = n.rep
        UNION ALL
        SELECT n.rep, k.id, k.time_zone, 2 FROM named n JOIN known k ON k.email = lower(n.rep)
        UNION ALL
        SELECT n.rep, min(k.id), min(k.time_zone), 3 FROM named n JOIN known k ON k.name = lower(n.rep)
         GROUP BY n.rep HAVING count(*) = 1) AS found
 ORDER BY rep, turn
""")
_ANALYZE = text("ANALYZE staged_figures, staged_reps")

# The parts of a shared amount are rounded down and the last takes the rest; a count goes to the first.
_ENTRIES = text("""
INSERT INTO given_entries (line, sales_rep_id, metric, amount, day, source, external_id, note)
WITH parts AS MATERIALIZED (
    SELECT s.number,
           CASE WHEN m.unit = 'count'
                THEN CASE WHEN row_number() OVER deal = 1 THEN s.amount ELSE 0 END
                WHEN lead(s.number) OVER deal IS NOT NULL THEN trunc(s.amount * s.share / 100, 2)
                ELSE s.amount - coalesce(sum(trunc(s.amount * s.share / 100, 2)) OVER (
                    deal ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) END AS amount
      FROM staged_figures s
      LEFT JOIN metrics m ON m.code = s.metric
     WHERE s.share < 100
    WINDOW deal AS (PARTITION BY s.external_id, s.metric ORDER BY s.number)
)
SELECT s.number, r.id, s.metric, coalesce(p.amount, s.amount),
       CASE WHEN s.at IS NULL THEN s.day
            ELSE (s.at AT TIME ZONE coalesce(
                (SELECT m.time_zone FROM rep_monthly_goals m
                  WHERE m.sales_rep_id = r.id AND m.starts_at <= s.at AND s.at < m.ends_at LIMIT 1),
                r.time_zone, 'UTC'))::date END,
       :source, s.external_id, s.note
  FROM staged_figures s
  LEFT JOIN staged_reps r ON r.rep = s.rep
  LEFT JOIN parts p ON p.number = s.number
""")
_FIGURE = (
    "(SELECT r.id, s.metric, s.starts, s.ends, s.number"
    " FROM staged_figures s LEFT JOIN staged_reps r ON r.rep = s.rep)"
)
# Of a total, the entry is what is missing to it; where nothing is, there is no entry.
_TOTALS = text(f"""
INSERT INTO given_entries (line, sales_rep_id, metric, amount, day, source, external_id, note)
WITH stands AS MATERIALIZED ({STANDS.format(figures=_FIGURE)})
SELECT s.number, r.id, s.metric, s.amount - t.amount, t.day, :source, NULL, s.note
  FROM staged_figures s
  JOIN stands t ON t.line = s.number
  LEFT JOIN staged_reps r ON r.rep = s.rep
 WHERE s.amount <> t.amount OR r.id IS NULL
""")

# What only the file as a whole shows: shares that don't make 100, an id that says two things, totals of
# periods that share a day.
_CONTRADICTIONS = text("""
SELECT min(line) AS line, 'shares' AS what, external_id, trim_scale(sum(share))::text AS said
  FROM staged_figures WHERE share IS NOT NULL AND external_id IS NOT NULL
 GROUP BY external_id, metric HAVING sum(share) <> 100
UNION ALL
SELECT max(line), 'deal', external_id, min(line)::text
  FROM staged_figures WHERE share < 100
 GROUP BY external_id, metric
HAVING min(amount) <> max(amount) OR min(day) <> max(day) OR min(at) <> max(at)
    OR count(DISTINCT rep) < count(*)
UNION ALL
SELECT max(s.line), 'twice', g.external_id, min(s.line)::text
  FROM given_entries g JOIN staged_figures s ON s.number = g.line
 WHERE g.external_id IS NOT NULL AND s.share IS NULL
 GROUP BY g.external_id, g.sales_rep_id, g.metric
HAVING min(g.amount) <> max(g.amount) OR min(g.day) <> max(g.day)
UNION ALL
SELECT line, 'overlap', NULL, before::text
  FROM (SELECT s.line, s.starts, max(s.ends) OVER earlier AS ends, max(s.line) OVER earlier AS before
          FROM staged_figures s LEFT JOIN staged_reps r ON r.rep = s.rep
         WHERE s.starts IS NOT NULL
        WINDOW earlier AS (PARTITION BY coalesce(r.id::text, s.rep), s.metric ORDER BY s.starts, s.number
                           ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)) AS o
 WHERE starts < ends
 ORDER BY line LIMIT :most
""")
_ABOUT = text("""
SELECT s.number, s.line, s.value, s.rep, s.metric, r.id AS sales_rep_id, g.day
  FROM staged_figures s
  LEFT JOIN staged_reps r ON r.rep = s.rep
  LEFT JOIN given_entries g ON g.line = s.number
 WHERE s.number = ANY(:numbers)
""")


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A row that another row of the file contradicts."""

    line: int
    what: str
    external_id: str | None
    said: str


@dataclass(frozen=True, slots=True)
class RefusedFigure:
    """The figure of a file that a refusal is about."""

    number: int
    line: int
    value: int
    rep: str
    metric: str
    sales_rep_id: RepId | None
    day: date | None


async def fill(session: AsyncSession, reading: Reading, read: Callable[[], None]) -> None:
    """Copy all that the file says into the staging table; `read` is called after each piece.

    Raises:
        BadFile: the file can't be read to its end.
    """
    await stage(session)
    for statement in (_TABLE, _REPS, _EMPTY):
        await session.execute(statement)
    chunks = reading.chunks()
    async with copying(session, f"staged_figures ({_COLUMNS})") as write:
        # Parsing goes on beside the event loop, which may have others to answer.
        while isinstance(chunk := await asyncio.to_thread(_next, chunks), list):
            await write(chunk)
            read()
    # Only now: an exception within COPY would cost the connection.
    if chunk is not None:
        raise chunk


def _next(chunks: Iterator[list[Staged]]) -> list[Staged] | BadFile | None:
    try:
        return next(chunks, None)
    except BadFile as bad:
        return bad


async def resolve(session: AsyncSession) -> None:
    """Find the reps that the staged figures name."""
    await session.execute(_NAME_REPS)
    await session.execute(_ANALYZE)


async def make_entries(session: AsyncSession, source: str, *, totals: bool) -> None:
    """Make `given_entries` of what is staged, anew."""
    await stage(session)
    await session.execute(_TOTALS if totals else _ENTRIES, {"source": source})


async def contradictions(session: AsyncSession) -> list[Contradiction]:
    """Return the first rows that another row of the file contradicts, by line."""
    rows: Any = await session.execute(_CONTRADICTIONS, {"most": PROBLEMS_MAX})
    return [Contradiction(*row) for row in rows]


async def about(session: AsyncSession, numbers: list[int]) -> dict[int, RefusedFigure]:
    """Return what these figures are about, by their number."""
    rows: Any = await session.execute(_ABOUT, {"numbers": numbers})
    return {row.number: RefusedFigure(*row) for row in rows}
