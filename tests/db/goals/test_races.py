"""Two people, or one person twice, at the same goal at once: real connections, real locks."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime

import pytest

from domain.db import Database, WorkspaceId
from domain.errors import GoalLocked
from domain.goals import queries
from domain.goals.service import GoalSet, SetOutcome
from domain.people.model import UserId
from domain.periods import Period
from tests.builders import a_workspace
from tests.conftest import BLOCKED, HANG_SECONDS, Sql
from tests.db.goals.desk import Desk

SET, CHANGED, UNCHANGED = SetOutcome.SET, SetOutcome.CHANGED, SetOutcome.UNCHANGED
POST, EDIT = ("goals.confirmation", "post"), ("goals.confirmation", "edit")
TOLD = ("goals.changed_by_other", "post")

Act = Callable[[Desk], Awaitable[GoalSet]]


@pytest.fixture
async def acme(db: Database, now: datetime) -> WorkspaceId:
    """A workspace with a desk that has been committed."""
    async with db.everywhere() as tx:
        acme = await a_workspace(tx.session)
    async with db.workspace(acme, at=now) as tx:
        await Desk(tx).staff()
    return acme


@pytest.fixture
async def desk(db: Database, acme: WorkspaceId, now: datetime) -> AsyncIterator[Desk]:
    """What has been committed, seen by the last one in."""
    async with db.workspace(acme, at=now) as tx:
        yield Desk(tx)


class Race:
    """Has two act so that the second is in the middle of it while the first has not committed."""

    def __init__(self, db: Database, acme: WorkspaceId, now: datetime, sql: Sql) -> None:
        self.db, self.acme, self.now, self.sql = db, acme, now, sql

    async def __call__(self, first: Act, second: Act) -> tuple[GoalSet, GoalSet]:
        async with self.db.workspace(self.acme, at=self.now) as tx:
            done = await first(Desk(tx))
            follower = asyncio.create_task(self.alone(second))
            await self._until_waiting(follower)
        return done, await follower

    async def alone(self, act: Act) -> GoalSet:
        async with self.db.workspace(self.acme, at=self.now) as tx:
            return await act(Desk(tx))

    async def _until_waiting(self, follower: "asyncio.Task[GoalSet]") -> None:
        async with asyncio.timeout(HANG_SECONDS):
            while not await self.sql.value(BLOCKED):
                assert not follower.done(), "the second did not wait for the first"


@pytest.fixture
def race(db: Database, acme: WorkspaceId, now: datetime, sql: Sql) -> Race:
    return Race(db, acme, now, sql)


async def test_a_form_sent_twice_at_once_sets_one_goal(race: Race, desk: Desk) -> None:
    first, second = await race(lambda one: one.set("20 50k 3"), lambda two: two.set("20 50k 3"))
    assert (first.outcome, second.outcome) == (SET, UNCHANGED)
    assert first.figures == second.figures
    assert await desk.story() == [(None, 20)]
    assert await desk.intents() == [POST]


async def test_different_first_settings_come_one_after_the_other(race: Race, desk: Desk) -> None:
    first, second = await race(lambda one: one.set("20 50k 3"), lambda two: two.set("30 _ _"))
    assert (first.outcome, second.outcome) == (SET, CHANGED)
    assert await desk.story() == [(None, 20), (20, 30)]
    month = await desk.month()
    assert (month.signup_goal, month.revenue_goal) == (30, 50_000)
    assert await desk.intents() == [POST, EDIT]


async def test_a_manager_and_the_rep_at_once_are_told_as_if_in_turn(race: Race, desk: Desk) -> None:
    first, second = await race(
        lambda one: one.set("20 _ _"), lambda two: two.set("30 _ _", by="U0KIM", reason="More.")
    )
    assert (first.outcome, second.outcome) == (SET, CHANGED)
    assert await desk.story() == [(None, 20), (20, 30)]
    assert await desk.intents() == [POST, EDIT, TOLD]
    assert (await desk.month()).set_by == "U0SAM"


async def test_changes_of_a_set_month_come_one_after_the_other(race: Race, desk: Desk) -> None:
    await race.alone(lambda one: one.set("20 50k 3"))
    await race(lambda one: one.set("21 _ _"), lambda two: two.set("_ 60k _"))
    assert await desk.story() == [(None, 20), (20, 21), (21, 21)]
    month = await desk.month()
    assert (month.signup_goal, month.revenue_goal) == (21, 60_000)


async def test_changes_of_a_set_year_come_one_after_the_other(race: Race, desk: Desk) -> None:
    await race.alone(lambda one: one.set("240 600k", goal="2026"))
    await race(lambda one: one.set("250 _", goal="2026"), lambda two: two.set("_ 700k", goal="2026"))
    assert await desk.story() == [(None, 240), (240, 250), (250, 250)]
    year = await desk.year()
    assert (year.yearly_signup_goal, year.yearly_revenue_goal) == (250, 700_000)


async def test_who_waits_past_somebody_elses_late_setting_finds_it_locked(race: Race, desk: Desk) -> None:
    race.now = datetime.fromisoformat("2026-02-20T12:00Z")
    with pytest.raises(GoalLocked):
        await race(lambda one: one.set("20 _ _", by="U0KIM", reason="Late."), lambda two: two.set("30 _ _"))
    assert await desk.story() == [(None, 20)]


@pytest.mark.parametrize("goals", [("2026-02", "2026"), ("2026", "2026-02"), ("2026", "2026")])
async def test_month_and_year_at_once_wait_for_each_other_and_never_for_ever(
    race: Race, desk: Desk, goals: tuple[str, str]
) -> None:
    done = await race(
        lambda one: one.set("240 _", goal=goals[0]), lambda two: two.set("241 _", goal=goals[1])
    )
    assert [each.outcome for each in done] == ([SET, SET] if goals[0] != goals[1] else [SET, CHANGED])


async def test_many_at_once_write_one_history(race: Race, desk: Desk) -> None:
    def setting(signups: int) -> Act:
        return lambda one: one.set(f"{signups} _ _")

    done = await asyncio.gather(*(race.alone(setting(signups)) for signups in (20, 21, 22, 20, 21)))
    assert [each.outcome for each in done].count(SET) == 1
    story = await desk.story()
    assert [before for before, _ in story] == [None, *(after for _, after in story[:-1])]
    assert (await desk.month()).signup_goal == story[-1][1]
    assert await desk.intents() == [POST] + [EDIT] * (len(story) > 1)


@pytest.mark.parametrize("goal", ["2026-02", "2026"])
async def test_a_goal_read_in_order_to_change_it_is_what_the_other_has_made_of_it(
    race: Race, desk: Desk, goal: str
) -> None:
    """Also where both have opened it before either changes it, so that no insert makes them wait."""
    await race.alone(lambda one: one.set("20 _", goal=goal))
    rep = (await desk.person("U0SAM")).carrying_goals(UserId(0))

    async def read(two: Desk) -> GoalSet:
        row = await queries.goal_for_update(two.session, rep.id, Period.parse(goal))
        return GoalSet(Period.parse(goal), UNCHANGED, row.figures)

    _, seen = await race(lambda one: one.set("30 _", goal=goal), read)
    assert seen.figures.signups == 30
