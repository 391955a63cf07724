"""A month that copies tick through while they are killed, and what has been said in it in the end.

Four reps and a manager, from the 27th of October to the overdue reminders of November. In each step a copy is
killed at every point that no step before came by, and at the commit; each time another one takes over, as it
would a minute later. Then everything must have been said once.
"""

import asyncio
import uuid
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from bot.clock import BusinessClock
from bot.postgres import create_engine, create_owner_engine
from domain import flow
from domain.db import Database, WorkspaceId
from domain.goals.opening import open_months
from domain.periods import Period
from domain.reminders.model import ReminderType
from domain.reminders.rules import Snooze
from tests.builders import a_workspace
from tests.conftest import Server, Sql
from tests.db.reminders.office import Office
from tests.prove.campaign import REST, Tally
from tests.prove.copies import Aim, Order
from tests.prove.fleet import Crew, Fleet

NOVEMBER = "2026-11"
HIRED = datetime(2026, 10, 27, 12, tzinfo=UTC)
TRIES = 100
"""Ticks in which a copy should come to a point; in some the dead one's locks are not released yet."""
TICK = ("tick",)

Deed = Callable[[Office], Awaitable[object]]
Points = list[tuple[int, str]]
"""Where copies are to be killed, in the order in which they come by: the number of a step, and the point."""


async def _hired(office: Office) -> None:
    """Mia has November already, in a zone that she leaves before it begins."""
    await office.user("Kim")
    west = await office.team("West", "Kim")
    for name in ("Sam", "Ada", "Nia", "Mia"):
        await office.rep(name, west, joined_on=date(2026, 11, 1), created_at=HIRED, yearly_signup_goal=100)
    await office.do("UPDATE users SET time_zone = 'Asia/Tokyo' WHERE name = 'Mia'")
    await open_months(
        office.session,
        Period.of_month(2026, 11),
        [office.reps["Mia"]],
        [("Asia/Tokyo", date(2026, 11, 1))],
        6,
    )
    await office.do("UPDATE users SET time_zone = 'UTC' WHERE name = 'Mia'")


async def _sent(office: Office) -> None:
    await office.do(
        "UPDATE outbox SET status = 'sent', channel = 'D1', ts = id::text, sent_at = goalkeeper_now()"
        " WHERE status = 'pending' AND mode = 'post'"
    )


async def _put_off(office: Office) -> None:
    await _sent(office)
    await office.snooze("Nia", ReminderType.THREE_DAYS, Snooze.THREE_HOURS, NOVEMBER)


@dataclass(frozen=True)
class Step:
    """A time, what has happened right before, and what is done then."""

    at: datetime
    job: tuple[str, ...] = TICK
    before: Deed = _sent
    sql: tuple[str, ...] = ()
    """What somebody commits with a SQL client, one after another and before the next tick."""


_SAM_BY_SQL = (
    "UPDATE rep_monthly_goals SET signup_goal = {goal} FROM sales_reps r"
    " WHERE r.id = sales_rep_id AND r.name = 'Sam' AND goal_month = 11"
)


def _on(day: int, hour: int = 12) -> datetime:
    return datetime(2026, 11, day, hour, tzinfo=UTC)


STEPS = (
    Step(_on(1, 0), before=_hired),
    Step(_on(3)),
    Step(_on(3, 13), ("set", "U0ADA", NOVEMBER), before=_put_off),
    Step(_on(3, 17)),
    Step(_on(5)),
    Step(_on(6)),
    Step(_on(6, 13), ("set", "U0NIA", NOVEMBER)),
    Step(_on(6, 14), sql=tuple(_SAM_BY_SQL.format(goal=goal) for goal in (10, 20, 10))),
    Step(_on(7)),
)
_STAGES = tuple(stage.value for stage in ReminderType)
SAID = Counter(
    [f"Mia post reminder {stage}" for stage in _STAGES]
    + [f"Sam {mode} reminder {stage}" for mode in ("post", "edit") for stage in _STAGES[:3]]
    + [f"Ada post reminder {_STAGES[0]}", f"Ada edit reminder {_STAGES[0]}"]
    + [f"Nia {mode} reminder {stage}" for mode in ("post", "edit") for stage in (*_STAGES[:3], _STAGES[0])]
    + [f"Kim post digest {stage}" for stage in ("day_before", "last_day", "overdue")]
    + [f"Kim edit digest {stage}" for stage in ("day_before", "last_day")]
    + [f"{who} post confirmation" for who in ("Ada", "Nia")]
)
"""Nia's first reminder came twice, for she put it off; what she and Kim had got turns when she sets goals.

So does what Sam had got, when somebody sets those goals by SQL, three times between two ticks.
"""
_SAID = """
SELECT concat_ws(' ', u.name, o.mode, split_part(o.kind, '.', 2), o.facts ->> 'stage')
  FROM outbox o JOIN users u ON 'user:' || u.id = o.audience
"""
_WRITTEN = """
SELECT (SELECT count(*) FROM rep_monthly_goals WHERE (goal_year, goal_month, time_zone) = (2026, 11, 'UTC')),
       (SELECT count(*) FROM rep_monthly_goals),
       (SELECT count(*) FROM rep_yearly_goals),
       (SELECT count(*) FROM goal_changes),
       (SELECT count(*) FROM goal_deadline_reminders WHERE sent),
       (SELECT count(*) FROM goal_deadline_reminders WHERE skip_reason = 'the goals were set')
"""
WRITTEN = (4, 4, 4, 2, 11, 5)
"""Months in the right zone, months, years, changes of goals, reminders sent, and those not needed."""


class Campaign:
    """Has so many copies at work, kills one after another, and counts."""

    def __init__(
        self, database: Database, clock: BusinessClock, sql: Sql, fleet: Fleet, order: Order, copies: int
    ) -> None:
        self._database, self._clock, self._sql = database, clock, sql
        self._fleet, self._order, self._copies = fleet, order, copies
        self._bullet = Path(order.log).with_suffix(".bullet")
        self._office: Office | None = None
        self._crews: list[Crew] = []
        self.tallies: list[Tally] = []

    async def points(self) -> Points:
        """Every point that a copy comes by, where it first does so; and each commit."""
        found: Points = []
        before: Counter[str] = Counter()
        for number, step in enumerate(STEPS):
            await self._begins(step)
            await self._work(step, Aim())
            seen = Counter(self._crews[0].seen)
            found += [(number, point) for point in sorted(_fresh(seen, before), key=_kept_for_last)]
            before = seen
        await self._ends()
        return found

    async def lives(self, points: Points) -> list[Tally]:
        """Let the month pass, with a kill at each of these."""
        for number, step in enumerate(STEPS):
            await self._begins(step)
            for point in [point for at, point in points if at == number]:
                await self._kills(step, point)
            await self._work(step, Aim())
        await self._ends()
        return self.tallies

    async def _begins(self, step: Step) -> None:
        await self._clock.set(HIRED if self._office is None else step.at)
        if self._office is None:
            async with self._database.everywhere() as tx:
                assert await a_workspace(tx.session) == 1
        async with self._database.workspace(WorkspaceId(1)) as tx:
            self._office = self._office or Office(tx)
            self._office.tx = tx
            await step.before(self._office)
        for statement in step.sql:
            await self._sql(statement)

    async def _kills(self, step: Step, point: str) -> None:
        tally = Tally(point)
        self.tallies.append(tally)
        self._bullet.touch()
        for _ in range(TRIES):
            await self._work(step, Aim(point, str(self._bullet)))
            for crew in [crew for crew in self._crews if crew.gone]:
                self._crews.remove(crew)
                assert crew.killed_at == point, f"a copy died by itself: {crew.log.read_text()}"
                tally.kills += 1
            if tally.kills:
                return
        self._bullet.unlink()

    async def _work(self, step: Step, aim: Aim) -> None:
        """The first copy does what the step is about; all others tick meanwhile."""
        missing = self._copies - len(self._crews)
        self._crews += [await self._fleet.starts(self._order) for _ in range(missing)]
        await self._clock.set(step.at)
        first, *others = self._crews
        aimed = {"aim": vars(aim)}
        await asyncio.gather(
            first.asked(work=step.job, **aimed), *(crew.asked(work=TICK, **aimed) for crew in others)
        )

    async def _ends(self) -> None:
        for crew in self._crews:
            await crew.stops()
        rest = Tally(REST)
        self.tallies.append(rest)
        said = Counter(row[0] for row in await self._sql(_SAID))
        rest.lost += [f"{line}: {count}" for line, count in (SAID - said).items()]
        rest.twice += [f"{line}: {count} more" for line, count in (said - SAID).items()]
        [written] = await self._sql(_WRITTEN)
        if written != WRITTEN:
            rest.lost.append(f"written: {written}, not {WRITTEN}")
        rest.twice += [line for line in self._log() if "INFO" not in line]

    def _log(self) -> Sequence[str]:
        return Path(self._order.log).read_text().splitlines()


def _fresh(seen: Counter[str], before: Counter[str]) -> list[str]:
    """The points that a copy came by for the first time, and those around the end of a tick's work."""
    return [
        point
        for point in seen - before
        if point not in before or point.startswith(("ticker._tick: commit", "work._sets: commit"))
    ]


def _kept_for_last(point: str) -> int:
    """What is come by also when there is nothing left to do must not be in the way of the rest."""
    return 2 if point.startswith("ticker._take") else int(": commit, " in point)


@asynccontextmanager
async def a_month_of(copies: int, url: str, folder: Path, fleet: Fleet) -> AsyncIterator[Campaign]:
    """Nothing has happened yet."""
    engine = create_engine(url)
    owner = create_owner_engine(url).execution_options(isolation_level="AUTOCOMMIT")
    order = Order(url, log=str(folder / f"month-{copies}-{uuid.uuid4().hex[:8]}.log"))
    try:
        async with owner.connect() as connection:
            clock = BusinessClock(owner, movable=True)
            yield Campaign(Database(engine, settle=flow.settle), clock, Sql(connection), fleet, order, copies)
    finally:
        await owner.dispose()
        await engine.dispose()


async def points_of_a_month(server: Server, template: str, folder: Path, fleet: Fleet) -> Points:
    """The points that a copy comes by when nobody is killed."""
    with server.clone(template) as url:
        async with a_month_of(1, url, folder, fleet) as month:
            points = await month.points()
            assert month.tallies == [Tally(REST)], month.tallies
            return points


async def killing_through_a_month(
    points: Points, copies: int, server: Server, template: str, folder: Path, fleet: Fleet
) -> list[Tally]:
    """What came of a kill at each of these points, and of the month as a whole."""
    with server.clone(template) as url:
        async with a_month_of(copies, url, folder, fleet) as month:
            return await month.lives(points)
