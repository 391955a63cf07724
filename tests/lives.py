"""Lives of sales reps, lived through in a real database: nobody is called late too early.

Many reps live side by side in one transaction, with the same instants and ticks, each a life of their own. A
model in plain Python says when each of them may be called late, and is asked again at every instant.
"""

import random
from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import text

from domain import flow
from domain.db import Database, Transaction, WorkspaceId
from domain.goals.jobs import open_for_joiners
from domain.goals.rules import GoalState
from domain.jobs import allow_nested_loops
from domain.people import memberships
from domain.people.model import Standing, TeamId
from domain.people.roster.rows import Row
from domain.people.service import Profile
from domain.periods import Kind, MonthBounds, Period, local_date, local_month, midnight, month_bounds
from domain.reminders import lateness, queries
from tests.builders import a_team, a_user, moved_to

BEGIN = datetime(2026, 9, 24, tzinfo=UTC)
DAYS = 56
"""A month with its deadline, the next one, and clock changes on both sides of the Atlantic."""
ZONES = (
    "UTC",
    "America/Los_Angeles",
    "America/New_York",
    "Europe/Berlin",
    "Asia/Kolkata",
    "Pacific/Auckland",
    "Pacific/Kiritimati",
)
DEADLINE_DAY = 6
LONG = timedelta(days=7)


class Event(StrEnum):
    """What can happen to somebody."""

    JOIN_WEST = "join west"
    JOIN_EAST = "join east"
    ROSTER = "named by a roster"
    LEAVE = "leave"
    DEACTIVATED = "deactivated"
    REACTIVATED = "reactivated"
    MOVE = "move to the next zone"
    SET = "set goals"


@dataclass(frozen=True)
class Life:
    """The zone in which somebody begins, and what happens to them at which of the instants."""

    zone: int
    events: dict[int, Event]


@dataclass(frozen=True)
class Times:
    """Instants in order, in minutes from `BEGIN`, and those at which there is a tick."""

    minutes: tuple[int, ...]
    ticks: frozenset[int]

    def at(self, number: int) -> datetime:
        """One of the instants."""
        return BEGIN + timedelta(minutes=self.minutes[number])


def any_times(choose: random.Random, count: int = 40) -> Times:
    """Instants at any minute, more of them about the deadlines; ticks at most, or at few of them."""
    wanted = {choose.randrange(DAYS * 1440) for _ in range(count // 2)}
    while len(wanted) < count:
        deadline = choose.choice((12, 43)) * 1440
        around = choose.randrange(-6, 7) * choose.choice((720, 977))
        wanted.add(deadline + choose.choice((0, 60, 720)) + around)
    often = choose.choice((0.2, 0.6, 0.95))
    ticks = frozenset(number for number in range(count) if choose.random() < often)
    return Times(tuple(sorted(wanted)), ticks)


def any_life(choose: random.Random, instants: int) -> Life:
    """Up to a dozen events in any order, with somebody on a team at first more often than not."""
    numbers = sorted(choose.sample(range(1, instants), choose.randrange(1, 13)))
    events = {number: choose.choice(list(Event)) for number in numbers}
    if choose.random() < 0.7:
        events[0] = Event.JOIN_WEST
    return Life(choose.randrange(len(ZONES)), events)


# --- the model -------------------------------------------------------------------------------------------


@dataclass
class MonthOf:
    """A month that is open for somebody."""

    bounds: MonthBounds
    zone: str
    is_set: bool = False
    is_archived: bool = False


@dataclass
class Somebody:
    """What the rules say of one person, and nothing about how it is stored."""

    zone: str
    team: str | None = None
    away_since: datetime | None = None
    started_on: date | None = None
    """First day of the stint that goes on; None: they carry no goals."""
    settles_from: date = date(2024, 1, 1)
    left_by_absence: bool = False
    months: dict[Period, MonthOf] = field(default_factory=dict)
    safe_until: dict[Period, datetime] = field(default_factory=dict)
    """Three whole days from each time of joining, reckoned by themselves."""

    @property
    def takes_part(self) -> bool:
        return self.started_on is not None and self.away_since is None

    def this_month(self, now: datetime) -> Period:
        return local_month(now, self.zone)

    def deadline(self, month: Period) -> datetime:
        """That of a month, open or not."""
        if month in self.months:
            return self.months[month].bounds.deadline
        return month_bounds(month, self.zone, DEADLINE_DAY, self.settles_from).deadline

    def open(self, now: datetime) -> None:
        month = self.this_month(now)
        if self.takes_part and month not in self.months and self.started_on <= local_date(now, self.zone):  # type: ignore[operator]
            bounds = month_bounds(month, self.zone, DEADLINE_DAY, self.settles_from)
            self.months[month] = MonthOf(bounds, self.zone)

    def joins(self, now: datetime, team: str) -> bool:
        if self.away_since is not None or self.team == team:
            return False
        self.team = team
        if self.started_on is None:
            self._begin(now)
            self.open(now)
        return True

    def _begin(self, now: datetime) -> None:
        today = local_date(now, self.zone)
        self.started_on = self.settles_from = today
        self.left_by_absence = False
        self.safe_until[Period.containing(today, Kind.MONTH)] = midnight(today + timedelta(days=4), self.zone)
        for month, row in self.months.items():
            if month.end > today:
                row.bounds = month_bounds(month, self.zone, DEADLINE_DAY, today)
                row.zone, row.is_archived = self.zone, False

    def leaves(self, now: datetime) -> bool:
        if self.team is None:
            return False
        self.team, self.left_by_absence = None, False
        if self.started_on is not None:
            self._end(local_date(now, self.zone))
        return True

    def _end(self, day: date) -> None:
        day, self.started_on = max(day, self.started_on or day), None
        for month, row in self.months.items():
            row.is_archived |= month.end > day

    def goes(self, now: datetime) -> bool:
        if self.away_since is not None:
            return False
        self.away_since = now
        return True

    def comes_back(self, now: datetime) -> bool:
        if self.away_since is None:
            return False
        gone, self.away_since = self.away_since, None
        if self.started_on is not None and now - gone >= LONG:
            self._end(local_date(gone, self.zone))
            self.left_by_absence = True
        if self.left_by_absence:
            self._begin(now)
        elif self.started_on is not None:
            self._had_no_chance(gone, now)
        self.open(now)
        return True

    def _had_no_chance(self, gone: datetime, now: datetime) -> None:
        """A deadline that passed while they were away gives way to three days."""
        today = local_date(now, self.zone)
        covered = gone < self.common_deadline(Period.containing(today, Kind.MONTH)) <= now
        for row in self.months.values():
            if not row.is_set and not row.is_archived and gone < row.bounds.deadline <= now:
                covered = True
                until = midnight(local_date(now, row.zone) + timedelta(days=4), row.zone)
                row.bounds = MonthBounds(row.bounds.starts_at, row.bounds.ends_at, until)
        if covered:
            self.settles_from = today

    def common_deadline(self, month: Period) -> datetime:
        """That of the calendar, by where they are and since when they have been there."""
        return month_bounds(month, self.zone, DEADLINE_DAY, self.settles_from).deadline

    def moves(self, _now: datetime) -> bool:
        self.zone = ZONES[(ZONES.index(self.zone) + 1) % len(ZONES)]
        return True

    def sets(self, now: datetime) -> bool:
        row = self.months.get(self.this_month(now))
        if not self.takes_part or row is None or row.is_set or row.is_archived:
            return False
        row.is_set = True
        return True

    def ticked(self, now: datetime) -> None:
        if self.started_on is not None and self.away_since is not None and now - self.away_since >= LONG:
            self._end(local_date(self.away_since, self.zone))
            self.left_by_absence = True
        self.open(now)

    def may_be_late(self, month: Period, now: datetime) -> bool:
        """Whether somebody may say that they are late with this month."""
        if month in self.safe_until and now < self.safe_until[month]:
            return False
        row = self.months.get(month)
        return now >= self.deadline(month) and not (row and row.is_set)


# --- the world ---------------------------------------------------------------------------------------------


class CalledLate(AssertionError):
    """Somebody was called late too early, or stands otherwise than the rules say; `number` is whose life."""

    def __init__(self, number: int, what: str) -> None:
        super().__init__(what)
        self.number = number


_SET = text("""
UPDATE rep_monthly_goals m SET signup_goal = 20, goal_set_at = goalkeeper_now()
  FROM sales_reps r JOIN users u ON u.id = r.user_id
 WHERE m.sales_rep_id = r.id AND m.goal_set_at IS NULL
   AND (u.slack_id, make_date(m.goal_year, m.goal_month, 1)) IN
       (SELECT * FROM unnest(CAST(:who AS text[]), CAST(:months AS date[])))
""")
_OVERDUE_NOW = text("""
SELECT u.slack_id, o.facts ->> 'goal' AS goal
  FROM outbox o JOIN users u ON 'user:' || u.id = o.audience
 WHERE o.kind = 'reminders.reminder' AND o.facts ->> 'stage' = 'goal_overdue' AND o.created_at = :now
""")
_OVERDUE_VIEW = text("""
SELECT u.slack_id, v.goal_year, v.goal_month
  FROM v_goals_needing_setup v
  JOIN sales_reps r ON r.id = v.sales_rep_id JOIN users u ON u.id = r.user_id
 WHERE v.deadline_status = 'overdue'
""")
_WAITING = text("""
SELECT o.id, o.topic, o.kind, o.facts, o.due_at, o.round, o.part, u.slack_id
  FROM outbox o JOIN users u ON 'user:' || u.id = o.audience
 WHERE o.kind = 'reminders.reminder' AND o.facts ->> 'stage' = 'goal_overdue' AND o.status = 'pending'
""")


class _Lived(Exception):
    """Ends the transaction of lives without a commit."""


async def lived(
    db: Database, workspace_id: WorkspaceId, lives: Sequence[Life], times: Times, *, keep: bool = False
) -> "World":
    """Live through these lives, and leave no trace in the database unless it is to `keep` them.

    Raises:
        CalledLate: the rules were broken for one of them.
    """
    world = None
    with suppress(_Lived):
        async with db.workspace(workspace_id, at=BEGIN, patience="600s") as tx:
            world = World(tx, lives, times)
            await world.live()
            if not keep:
                raise _Lived
    assert world is not None
    return world


@dataclass(frozen=True)
class Waiting:
    """An intent as the courier would claim it, in so far as it is judged by it."""

    topic: str
    facts: dict[str, object]
    due_at: datetime
    round: int | None
    part: str | None


class World:
    """The people of many lives in one workspace, and the model of each."""

    def __init__(self, tx: Transaction, lives: Sequence[Life], times: Times) -> None:
        self.tx = tx
        self.lives = lives
        self.times = times
        self.people = [Somebody(ZONES[life.zone]) for life in lives]
        self.teams: dict[str, TeamId] = {}
        self.number = {f"U0L{number}": number for number in range(len(lives))}
        self.happened = self.called_late = 0
        """Events that were possible, and how often somebody stood as late when an instant had come."""

    async def live(self) -> None:
        """Go through all instants; raises `CalledLate`."""
        await self._staff()
        for number in range(len(self.times.minutes)):
            self.tx = await moved_to(self.tx, self.times.at(number))
            # The planner knows nothing of rows that nobody has committed: it would join them in nested loops.
            await allow_nested_loops(self.tx.session, False)
            for event in Event:
                await self._happen(
                    event, [at for at, life in enumerate(self.lives) if life.events.get(number) is event]
                )
            await self._check(ticked=False)
            if number in self.times.ticks:
                await flow.tick(self.tx.session, self.tx.now)
                for somebody in self.people:
                    somebody.ticked(self.tx.now)
                await self._check(ticked=True)

    async def _staff(self) -> None:
        self.tx = await moved_to(self.tx, BEGIN - timedelta(days=1))
        boss = await a_user(self.tx.session, name="Kim")
        for name in ("West", "East"):
            self.teams[name] = await a_team(self.tx.session, name=name, manager_id=boss)
        await self._meet(range(len(self.lives)))

    async def _happen(self, event: Event, whose: list[int]) -> None:
        now, does = self.tx.now, _DOES[event]
        done = [number for number in whose if does(self.people[number], now)]
        self.happened += len(done)
        if not done:
            return
        ids = [f"U0L{number}" for number in done]
        match event:
            case Event.JOIN_WEST | Event.JOIN_EAST:
                team = self.teams["West" if event is Event.JOIN_WEST else "East"]
                await memberships.take_in(self.tx.session, now, team, ids)
                await open_for_joiners(self.tx.session, now)
            case Event.ROSTER:
                rows = [Row(slack_id=each, team="West") for each in ids]
                await flow.import_roster(self.tx.session, now, rows)
            case Event.LEAVE:
                for team in self.teams.values():
                    await memberships.take_out(self.tx.session, now, team, ids)
            case Event.DEACTIVATED | Event.REACTIVATED | Event.MOVE:
                await self._meet(done)
            case Event.SET:
                months = [self.people[number].this_month(now).start for number in done]
                await self.tx.session.execute(_SET, {"who": ids, "months": months})

    async def _meet(self, numbers: Sequence[int]) -> None:
        profiles = [
            Profile(
                slack_id=f"U0L{number}",
                name=f"L{number}",
                email=None,
                time_zone=self.people[number].zone,
                standing=Standing.MEMBER,
                slack_admin=False,
                is_active=self.people[number].away_since is None,
            )
            for number in numbers
        ]
        await flow.meet(self.tx.session, self.tx.now, profiles)

    # --- what is said of them

    async def _check(self, *, ticked: bool) -> None:
        await allow_nested_loops(self.tx.session, False)
        now, seen = self.tx.now, defaultdict[Period, set[int]](set)
        for month in {local_month(now, zone) for zone in ZONES}:
            compliance = await queries.compliance(self.tx.session, now, month, None, everybody=True)
            for rep in compliance.reps:
                seen[month].add(self.number[rep.slack_id])
                self._check_standing(self.number[rep.slack_id], month, rep)
        for number, somebody in enumerate(self.people):
            if somebody.takes_part and number not in seen[somebody.this_month(now)]:
                raise CalledLate(number, f"{now}: carries goals and counts nowhere")
        for row in await self.tx.session.execute(_OVERDUE_VIEW):
            self._check_late(row.slack_id, Period.of_month(row.goal_year, row.goal_month), "the view")
        if ticked:
            for row in await self.tx.session.execute(_OVERDUE_NOW, {"now": now}):
                self._check_late(row.slack_id, Period.parse(row.goal), "a reminder")
        await self._check_waiting()

    def _check_standing(self, number: int, month: Period, rep: queries.RepState) -> None:
        somebody, now = self.people[number], self.tx.now
        if not somebody.takes_part:
            raise CalledLate(number, f"{now}: is in a list although they carry no goals")
        if rep.deadline != somebody.deadline(month):
            raise CalledLate(number, f"{now}: {month} due {rep.deadline}, not {somebody.deadline(month)}")
        late = rep.state is GoalState.OVERDUE
        self.called_late += late
        if late and not somebody.may_be_late(month, now):
            raise CalledLate(number, f"{now}: called late with {month}, due {somebody.deadline(month)}")
        if not late and somebody.may_be_late(month, now) and rep.state is not GoalState.OVER:
            raise CalledLate(number, f"{now}: is late with {month}, and nobody says so")

    def _check_late(self, slack_id: str, month: Period, where: str) -> None:
        number = self.number[slack_id]
        if not self.people[number].may_be_late(month, self.tx.now):
            raise CalledLate(number, f"{self.tx.now}: called late with {month} by {where}")

    async def _check_waiting(self) -> None:
        """What waits for Slack all the time would be sent now, unless something speaks against it."""
        for row in (await self.tx.session.execute(_WAITING)).all():
            month = Period.parse(row.facts["goal"])
            if self.people[self.number[row.slack_id]].may_be_late(month, self.tx.now):
                continue
            intent = Waiting(row.topic, row.facts, row.due_at, row.round, row.part)
            if await lateness.of_reminder(self.tx, intent) is None:  # type: ignore[arg-type]
                raise CalledLate(
                    self.number[row.slack_id], f"{self.tx.now}: a reminder that waited calls them late"
                )


_DOES: dict[Event, Callable[[Somebody, datetime], bool]] = {
    Event.JOIN_WEST: lambda who, now: who.joins(now, "West"),
    Event.JOIN_EAST: lambda who, now: who.joins(now, "East"),
    Event.ROSTER: lambda who, now: who.joins(now, "West"),
    Event.LEAVE: Somebody.leaves,
    Event.DEACTIVATED: Somebody.goes,
    Event.REACTIVATED: Somebody.comes_back,
    Event.MOVE: Somebody.moves,
    Event.SET: Somebody.sets,
}
