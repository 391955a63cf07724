"""Every SELECT about boards but the standings themselves: schedules, and boards as people see them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from domain.activity import queries as activity
from domain.leaderboards import standings
from domain.leaderboards.model import SnapshotId
from domain.leaderboards.schedule import BoardKind, Schedule
from domain.leaderboards.standings import ATTAINMENT, BoardLine, RankedRep, Ranking
from domain.people.model import RepId, TeamId
from domain.periods import Period, local_date
from domain.rows import row, rows


@dataclass(frozen=True, slots=True)
class BoardFormat:
    """The workspace's settings that boards depend on."""

    zone: str
    weekday: int
    at: time
    since: datetime
    metric: str
    """`attainment`, or the code of a metric."""
    are_posted: bool
    shows_money: bool
    currency: str
    locale: str

    @property
    def schedule(self) -> Schedule | None:
        """When boards are posted; None: never."""
        return Schedule(self.zone, self.weekday, self.at, self.since) if self.are_posted else None


_SETTINGS = text("""
SELECT time_zone AS zone, board_weekday AS weekday, board_time AS at, boards_since AS since,
       board_metric AS metric, boards_are_posted AS are_posted, money_is_public AS shows_money,
       currency, locale
  FROM workspaces
 WHERE id = goalkeeper_workspace()
""")


async def settings(session: AsyncSession) -> BoardFormat:
    """Return the settings of this workspace."""
    [found] = await rows(session, _SETTINGS, BoardFormat)
    return found


async def rankings(session: AsyncSession) -> list[Ranking]:
    """Return all that boards can rank by: attainment, and each metric that is switched on."""
    return [ATTAINMENT, *(Ranking.by(metric) for metric in await activity.catalogue(session) if metric.is_on)]


async def ranking(session: AsyncSession, code: str) -> Ranking:
    """Return what posted boards rank by: attainment where the metric has been switched off meanwhile."""
    return next((each for each in await rankings(session) if each.code == code), ATTAINMENT)


async def recorded_ranking(session: AsyncSession, code: str) -> Ranking:
    """Return what a board that is written down ranks by, also when the metric is switched off now."""
    metrics = [metric for metric in await activity.catalogue(session) if metric.code == code]
    return Ranking.by(metrics[0]) if metrics else ATTAINMENT


@dataclass(frozen=True, slots=True)
class NamedTeam:
    """A rep as a board shows them."""

    sales_rep_id: RepId
    name: str
    email: str | None
    team: str | None
    """The one they are in now."""
    is_public: bool


@dataclass(frozen=True, slots=True)
class PostedBoard:
    """A board with all that is shown of it."""

    team: str | None
    """None: the company's."""
    team_id: TeamId | None
    ranking: Ranking
    period: Period
    kind: BoardKind | None
    """None: somebody asked for it."""
    today: date
    """On the workspace's calendar; of a posted board, the day on which it was due."""
    lines: tuple[BoardLine, ...]
    listed: int
    """Reps on the board; more than lines if very many share a place."""
    names: Mapping[RepId, NamedTeam]
    before: Mapping[RepId, int] | None
    """The places on the last board that was posted of the same period; None: there is none."""
    is_settled: bool
    """A final board that can't change any more."""
    settings: BoardFormat

    @property
    def is_over(self) -> bool:
        """Whether its period has ended."""
        return self.kind is BoardKind.FINAL or self.today >= self.period.end


@dataclass(frozen=True, slots=True)
class _Snapshot:
    id: SnapshotId
    team: str | None
    team_id: TeamId | None
    metric: str
    month: Period
    kind: BoardKind
    posted_on: date
    rows: tuple[dict[str, Any], ...]
    listed: int
    settled_at: datetime | None


_SNAPSHOT = text("""
SELECT s.id, t.name AS team, s.team_id, s.metric, s.year AS "month.year", s.month AS "month.month", s.kind,
       s.posted_on, s.rows, s.listed, s.settled_at
  FROM leaderboard_snapshots s
  LEFT JOIN teams t ON t.workspace_id = s.workspace_id AND t.id = s.team_id
 WHERE s.id = :snapshot_id
""")


async def posted(session: AsyncSession, snapshot_id: int) -> PostedBoard | None:
    """Return a board as it was written down; reps who keep their name off boards since then are left out."""
    found = await row(session, _SNAPSHOT, _Snapshot, snapshot_id=snapshot_id)
    if found is None:
        return None
    lines = [_line(each) for each in found.rows]
    names = await _named(session, [line.sales_rep_id for line in lines])
    shown = tuple(line for line in lines if line.sales_rep_id in names and names[line.sales_rep_id].is_public)
    by = await recorded_ranking(session, found.metric)
    return PostedBoard(
        team=found.team,
        team_id=found.team_id,
        ranking=by,
        period=found.month,
        kind=found.kind,
        today=found.posted_on,
        lines=shown,
        listed=found.listed - (len(lines) - len(shown)),
        names=names,
        before=await _places_before(session, found.team_id, by.code, found.month, found.id),
        is_settled=found.settled_at is not None,
        settings=await settings(session),
    )


async def current(
    session: AsyncSession, now: datetime, team: tuple[TeamId, str] | None, by: Ranking, period: Period
) -> PostedBoard:
    """Return a team's board (its id and name) or, without one, the company's, as it stands now."""
    team_id, name = team or (None, None)
    standing: RankedRep = await standings.standing(session, now, by, period, team_id)
    here = await settings(session)
    return PostedBoard(
        team=name,
        team_id=team_id,
        ranking=by,
        period=period,
        kind=None,
        today=local_date(now, here.zone),
        lines=standing.lines,
        listed=standing.listed,
        names=await _named(session, [line.sales_rep_id for line in standing.lines]),
        before=await _places_before(session, team_id, by.code, period, None),
        is_settled=False,
        settings=here,
    )


def _line(written: Mapping[str, Any]) -> BoardLine:
    amounts = ("value", "signups", "signup_goal", "revenue", "revenue_goal")
    return BoardLine(
        sales_rep_id=RepId(written["sales_rep_id"]),
        place=written["place"],
        pace=written["pace"],
        **{name: Decimal(written[name]) for name in amounts},
    )


_NAMES = text("""
SELECT r.id AS sales_rep_id, r.name, r.email, t.name AS team, r.on_public_boards AS is_public
  FROM sales_reps r
  LEFT JOIN current_memberships m ON m.workspace_id = r.workspace_id AND m.sales_rep_id = r.id
  LEFT JOIN teams t ON t.workspace_id = m.workspace_id AND t.id = m.team_id
 WHERE r.id = ANY(:rep_ids)
""")


async def _named(session: AsyncSession, rep_ids: Collection[RepId]) -> dict[RepId, NamedTeam]:
    found = await rows(session, _NAMES, NamedTeam, rep_ids=list(rep_ids))
    return {each.sales_rep_id: each for each in found}


# Only what really was posted: a board whose channel was archived that day moved nobody.
_LAST_POSTED = """
SELECT s.rows
  FROM leaderboard_snapshots s
 WHERE s.team_id {of} AND s.year = :year AND s.month = :month AND s.metric = :metric
   AND (CAST(:before_id AS bigint) IS NULL OR s.id < :before_id)
   AND EXISTS (SELECT FROM outbox o
                WHERE o.subject = 'board' AND o.mode = 'post' AND o.status = 'sent' AND o.period = :period
                  AND o.part = coalesce(s.team_id::text, 'company')
                  AND o.stage = s.kind || ' ' || s.posted_on)
 ORDER BY s.id DESC
 LIMIT 1
"""


async def _places_before(
    session: AsyncSession, team_id: TeamId | None, metric: str, period: Period, before_id: SnapshotId | None
) -> dict[RepId, int] | None:
    statement = text(_LAST_POSTED.format(of="= :team_id" if team_id is not None else "IS NULL"))
    keys = {"year": period.start.year, "month": period.start.month, "metric": metric, "before_id": before_id}
    if team_id is not None:
        keys["team_id"] = team_id
    if len(period.months) > 1:
        return None
    found: Sequence[Mapping[str, Any]] | None = (
        await session.execute(statement, {**keys, "period": str(period)})
    ).scalar_one_or_none()
    return None if found is None else {RepId(each["sales_rep_id"]): each["place"] for each in found}


_OUTDATED = text("""
SELECT EXISTS (SELECT FROM leaderboard_snapshots newer
                WHERE newer.team_id IS NOT DISTINCT FROM s.team_id AND newer.posted_on > s.posted_on
                  AND newer.id > s.id)
  FROM leaderboard_snapshots s
 WHERE s.id = :snapshot_id AND s.kind = 'weekly'
""")


async def is_outdated(session: AsyncSession, snapshot_id: int) -> bool:
    """Return True for a weekly board that a newer one has followed."""
    found = (await session.execute(_OUTDATED, {"snapshot_id": snapshot_id})).scalar_one_or_none()
    return bool(found)
