"""Answers to reminders that meet with something else at the same instant: real connections, real locks."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime

import pytest

from domain import flow
from domain.db import Database, WorkspaceId
from domain.errors import Refusal
from domain.people.model import RepId
from domain.periods import Period
from domain.reminders import service
from domain.reminders.rules import Snooze
from tests.builders import a_workspace
from tests.conftest import BLOCKED, Sql
from tests.db.reminders.office import ONE, Office

OCTOBER = Period.of_month(2026, 10)
NOON = datetime.fromisoformat("2026-10-05T12:00Z")
ONE_O_CLOCK = datetime.fromisoformat("2026-10-05T13:00Z")

Act = Callable[[Office], Awaitable[object]]


class Together:
    """Sam's first reminder has come at noon, and been put off for an hour."""

    def __init__(self, db: Database, acme: WorkspaceId, sam: RepId, sql: Sql) -> None:
        self.db, self.acme, self.sam, self.sql = db, acme, sam, sql

    async def __call__(self, first: Act, second: Act, *, at: datetime) -> None:
        """Have the second wait for what the first has not committed; raises what the second is refused."""
        async with self.db.workspace(self.acme, at=at) as tx:
            await first(self._seen_in(tx))
            follower = asyncio.create_task(self.alone(second, at=at))
            async with asyncio.timeout(60):
                while not await self.sql.value(BLOCKED):
                    assert not follower.done(), "the second did not wait for the first"
        await follower

    async def alone(self, act: Act, *, at: datetime) -> None:
        async with self.db.workspace(self.acme, at=at, patience="20s") as tx:
            await act(self._seen_in(tx))

    def _seen_in(self, tx: object) -> Office:
        office = Office(tx)  # type: ignore[arg-type]
        office.reps["Sam"] = self.sam
        return office

    async def again(self) -> int:
        """How often a reminder has come back."""
        return int(
            await self.sql.value("SELECT count(*) FROM outbox WHERE mode = 'post' AND topic LIKE '%:again:%'")
        )


async def not_now(office: Office) -> None:
    await service.acknowledge(office.session, office.reps["Sam"], OCTOBER, ONE)


async def ticks(office: Office) -> None:
    await flow.tick(office.session, office.tx.now)


async def puts_off(office: Office) -> None:
    await office.snooze("Sam", ONE, Snooze.ONE_HOUR)


@pytest.fixture
async def together(db: Database, sql: Sql) -> Together:
    async with db.everywhere() as tx:
        acme = await a_workspace(tx.session)
    async with db.workspace(acme) as tx:
        office = Office(tx)
        sam = await office.rep("Sam")
        await office.tick("2026-10-01T00:00Z", NOON)
        await office.sent()
        await puts_off(office)
    return Together(db, acme, sam, sql)


async def test_a_reminder_that_is_put_off_wakes(together: Together) -> None:
    await together.alone(ticks, at=ONE_O_CLOCK)
    assert await together.again() == 1


async def test_not_now_at_the_instant_it_wakes_keeps_it_away(together: Together) -> None:
    await together(not_now, ticks, at=ONE_O_CLOCK)
    assert await together.again() == 0


async def test_not_now_after_it_woke_is_an_answer_to_what_has_come(together: Together) -> None:
    await together(ticks, not_now, at=ONE_O_CLOCK)
    assert await together.again() == 1
    await together.alone(ticks, at=datetime.fromisoformat("2026-10-05T13:30Z"))
    assert await together.again() == 1


async def test_putting_off_what_is_being_answered_is_refused(together: Together) -> None:
    with pytest.raises(Refusal, match="already answered"):
        await together(not_now, puts_off, at=NOON)
    assert await together.sql("SELECT FROM goal_deadline_reminders WHERE snoozed_until IS NOT NULL") == []
