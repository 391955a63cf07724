"""Correcting an entry, taking it back, and setting a total: each is one more entry, or none."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from domain.activity.model import PEOPLE, EntryId, EntryKind
from domain.activity.recording import MANY, Entry, Recorded, record
from domain.activity.rules import UNDO_WITHIN, check_apart
from domain.errors import InvalidInput, MonthClosed, NotAllowed, Refusal
from domain.people import currency
from domain.people.model import RepId
from domain.people.rules import Actor
from domain.periods import Period

ENTRY, REASON = "entry", "reason"
"""Names of the inputs that a refusal can be about."""


class CorrectedMeanwhile(Refusal):
    """Somebody else has corrected the entry first."""

    code = "corrected_meanwhile"


class TooLateToUndo(Refusal):
    """The entry is too old to be taken back without a reason."""

    code = "too_late_to_undo"


# One correction an entry at a time, whoever makes it: the next one sees what the last one left.
_HOLD = text("""
SELECT pg_advisory_xact_lock(hashtextextended('goalkeeper.correction:' || id, goalkeeper_workspace()))
  FROM (SELECT DISTINCT coalesce(corrects_id, id) AS id FROM activity WHERE id = ANY(:ids) ORDER BY 1) AS o
""")

# An entry and all that was written about it since, by the days on which it counts now.
_STANDING = text("""
SELECT o.id, o.entered_at, o.entered_by, o.sales_rep_id, r.name AS rep_name, o.metric, o.currency,
       t.occurred_on, t.stated_on, t.team_id, t.amount,
       EXISTS (SELECT FROM rep_monthly_goals m
                WHERE m.workspace_id = o.workspace_id AND m.sales_rep_id = o.sales_rep_id
                  AND m.goal_year = extract(year FROM t.occurred_on)::smallint
                  AND m.goal_month = extract(month FROM t.occurred_on)::smallint
                  AND m.frozen_at IS NOT NULL) AS frozen,
       EXISTS (SELECT FROM team_memberships tm
                 JOIN teams g ON g.workspace_id = tm.workspace_id AND g.id = tm.team_id
                WHERE tm.workspace_id = o.workspace_id AND tm.sales_rep_id = o.sales_rep_id
                  AND tm.ended_on IS NULL AND g.manager_id = :actor)
       OR EXISTS (SELECT FROM users u WHERE u.id = :actor AND u.role = 'admin' AND u.is_active) AS leads
  FROM activity o
  JOIN sales_reps r ON r.workspace_id = o.workspace_id AND r.id = o.sales_rep_id
  CROSS JOIN LATERAL (
      SELECT e.occurred_on, e.stated_on, e.team_id, sum(e.amount) AS amount, max(e.id) AS last
        FROM (SELECT occurred_on, stated_on, team_id, amount, id FROM activity WHERE id = o.id
              UNION ALL
              SELECT occurred_on, stated_on, team_id, amount, id FROM activity WHERE corrects_id = o.id) AS e
       GROUP BY 1, 2, 3) AS t
 WHERE o.id IN (SELECT coalesce(corrects_id, id) FROM activity WHERE id = ANY(:ids))
 ORDER BY o.id, t.amount <> 0, t.last
""")

_WRITE = text("""
INSERT INTO activity (sales_rep_id, team_id, metric, amount, currency, occurred_on, stated_on, source,
                      kind, corrects_id, note, door, entered_by)
SELECT o.sales_rep_id, c.team_id, o.metric, c.amount, o.currency, c.occurred_on, c.stated_on, 'people',
       :kind, o.id, :note, :door, :actor
  FROM unnest(CAST(:ids AS bigint[]), CAST(:amounts AS numeric[]), CAST(:teams AS bigint[]),
              CAST(:days AS date[]), CAST(:stated AS date[]))
       AS c (id, amount, team_id, occurred_on, stated_on)
  JOIN activity o ON o.id = c.id
 ORDER BY o.id, c.occurred_on
RETURNING id
""")


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
    """Correct an entry's amount to `to`; return the correction, None if that is its amount already.

    The correction counts on the entry's own day and in its team. `seen` is what the person was shown. By the
    author, the rep's manager or an admin; also where another system feeds the metric.

    Raises:
        Refusal: there is no such entry, it isn't theirs, its month is closed, or it has changed since.
    """
    if not reason.strip():
        raise InvalidInput("Please say why, so that everybody can follow the numbers.", field=REASON)
    rows = await _standing(session, actor, [entry_id])
    _check_may(rows, actor)
    stands = sum((row.amount for row in rows), Decimal(0))
    if seen is not None and seen != stands:
        raise CorrectedMeanwhile("Somebody else has corrected this entry meanwhile. Please look at it again.")
    row = rows[-1]
    if row.currency is None and to != to.to_integral_value():
        raise InvalidInput("Enter a whole number.", field="amount")
    if to == stands:
        return None
    _check_open([row])
    [written] = await _write(session, actor, [(row, to - stands)], EntryKind.CORRECTION, reason.strip())
    return written


async def undo(
    session: AsyncSession, now: datetime, actor: Actor, entry_ids: Collection[EntryId]
) -> list[EntryId]:
    """Take entries back within ten minutes of writing them; returns what was written, nothing if it is done.

    Raises:
        Refusal: one of them isn't theirs to take back, is too old, or its month is closed. Nothing is
            written then.
    """
    rows = await _standing(session, actor, entry_ids)
    _check_may(rows, actor)
    counting = [row for row in rows if row.amount != 0]
    if any(now - row.entered_at > UNDO_WITHIN for row in counting):
        raise TooLateToUndo(
            "This is older than ten minutes. You can still correct it, with a reason.", field=ENTRY
        )
    _check_open(counting)
    return await _write(session, actor, [(row, -row.amount) for row in counting], EntryKind.UNDO, None)


async def _standing(session: AsyncSession, actor: Actor, ids: Collection[EntryId]) -> Sequence[Any]:
    await session.execute(_HOLD, {"ids": list(ids)})
    rows = (await session.execute(_STANDING, {"ids": list(ids), "actor": actor.user_id})).all()
    if not rows:
        raise InvalidInput("I don't know this entry.", field=ENTRY)
    return rows


def _check_may(rows: Sequence[Any], actor: Actor) -> None:
    for row in rows:
        if row.entered_by != actor.user_id and not row.leads:
            raise NotAllowed(
                f"Only the person who logged this, {row.rep_name}'s manager or an admin can change it."
            )


def _check_open(rows: Sequence[Any]) -> None:
    if any(row.frozen for row in rows):
        raise MonthClosed("That month is closed, so its numbers can't change.", field="day")


async def _write(
    session: AsyncSession,
    actor: Actor,
    changes: Sequence[tuple[Any, Decimal]],
    kind: EntryKind,
    note: str | None,
) -> list[EntryId]:
    if not changes:
        return []
    values = {
        "ids": [row.id for row, _ in changes],
        "amounts": [amount for _, amount in changes],
        "teams": [row.team_id for row, _ in changes],
        "days": [row.occurred_on for row, _ in changes],
        "stated": [row.stated_on for row, _ in changes],
        "kind": kind.value,
        "note": note,
        "door": actor.door.value,
        "actor": actor.user_id,
    }
    return [EntryId(found) for found in (await session.execute(_WRITE, values)).scalars()]


@dataclass(frozen=True, slots=True)
class Figure:
    """What somebody says the total of a rep's metric over a period is, all sources together."""

    sales_rep_id: RepId
    metric: str
    period: Period
    total: Decimal
    source: str = PEOPLE
    note: str | None = None


# Figures of one rep and metric wait for each other, so that two of them said at once don't both add up. A
# large batch holds all of them: a lock for each wouldn't fit into the server's table of locks.
_HOLD_FIGURES = text("""
SELECT CASE WHEN :whole THEN pg_advisory_xact_lock(key)::text ELSE pg_advisory_xact_lock_shared(key)::text END
  FROM hashtextextended('goalkeeper.figures', goalkeeper_workspace()) AS all_of_them (key)
UNION ALL
SELECT pg_advisory_xact_lock(hashtextextended('goalkeeper.figure:' || key, goalkeeper_workspace()))::text
  FROM (SELECT DISTINCT key FROM unnest(CAST(:keys AS text[])) AS k (key) WHERE NOT :whole ORDER BY 1) AS keys
""")
# The last day up to the rep's today on which they carried goals; the period's last day where there is none.
STANDS = """
SELECT f.line, coalesce(t.amount, 0) AS amount,
       coalesce((SELECT max(least(f.ends - 1, r.today, s.ended_on - 1)) FROM rep_stints s
                  WHERE s.workspace_id = r.workspace_id AND s.sales_rep_id = r.id
                    AND s.started_on <= least(f.ends - 1, r.today) AND r.today >= f.starts
                    AND (s.ended_on IS NULL OR s.ended_on > f.starts)),
                least(f.ends - 1, greatest(f.starts, r.today))) AS day
  FROM {figures} AS f (rep, metric, starts, ends, line)
  LEFT JOIN (SELECT s.workspace_id, s.id,
                    (goalkeeper_now() AT TIME ZONE coalesce(
                        (SELECT m.time_zone FROM rep_monthly_goals m
                          WHERE m.workspace_id = s.workspace_id AND m.sales_rep_id = s.id
                            AND m.starts_at <= goalkeeper_now() AND goalkeeper_now() < m.ends_at LIMIT 1),
                        goalkeeper_rep_zone(s.workspace_id, s.id)))::date AS today
               FROM sales_reps s WHERE s.id IN (SELECT rep FROM {figures} AS f (rep))) AS r ON r.id = f.rep
  LEFT JOIN LATERAL (
      SELECT sum(t.amount) AS amount FROM activity_totals t
       WHERE t.workspace_id = r.workspace_id AND t.sales_rep_id = f.rep AND t.metric = f.metric
         AND t.grain = 'day' AND t.starts_on >= f.starts AND t.starts_on < f.ends) AS t ON true
 ORDER BY f.line
"""
_GIVEN_STANDS = text(
    STANDS.format(
        figures="unnest(CAST(:reps AS bigint[]), CAST(:metrics AS text[]), CAST(:starts AS date[]),"
        " CAST(:ends AS date[])) WITH ORDINALITY"
    )
)


async def set_totals(
    session: AsyncSession,
    now: datetime,
    actor: Actor,
    figures: Sequence[Figure],
    *,
    typed_in: str | None = None,
) -> list[Recorded | None]:
    """Set totals to the given figures, by an entry of the difference on the period's last allowed day.

    Returns the entry recorded for each, None where the total is right already. A fixed number of statements.

    Raises:
        InvalidInput: two periods of the same rep and metric overlap.
    """
    if not figures:
        return []
    check_apart(((each.sales_rep_id, each.metric), each.period) for each in figures)
    keys = [f"{each.sales_rep_id}:{each.metric}" for each in figures]
    await hold_figures(session, keys)
    if typed_in is not None:
        await currency.hold(session, typed_in)
    differences = await _differences(session, figures)
    lines = [line for line, (missing, _) in enumerate(differences) if missing != 0]
    entries = [_difference(figures[line], *differences[line]) for line in lines]
    written = await record(session, now, actor, entries, currency=typed_in, kind=EntryKind.ABSOLUTE)
    became: Mapping[int, Recorded] = dict(zip(lines, written, strict=True))
    return [became.get(line) for line in range(len(figures))]


async def hold_figures(session: AsyncSession, keys: Collection[str] | None) -> None:
    """Keep others from setting these totals, or any of them, until the transaction ends."""
    few = None if keys is None or len(keys) > MANY else list(keys)
    await session.execute(_HOLD_FIGURES, {"whole": few is None, "keys": few or []})


async def _differences(session: AsyncSession, figures: Sequence[Figure]) -> list[tuple[Decimal, date]]:
    values = {
        "reps": [each.sales_rep_id for each in figures],
        "metrics": [each.metric for each in figures],
        "starts": [each.period.start for each in figures],
        "ends": [each.period.end for each in figures],
    }
    rows = await session.execute(_GIVEN_STANDS, values)
    return [(each.total - row.amount, row.day) for each, row in zip(figures, rows, strict=True)]


def _difference(figure: Figure, missing: Decimal, day: date) -> Entry:
    return Entry(figure.sales_rep_id, figure.metric, missing, day=day, source=figure.source, note=figure.note)
