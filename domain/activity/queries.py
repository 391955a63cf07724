"""Every SELECT about metrics, entries and totals."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncSession

from domain.activity.model import EntryId, EntryKind, MetricKind, Unit
from domain.people.model import RepId, TeamId, UserId
from domain.periods import Kind, Period
from domain.rows import rows as typed_rows

PAGE = 20
"""Entries on a page."""


@dataclass(frozen=True, slots=True)
class MetricRow:
    """A metric of the catalogue, as screens and rules need it."""

    code: str
    label: str
    unit: Unit
    kind: MetricKind
    is_on: bool
    feeder: str
    numerator: tuple[str, ...]
    denominator: tuple[str, ...]
    fed_on: date | None
    """The day of the last entry that its feeder sent; None while people log it."""

    @property
    def can_be_logged(self) -> bool:
        """Return whether people can log it by hand."""
        return self.is_on and self.kind is MetricKind.SUM and self.feeder == "people"


# When each feeder last sent something; the index by source has it.
_CATALOGUE = text("""
SELECT m.code, m.label, m.unit, m.kind, m.is_on, m.feeder,
       coalesce(m.numerator, '{}') AS numerator, coalesce(m.denominator, '{}') AS denominator,
       CASE WHEN m.feeder <> 'people' THEN
           (SELECT max(a.entered_at)::date FROM activity a
             WHERE a.workspace_id = m.workspace_id AND a.source = m.feeder AND a.external_id IS NOT NULL
               AND a.corrects_id IS NULL AND a.metric = m.code) END AS fed_on
  FROM metrics m
 ORDER BY m.position, m.id
""")


async def catalogue(session: AsyncSession) -> list[MetricRow]:
    """Return all metrics of the workspace, in the order in which they are shown."""
    rows = await session.execute(_CATALOGUE)
    return [
        MetricRow(
            row.code,
            row.label,
            Unit(row.unit),
            MetricKind(row.kind),
            row.is_on,
            row.feeder,
            tuple(row.numerator),
            tuple(row.denominator),
            row.fed_on,
        )
        for row in rows
    ]


_REP_NAMES = text("SELECT id, name FROM sales_reps WHERE id = ANY(:rep_ids)")


async def rep_names(session: AsyncSession, rep_ids: Collection[RepId]) -> dict[RepId, str]:
    """Return the names of these reps; unknown ones are left out."""
    rows = await session.execute(_REP_NAMES, {"rep_ids": list(rep_ids)})
    return {RepId(row.id): row.name for row in rows}


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose numbers are meant: a rep's, a team's, or with neither the company's."""

    sales_rep_id: RepId | None = None
    team_id: TeamId | None = None

    @property
    def condition(self) -> str:
        """SQL: the condition on a table's rows."""
        if self.sales_rep_id is not None:
            return "sales_rep_id = :sales_rep_id"
        return "team_id = :team_id" if self.team_id is not None else "true"

    @property
    def keys(self) -> dict[str, int]:
        """The parameters of the condition."""
        if self.sales_rep_id is not None:
            return {"sales_rep_id": self.sales_rep_id}
        return {} if self.team_id is None else {"team_id": self.team_id}


# Whole months are read as months, and what is left at the edges as days: a rep's year is twelve rows.
_FIGURES = """
WITH wanted AS (SELECT * FROM metrics WHERE code = ANY(:codes)),
codes AS (SELECT unnest(code || coalesce(numerator, '{{}}') || coalesce(denominator, '{{}}')) AS code
            FROM wanted),
sums AS MATERIALIZED (
    SELECT t.metric, sum(t.amount) AS amount
      FROM activity_totals t
      JOIN (SELECT * FROM unnest(CAST(:grains AS text[]), CAST(:starts AS date[]), CAST(:ends AS date[])))
           AS p (grain, starts, ends)
        ON t.grain = p.grain AND t.starts_on >= p.starts AND t.starts_on < p.ends
     WHERE {metric} = ANY(ARRAY(SELECT code FROM codes)) AND {condition}
     GROUP BY t.metric
)
SELECT w.code,
       CASE w.kind WHEN 'sum' THEN coalesce((SELECT amount FROM sums WHERE metric = w.code), 0)
       ELSE round(CASE w.unit WHEN 'percent' THEN 100 ELSE 1 END
                  * (SELECT coalesce(sum(amount), 0) FROM sums WHERE metric = ANY(w.numerator))
                  / nullif((SELECT sum(amount) FROM sums WHERE metric = ANY(w.denominator)), 0), 2)
       END AS figure
  FROM wanted w
"""


async def figures(
    session: AsyncSession, codes: Collection[str], period: Period, whose: Whose
) -> dict[str, Decimal | None]:
    """Return the figures of these metrics over a period of local days, from the totals; one statement.

    A quotient is the quotient of the sums, None with nothing below the line. A team's figures are of the
    entries made in it, whatever team their reps are in now.
    """
    rows = await session.execute(figures_statement(whose), figure_values(codes, period, whose))
    return {row.code: row.figure for row in rows}


def figures_statement(whose: Whose) -> TextClause:
    """Return the statement of `figures`. The index of all reps' totals has the code in lower case."""
    metric = "t.metric" if whose.keys else "lower(t.metric)"
    return text(_FIGURES.format(condition=whose.condition, metric=metric))


def figure_values(codes: Collection[str], period: Period, whose: Whose) -> dict[str, Any]:
    """Return the parameters of `figures_statement`."""
    parts = grains(period)
    return {
        "codes": list(codes),
        "grains": [grain for grain, _, _ in parts],
        "starts": [start for _, start, _ in parts],
        "ends": [end for _, _, end in parts],
        **whose.keys,
    }


def grains(period: Period) -> list[tuple[str, date, date]]:
    """Return the stored totals that make up a period: its whole months, and days at the edges."""
    first = period.start if period.start.day == 1 else Period.containing(period.start, Kind.MONTH).end
    end = period.end.replace(day=1)
    if first >= end:
        return [("day", period.start, period.end)]
    parts = [("day", period.start, first), ("month", first, end), ("day", end, period.end)]
    return [part for part in parts if part[1] < part[2]]


@dataclass(frozen=True, slots=True)
class EntryRow:
    """An entry behind a number: what, when, by whom, and what it changes."""

    id: EntryId
    sales_rep_id: RepId
    rep_name: str
    metric: str
    amount: Decimal
    currency: str | None
    occurred_on: date
    stated_on: date
    source: str
    kind: EntryKind
    note: str | None
    corrects_id: EntryId | None
    entered_at: datetime
    by_name: str | None
    """None: another system or SQL."""
    by_slack_id: str | None
    """The author's Slack id, for mentioning them in messages."""
    external_id: str | None = None

    @property
    def place(self) -> tuple[date, EntryId]:
        """Its place in a list of entries."""
        return self.occurred_on, self.id


_ENTRIES = """
SELECT a.id, a.sales_rep_id, r.name AS rep_name, a.metric, a.amount, a.currency, a.occurred_on, a.stated_on,
       a.source, a.kind, a.note, a.corrects_id, a.entered_at, u.name AS by_name, u.slack_id AS by_slack_id,
       a.external_id
  FROM activity a
  JOIN sales_reps r ON r.workspace_id = a.workspace_id AND r.id = a.sales_rep_id
  LEFT JOIN users u ON u.workspace_id = a.workspace_id AND u.id = a.entered_by
 WHERE a.metric = :metric AND a.occurred_on >= :start AND a.occurred_on < :end AND a.{condition}
   AND (a.occurred_on, a.id) < (CAST(:before_day AS date), CAST(:before_id AS bigint))
 ORDER BY a.occurred_on DESC, a.id DESC
 LIMIT :most
"""
_AFTER_ALL = (date.max, EntryId(2**63 - 1))


async def entries(
    session: AsyncSession,
    metric: str,
    period: Period,
    whose: Whose,
    *,
    before: tuple[date, EntryId] | None = None,
    most: int = PAGE,
) -> list[EntryRow]:
    """Return a page of the entries behind a number, newest day first; `before` is the place of the last seen.

    An entry's place is its day and its id.
    """
    day, entry_id = before or _AFTER_ALL
    condition = whose.condition if whose.condition != "true" else "id IS NOT NULL"
    values = {
        "metric": metric,
        "start": period.start,
        "end": period.end,
        "before_day": day,
        "before_id": entry_id,
        "most": most,
        **whose.keys,
    }
    rows = await session.execute(text(_ENTRIES.format(condition=condition)), values)
    return [EntryRow(**{**row, "kind": EntryKind(row["kind"])}) for row in rows.mappings()]


@dataclass(frozen=True, slots=True)
class EntryState:
    """An original entry as it counts now, whatever has been written about it since."""

    id: EntryId
    sales_rep_id: RepId
    rep_name: str
    rep_user_id: UserId
    metric: str
    label: str
    unit: Unit
    logged: Decimal
    """The amount that was logged."""
    amount: Decimal
    """What it counts as now."""
    occurred_on: date
    note: str | None
    entered_at: datetime
    entered_by: UserId | None
    by_name: str | None
    locale: str
    currency: str
    today: date
    """The rep's."""
    changed_by: UserId | None = None
    """The author of the last change; None if there is none, or the change came from elsewhere."""
    changed_by_name: str | None = None
    reason: str | None = None
    """The reason of the last correction."""


# The entries themselves, and what amendments, corrections and undoing have made of them.
_STATES = text("""
SELECT o.id, o.sales_rep_id, r.name AS rep_name, r.user_id AS rep_user_id, o.metric, m.label, m.unit,
       o.amount AS logged, o.amount + coalesce(changes.amount, 0) AS amount, o.occurred_on, o.note,
       o.entered_at, o.entered_by, a.name AS by_name, w.locale, coalesce(o.currency, w.currency) AS currency,
       goalkeeper_rep_today(o.workspace_id, o.sales_rep_id) AS today,
       last.entered_by AS changed_by, b.name AS changed_by_name, last.note AS reason
  FROM activity o
  JOIN workspaces w ON w.id = o.workspace_id
  JOIN sales_reps r ON r.workspace_id = o.workspace_id AND r.id = o.sales_rep_id
  JOIN metrics m ON m.workspace_id = o.workspace_id AND m.code = o.metric
  LEFT JOIN users a ON a.workspace_id = o.workspace_id AND a.id = o.entered_by
  LEFT JOIN LATERAL (SELECT sum(c.amount) AS amount, max(c.id) AS last_id FROM activity c
                      WHERE c.workspace_id = o.workspace_id AND c.corrects_id = o.id) AS changes ON true
  LEFT JOIN activity last ON last.workspace_id = o.workspace_id AND last.id = changes.last_id
  LEFT JOIN users b ON b.workspace_id = o.workspace_id AND b.id = last.entered_by
 WHERE o.id IN (SELECT coalesce(corrects_id, id) FROM activity WHERE id = ANY(:ids))
 ORDER BY o.id
""")


async def states(session: AsyncSession, ids: Collection[EntryId]) -> list[EntryState]:
    """Return these entries as they count now, in the order in which they were written; one statement.

    The id of a correction stands for the entry that it corrects.
    """
    return await typed_rows(session, _STATES, EntryState, ids=list(ids))


_TODAY = text("""
SELECT (goalkeeper_now() AT TIME ZONE coalesce(
           (SELECT m.time_zone FROM rep_monthly_goals m
             WHERE m.workspace_id = r.workspace_id AND m.sales_rep_id = r.id
               AND m.starts_at <= goalkeeper_now() AND goalkeeper_now() < m.ends_at LIMIT 1),
           goalkeeper_rep_zone(r.workspace_id, r.id)))::date
  FROM sales_reps r WHERE r.id = :sales_rep_id
""")


async def today(session: AsyncSession, sales_rep_id: RepId) -> date:
    """Return the rep's local date, in the zone of their current month."""
    found: date = (await session.execute(_TODAY, {"sales_rep_id": sales_rep_id})).scalar_one()
    return found
