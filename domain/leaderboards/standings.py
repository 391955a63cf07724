"""The standings behind every board: each rep's value by attainment or by a metric, ranked in the database.

Attainment belongs to the team that a rep is in at the period's end, sums to the team of each entry's day. A
rep is on a board if they carry goals when the period ends, or now if it hasn't ended.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncSession

from domain.activity.model import MetricKind, Unit
from domain.activity.queries import MetricRow
from domain.leaderboards.rules import LEAST_BELOW_THE_LINE, MOST_COUNTED, MOST_SHOWN
from domain.people.model import RepId, TeamId
from domain.periods import Kind, Period
from domain.rows import row, rows

MOST_LISTED = 100
"""Rows that are read of a board; more can only be there when very many share a place."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """What a board ranks by: attainment, or a metric of the catalogue."""

    code: str
    label: str
    unit: Unit
    above: tuple[str, ...] = ()
    """Codes of the metrics that are added up; of a quotient, those above the line."""
    below: tuple[str, ...] = ()

    @classmethod
    def by(cls, metric: MetricRow) -> "Ranking":
        """Return the ranking by a metric."""
        if metric.kind is MetricKind.QUOTIENT:
            return cls(metric.code, metric.label, metric.unit, metric.numerator, metric.denominator)
        return cls(metric.code, metric.label, metric.unit, (metric.code,))

    @property
    def is_money(self) -> bool:
        """Whether its values are amounts of money."""
        return self.unit is Unit.MONEY


ATTAINMENT = Ranking("attainment", "Attainment", Unit.PERCENT)


@dataclass(frozen=True, slots=True)
class BoardLine:
    """A rep on a board, with the goals and figures of their set months; place 1 is the best."""

    sales_rep_id: RepId
    place: int
    value: Decimal
    signups: Decimal = Decimal(0)
    signup_goal: Decimal = Decimal(0)
    revenue: Decimal = Decimal(0)
    revenue_goal: Decimal = Decimal(0)
    pace: str | None = None
    """`ahead`, `on_track`, `behind` or `critical`; None: no verdict yet, or no goal."""


@dataclass(frozen=True, slots=True)
class RankedRep:
    """The shown part of a ranking: the top half, ten at most, ties at the cut included."""

    lines: tuple[BoardLine, ...] = ()
    """Up to `MOST_LISTED`, best first."""
    listed: int = 0
    """How many belong on the board."""


@dataclass(frozen=True, slots=True)
class OwnPlace:
    """Where one rep stands, which only they are told."""

    value: Decimal
    place: int
    sharing: int
    """How many others share the place."""
    next_value: Decimal | None
    """What the next rep ahead has; None for the first."""
    next_place: int
    is_public: bool
    """False: the rep isn't shown on boards."""


_CARRIES = """EXISTS (SELECT FROM rep_stints s
             WHERE s.workspace_id = r.workspace_id AND s.sales_rep_id = r.id
               AND s.started_on <= CAST(:last_day AS date)
               AND (s.ended_on IS NULL OR s.ended_on > CAST(:last_day AS date)))"""
_TEAM_AT_THE_END = """
      JOIN team_memberships t ON t.workspace_id = r.workspace_id AND t.sales_rep_id = r.id
       AND t.team_id = ANY(CAST(:team_ids AS bigint[]))
       AND t.started_on <= CAST(:last_day AS date)
       AND (t.ended_on IS NULL OR t.ended_on > CAST(:last_day AS date))"""
# The default as the month was prefilled with it, so that a ramp or joining late costs no rank. In the months
# of an earlier stint the default counts whole.
_USUAL = """CASE
               WHEN r.monthly_signup_goal IS NULL THEN 0
               WHEN r.joined_on >= make_date(m.goal_year, m.goal_month, 1) + interval '1 month'
               THEN r.monthly_signup_goal
               WHEN r.ramp IS NULL AND r.joined_on <= make_date(m.goal_year, m.goal_month, 1)
               THEN r.monthly_signup_goal
               ELSE goalkeeper_prefilled_signups(
                   r.monthly_signup_goal, r.ramp, r.joined_on, make_date(m.goal_year, m.goal_month, 1),
                   (SELECT working_days FROM workspaces WHERE id = goalkeeper_workspace())) END"""
# Sums over sums, of the months that were set; each metric counts up to the cap.
_BY_ATTAINMENT = f"""
SELECT b.board, b.sales_rep_id, b.is_public,
       round((CASE WHEN b.signup_base > 0
                   THEN least(greatest(b.signups, 0) * 100.0 / b.signup_base, {MOST_COUNTED}) ELSE 0 END
              + CASE WHEN b.revenue_base > 0
                     THEN least(greatest(b.revenue, 0) * 100.0 / b.revenue_base, {MOST_COUNTED}) ELSE 0 END)
             / nullif((b.signup_base > 0)::integer + (b.revenue_base > 0)::integer, 0), 2) AS value
  FROM (
    SELECT {{board}} AS board, r.id AS sales_rep_id, r.on_public_boards AS is_public,
           sum(m.signups_actual) AS signups, sum(greatest(m.signup_goal, {_USUAL})) AS signup_base,
           sum(m.revenue_actual) AS revenue, sum(m.revenue_goal) AS revenue_base
      FROM sales_reps r {{teams}}
      JOIN rep_monthly_goals m ON m.workspace_id = r.workspace_id AND m.sales_rep_id = r.id
       AND m.goal_year = :year AND m.goal_month BETWEEN :first_month AND :last_month
       AND m.goal_set_at IS NOT NULL
     WHERE {_CARRIES}
     GROUP BY 1, 2, 3
  ) AS b
"""
# A quotient of sums; with too little below the line it isn't ranked.
_BY_METRIC = f"""
SELECT b.board, b.sales_rep_id, r.on_public_boards AS is_public, b.value
  FROM (
    SELECT t.workspace_id, t.sales_rep_id, {{board}} AS board,
           CASE WHEN cardinality(CAST(:below AS text[])) = 0 THEN sum(t.amount)
                ELSE round(:factor * coalesce(sum(t.amount) FILTER (WHERE t.metric = ANY(:above)), 0)
                           / nullif(sum(t.amount) FILTER (WHERE t.metric = ANY(:below)), 0), 2) END AS value
      FROM activity_totals t
     WHERE {{metric}} = ANY(CAST(:above AS text[]) || CAST(:below AS text[]))
       AND t.grain = 'month'
       AND t.starts_on >= CAST(:start AS date) AND t.starts_on < CAST(:end AS date) {{teams}}
     GROUP BY 1, 2, 3
    HAVING cardinality(CAST(:below AS text[])) = 0
        OR sum(t.amount) FILTER (WHERE t.metric = ANY(:below)) >= {LEAST_BELOW_THE_LINE}
  ) AS b
  JOIN sales_reps r ON r.workspace_id = b.workspace_id AND r.id = b.sales_rep_id
 WHERE {_CARRIES}
"""
# The top half by place, ten at most, with all who share the last place that is shown; then the goals and
# figures of the set months of those few, for the difference and the pace.
_SHOWN = f"""
WITH standing AS ({{standing}}),
ranked AS (
    SELECT board, sales_rep_id, value,
           rank() OVER best AS place,
           row_number() OVER best AS number,
           count(*) OVER (PARTITION BY board) AS ranked
      FROM standing
     WHERE value > 0 AND is_public
    WINDOW best AS (PARTITION BY board ORDER BY value DESC)
), cut AS (
    SELECT *, max(place) FILTER (WHERE number <= least(greatest(ranked / 2, 1), {MOST_SHOWN}))
                  OVER (PARTITION BY board) AS last_place
      FROM ranked
), listed AS (
    SELECT board, sales_rep_id, value, place, count(*) OVER (PARTITION BY board) AS listed,
           row_number() OVER (PARTITION BY board ORDER BY place, sales_rep_id) AS number
      FROM cut
     WHERE place <= last_place
), shown AS MATERIALIZED (
    SELECT * FROM listed WHERE number <= {MOST_LISTED}
), months AS (
    SELECT m.*, make_date(m.goal_year, m.goal_month, 1) AS first_day,
           (make_date(m.goal_year, m.goal_month, 1) + interval '1 month')::date AS end_day,
           (CAST(:now AS timestamptz) AT TIME ZONE m.time_zone)::date AS today,
           r.joined_on
      FROM (SELECT DISTINCT sales_rep_id FROM shown) AS of_shown
      JOIN rep_monthly_goals m ON m.sales_rep_id = of_shown.sales_rep_id
       AND m.goal_year = :year AND m.goal_month BETWEEN :first_month AND :last_month
       AND m.goal_set_at IS NOT NULL
      JOIN sales_reps r ON r.workspace_id = m.workspace_id AND r.id = m.sales_rep_id
), days AS (
    SELECT *,
           CASE WHEN joined_on > first_day AND joined_on < end_day THEN joined_on ELSE first_day END
           AS begun_on
      FROM months
), figures AS (
    SELECT d.sales_rep_id,
           sum(d.signups_actual)::integer AS signups, sum(d.signup_goal)::integer AS signup_goal,
           sum(d.revenue_actual) AS revenue, sum(d.revenue_goal) AS revenue_goal,
           sum(goalkeeper_counted_days(d.begun_on, least(greatest(d.today, d.begun_on), d.end_day),
                                       w.working_days, w.pace_by))::integer AS completed,
           sum(goalkeeper_counted_days(d.begun_on, d.end_day, w.working_days, w.pace_by))::integer AS total
      FROM days d
      JOIN workspaces w ON w.id = d.workspace_id
     GROUP BY d.sales_rep_id
), lines AS (
    SELECT s.board, s.listed, s.number, s.sales_rep_id, s.place, s.value,
           coalesce(f.signups, 0) AS signups, coalesce(f.signup_goal, 0) AS signup_goal,
           coalesce(f.revenue, 0) AS revenue, coalesce(f.revenue_goal, 0) AS revenue_goal,
           CASE WHEN f.total > 0
                THEN goalkeeper_pace(f.signup_goal, f.signups, f.revenue_goal, f.revenue, f.completed,
                                     f.total) END AS pace
      FROM shown s
      LEFT JOIN figures f ON f.sales_rep_id = s.sales_rep_id
)
"""
_LINES = """
SELECT sales_rep_id, place, value, signups, signup_goal, revenue, revenue_goal, pace, listed
  FROM lines
 ORDER BY number
"""
# The one who asks is ranked among those whom boards show, whether they are shown themselves or not.
_OWN = """
WITH standing AS MATERIALIZED ({standing}),
mine AS (
    SELECT value, is_public FROM standing WHERE sales_rep_id = :sales_rep_id AND value > 0
), ahead AS (
    SELECT count(*) FILTER (WHERE s.value > m.value) AS better,
           count(*) FILTER (WHERE s.value = m.value) AS sharing,
           min(s.value) FILTER (WHERE s.value > m.value) AS next_value
      FROM standing s
      CROSS JOIN mine m
     WHERE s.value >= m.value AND s.is_public AND s.sales_rep_id <> :sales_rep_id
)
SELECT m.value, 1 + a.better AS place, a.sharing, a.next_value,
       1 + (SELECT count(*) FROM standing s
             WHERE s.value > a.next_value AND s.is_public AND s.sales_rep_id <> :sales_rep_id) AS next_place,
       m.is_public
  FROM mine m
  CROSS JOIN ahead a
"""


def standing_sql(ranking: Ranking, *, of_teams: bool) -> str:
    """Return SQL for each rep's value on each board.

    Its columns: board (a team's id, or null), sales_rep_id, is_public, value.
    """
    if ranking == ATTAINMENT:
        teams = _TEAM_AT_THE_END if of_teams else ""
        return _BY_ATTAINMENT.format(board="t.team_id" if of_teams else "CAST(NULL AS bigint)", teams=teams)
    # The index of all reps' totals has the code in lower case.
    return _BY_METRIC.format(
        board="t.team_id" if of_teams else "CAST(NULL AS bigint)",
        metric="t.metric" if of_teams else "lower(t.metric)",
        teams="AND t.team_id = ANY(CAST(:team_ids AS bigint[]))" if of_teams else "",
    )


def shown_sql(ranking: Ranking, *, of_teams: bool) -> str:
    """Return SQL that ends with a relation `lines`: the rows of these boards; a SELECT follows."""
    return _SHOWN.format(standing=standing_sql(ranking, of_teams=of_teams))


def values_of(ranking: Ranking, period: Period, team_ids: Sequence[TeamId] | None) -> dict[str, Any]:
    """Return the parameters of these statements, `now` and the rep aside; no teams: the company."""
    if period.kind not in (Kind.MONTH, Kind.QUARTER, Kind.YEAR):
        raise ValueError(f"there are no boards of a {period.kind}")
    months = {
        "year": period.start.year,
        "first_month": period.start.month,
        "last_month": period.last_day.month,
        "last_day": period.last_day,
    }
    teams = {} if team_ids is None else {"team_ids": list(team_ids)}
    if ranking == ATTAINMENT:
        return {**months, **teams}
    factor = Decimal(100 if ranking.unit is Unit.PERCENT else 1)
    codes = {"above": list(ranking.above), "below": list(ranking.below), "factor": factor}
    return {**months, **teams, **codes, "start": period.start, "end": period.end}


@dataclass(frozen=True, slots=True)
class _Listed(BoardLine):
    listed: int = 0


async def standing(
    session: AsyncSession, now: datetime, ranking: Ranking, period: Period, team_id: TeamId | None
) -> RankedRep:
    """Return the board of a team or, without one, of the company; one statement."""
    values = values_of(ranking, period, _only(team_id))
    found = await rows(session, board_statement(ranking, team_id), _Listed, now=now, **values)
    lines = tuple(
        BoardLine(
            each.sales_rep_id, each.place, each.value, each.signups, each.signup_goal, each.revenue,
            each.revenue_goal, each.pace,
        )
        for each in found
    )  # fmt: skip
    return RankedRep(lines, found[0].listed if found else 0)


async def own_place(
    session: AsyncSession, ranking: Ranking, period: Period, team_id: TeamId | None, rep_id: RepId
) -> OwnPlace | None:
    """Return where a rep stands; None with nothing to rank, or on another team's board; one statement."""
    values = values_of(ranking, period, _only(team_id))
    return await row(session, own_statement(ranking, team_id), OwnPlace, sales_rep_id=rep_id, **values)


def board_statement(ranking: Ranking, team_id: TeamId | None) -> TextClause:
    """Return the statement of `standing`."""
    return text(shown_sql(ranking, of_teams=team_id is not None) + _LINES)


def own_statement(ranking: Ranking, team_id: TeamId | None) -> TextClause:
    """Return the statement of `own_place`."""
    return text(_OWN.format(standing=standing_sql(ranking, of_teams=team_id is not None)))


def _only(team_id: TeamId | None) -> list[TeamId] | None:
    return None if team_id is None else [team_id]
