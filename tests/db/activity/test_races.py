"""Two at once: what both do counts as meant, and neither waits for the other for ever."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest

from domain.activity import rebuilding
from domain.activity.model import EntryId
from domain.db import Database, Transaction, WorkspaceId
from domain.errors import MonthOver
from tests.builders import NULL, a_month, a_workspace
from tests.conftest import BLOCKED, HANG_SECONDS, Sql
from tests.db.activity.book import AMENDED, RECORDED, UNCHANGED, Book

Act = Callable[[Book], Awaitable[Any]]


@dataclass
class Race:
    """Two transactions in one workspace, the second begun while the first is open."""

    db: Database
    sql: Sql
    home: WorkspaceId
    now: datetime
    people: Book

    async def alone(self, act: Act) -> Any:
        """Do one thing and commit."""
        async with self.db.workspace(self.home, at=self.now) as tx:
            return await act(self._book(tx))

    async def __call__(self, first: Act, second: Act, *, waits: bool = True) -> tuple[Any, Any]:
        """Have the second begin before the first commits; it waits for the first, or it doesn't."""
        async with self.db.workspace(self.home, at=self.now) as tx:
            one = await first(self._book(tx))
            follower = asyncio.ensure_future(self.alone(second))
            if waits:
                async with asyncio.timeout(HANG_SECONDS):
                    while not await self.sql.value(BLOCKED):
                        assert not follower.done(), "the second did not wait for the first"
            else:
                await asyncio.wait_for(asyncio.shield(follower), HANG_SECONDS)
        return one, await follower

    def _book(self, tx: Transaction) -> Book:
        return Book(tx.session, tx.now, self.people.reps, self.people.teams)

    async def signups(self) -> int:
        """Return what Ana's November says, having checked that the ledger says the same."""
        assert await self.alone(lambda book: rebuilding.rebuild(book.session)) == []
        month = await self.alone(lambda book: book.month("Ana", 11))
        return int(month.signups_actual)


@pytest.fixture
async def race(db: Database, sql: Sql, now: datetime) -> Race:
    """A workspace whose reps have their November open, committed."""
    async with db.everywhere() as tx:
        home = await a_workspace(tx.session)
    async with db.workspace(home, at=now) as tx:
        people = await Book(tx.session, now).open()
        for rep in ("Ana", "Ben"):
            await a_month(tx.session, people.reps[rep], month=11, signup_goal=20)
    return Race(db, sql, home, now, people)


async def test_two_who_log_at_once_both_count(race: Race) -> None:
    await race(lambda one: one.log("Ana", "2"), lambda two: two.log("Ana", "3", by="Kim"))
    assert await race.signups() == 5


async def test_batches_in_opposite_orders_do_not_lock_each_other(race: Race) -> None:
    def batch(*names: str) -> Act:
        return lambda book: book.record(
            *(book.entry(name, "1", metric) for name in names for metric in ("signups", "calls"))
        )

    await race(batch("Ana", "Ben"), batch("Ben", "Ana"))
    assert await race.signups() == 2


async def test_one_deal_delivered_twice_at_once_counts_once(race: Race) -> None:
    first, second = await race(lambda one: one.send("100", "11-10"), lambda two: two.send("100", "11-10"))
    assert (first, second) == (RECORDED, UNCHANGED)


async def test_a_deal_amended_while_it_is_delivered_ends_as_it_was_sent_last(race: Race) -> None:
    first, second = await race(lambda one: one.send("100", "11-10"), lambda two: two.send("80", "11-09"))
    assert (first, second) == (RECORDED, AMENDED)
    month = await race.alone(lambda book: book.month("Ana", 11))
    assert month.revenue_actual == 80


async def test_different_deals_of_one_source_wait_only_for_their_own_figures(race: Race) -> None:
    def deal(known: str, rep: str) -> Act:
        return lambda book: book.send("100", "11-10", known, rep)

    done = await race(deal("D1", "Ana"), deal("D2", "Ben"), waits=False)
    assert done == (RECORDED, RECORDED)


async def test_undo_pressed_twice_at_once_takes_back_once(race: Race) -> None:
    logged = await race.alone(lambda book: book.log("Ana", "5"))

    def press(book: Book) -> Awaitable[list[EntryId]]:
        return book.undo(logged.entry_id, by="Ana")

    first, second = await race(press, press)
    assert (len(first), second) == (1, [])
    assert await race.signups() == 0


async def test_two_corrections_come_one_after_the_other(race: Race) -> None:
    logged = await race.alone(lambda book: book.log("Ana", "5"))
    await race(
        lambda one: one.correct(logged.entry_id, "3"), lambda two: two.correct(logged.entry_id, "4", by="Ada")
    )
    assert await race.signups() == 4


async def test_a_total_said_twice_at_once_is_that_total(race: Race) -> None:
    await race(lambda one: one.say("Ana", "15", "2026-11"), lambda two: two.say("Ana", "15", "2026-11"))
    assert await race.signups() == 15


@pytest.mark.parametrize("sql_first", [True, False])
async def test_a_direct_update_and_an_entry_at_once_come_one_after_the_other(
    race: Race, sql_first: bool
) -> None:
    def update(book: Book) -> Awaitable[Any]:
        return book.sql(
            "UPDATE rep_monthly_goals SET signups_actual = 7 WHERE sales_rep_id = :ana",
            ana=book.reps["Ana"],
        )

    def log(book: Book) -> Awaitable[Any]:
        return book.log("Ana", "2")

    await race(*((update, log) if sql_first else (log, update)))
    assert await race.signups() == (9 if sql_first else 7)


@pytest.mark.parametrize("opened_first", [True, False])
async def test_a_month_that_opens_while_somebody_logs_has_what_they_log(
    race: Race, opened_first: bool
) -> None:
    def opening(book: Book) -> Awaitable[Any]:
        return a_month(book.session, book.reps["Ana"], month=10, signup_goal=20, goal_set_at=NULL)

    def log(book: Book) -> Awaitable[Any]:
        return book.log("Ana", "4", day="10-30")

    await race(*((opening, log) if opened_first else (log, opening)))
    october = await race.alone(lambda book: book.month("Ana", 10))
    assert october.signups_actual == 4


async def test_who_logs_while_the_month_is_being_frozen_is_refused(race: Race) -> None:
    def freeze(book: Book) -> Awaitable[Any]:
        return book.sql("UPDATE rep_monthly_goals SET frozen_at = goalkeeper_now()")

    with pytest.raises(MonthOver, match="just been closed"):
        await race(freeze, lambda two: two.log("Ana", "2"))
    assert await race.signups() == 0


async def test_rebuilding_waits_for_whoever_is_writing(race: Race) -> None:
    _, differed = await race(lambda one: one.log("Ana", "2"), lambda two: rebuilding.rebuild(two.session))
    assert differed == []
    assert await race.signups() == 2
