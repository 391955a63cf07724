"""The law of the ledger: whatever happened, in whatever order, every figure is what its entries add up to."""

from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.activity.model import EntryId
from domain.db import Transaction
from domain.errors import Refusal
from tests.builders import NULL, a_month, insert
from tests.db.activity.book import REFUSED, Book, on

REPS = ("Ana", "Ben", "Cem")
NEEDED = (15, 20, 25, 30, 40, 50)

reps = st.sampled_from(REPS)
days = st.one_of(st.dates(on("10-01"), on("11-12")), st.none())
counts = st.integers(-30, 60).map(Decimal)
money = st.decimals("-900", "5000", places=2)
numbers = st.one_of(
    st.tuples(st.just("signups"), counts),
    st.tuples(st.just("revenue"), money),
    st.tuples(st.just("calls"), counts),
)
entry = st.tuples(reps, numbers, days, st.one_of(st.none(), st.sampled_from(["D1", "D2", "D3"])))
step = st.one_of(
    st.tuples(st.just("batch"), st.lists(entry, min_size=1, max_size=6)),
    st.tuples(st.just("correct"), st.integers(0, 20), counts),
    st.tuples(st.just("undo"), st.integers(0, 20)),
    st.tuples(st.just("say"), reps, st.sampled_from(["2026-10", "2026-11", "2026-W45"]), counts),
    st.tuples(st.just("sql"), reps, st.sampled_from([10, 11]), st.integers(0, 60), money),
    st.tuples(st.just("move"), reps, st.sampled_from(["North", "South"])),
    st.tuples(st.just("leave"), reps),
    st.tuples(st.just("return"), reps),
    st.tuples(st.just("open"), reps),
    st.tuples(st.just("freeze"), reps),
)
Step = tuple[Any, ...]


class Life:
    """Plays the steps; what a rule refuses changes nothing."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.entries: list[EntryId] = []

    async def play(self, steps: Sequence[Step]) -> None:
        """Do one after the other."""
        for name, *values in steps:
            try:
                async with self.book.session.begin_nested():
                    await getattr(self, f"_{name}")(*values)
            except Refusal:
                continue

    async def _batch(
        self, entries: Sequence[tuple[str, tuple[str, Decimal], date | None, str | None]]
    ) -> None:
        given = [
            self.book.entry(
                rep,
                str(amount),
                metric,
                f"{day:%m-%d}" if day else None,
                external_id=known,
                source="crm" if known else "people",
            )
            for rep, (metric, amount), day, known in entries
        ]
        became = await self.book.record(*given)
        self.entries += [each.entry_id for each in became if each.entry_id and each.outcome is not REFUSED]

    def _entry(self, number: int) -> EntryId:
        return self.entries[number % len(self.entries)] if self.entries else EntryId(0)

    async def _correct(self, number: int, to: Decimal) -> None:
        await self.book.correct(self._entry(number), str(to), by="Ada")

    async def _undo(self, number: int) -> None:
        await self.book.undo(self._entry(number), by="Ada")

    async def _say(self, rep: str, period: str, total: Decimal) -> None:
        await self.book.say(rep, str(total), period)

    async def _sql(self, rep: str, month: int, signups: int, revenue: Decimal) -> None:
        await self.book.sql(
            "UPDATE rep_monthly_goals SET signups_actual = :signups, revenue_actual = :revenue"
            " WHERE sales_rep_id = :rep AND goal_month = :month AND frozen_at IS NULL",
            signups=signups,
            revenue=revenue,
            rep=self.book.reps[rep],
            month=month,
        )

    async def _move(self, rep: str, team: str) -> None:
        await self._end_membership(rep)
        team_id = self.book.teams[team]
        await insert(
            self.book.session,
            "team_memberships",
            sales_rep_id=self.book.reps[rep],
            team_id=team_id,
            started_on=self.book.now.date(),
        )

    async def _end_membership(self, rep: str) -> None:
        await self.book.sql(
            "UPDATE team_memberships SET ended_on = greatest(started_on, :today)"
            " WHERE sales_rep_id = :rep AND ended_on IS NULL",
            today=self.book.now.date(),
            rep=self.book.reps[rep],
        )

    async def _leave(self, rep: str) -> None:
        await self._end_membership(rep)
        await self._be_active(rep, active=False)

    async def _return(self, rep: str) -> None:
        await self._be_active(rep, active=True)

    async def _be_active(self, rep: str, *, active: bool) -> None:
        await self.book.sql(
            "UPDATE sales_reps SET is_active = :active WHERE id = :rep",
            active=active,
            rep=self.book.reps[rep],
        )

    async def _open(self, rep: str) -> None:
        keys = {"sales_rep_id": self.book.reps[rep], "goal_year": 2026}
        known = "SELECT FROM rep_monthly_goals WHERE sales_rep_id = :rep AND goal_month = 11"
        if not await self.book.sql(known, rep=self.book.reps[rep]):
            await a_month(self.book.session, self.book.reps[rep], month=11, signup_goal=20, goal_set_at=NULL)
            await insert(self.book.session, "rep_yearly_goals", **keys, yearly_signup_goal=240)

    async def _freeze(self, rep: str) -> None:
        await self.book.sql(
            "UPDATE rep_monthly_goals SET frozen_at = goalkeeper_now()"
            " WHERE sales_rep_id = :rep AND goal_month = 10",
            rep=self.book.reps[rep],
        )


async def check(book: Book) -> None:
    """Compute all figures from the ledger, and compare them with those that are stored."""
    totals: dict[tuple[Any, ...], Decimal] = defaultdict(Decimal)
    actuals: dict[tuple[Any, ...], Decimal] = defaultdict(Decimal)
    for row in await book.sql("SELECT * FROM activity"):
        key = (row.sales_rep_id, row.team_id, row.metric)
        first = row.occurred_on.replace(day=1)
        totals[*key, "day", row.occurred_on] += row.amount
        totals[*key, "month", first] += row.amount
        actuals[row.sales_rep_id, first.month, row.metric] += row.amount
    stored = {
        (row.sales_rep_id, row.team_id, row.metric, row.grain, row.starts_on): row.amount
        for row in await book.sql("SELECT * FROM activity_totals")
    }
    assert stored == totals
    years: dict[int, Decimal] = defaultdict(Decimal)
    for month in await book.sql("SELECT * FROM rep_monthly_goals"):
        of_month = (month.sales_rep_id, month.goal_month)
        _check_month(month, actuals[*of_month, "signups"], actuals[*of_month, "revenue"])
        years[month.sales_rep_id] += month.signups_actual
    for year in await book.sql("SELECT * FROM rep_yearly_goals"):
        assert year.yearly_signups_actual == years[year.sales_rep_id]


def _check_month(month: Any, signups: Decimal, revenue: Decimal) -> None:
    assert (month.signups_actual, month.revenue_actual) == (signups, revenue)
    percent = max((signups * 100 / month.signup_goal).quantize(Decimal("0.01"), ROUND_HALF_UP), Decimal(0))
    assert month.signup_progress_percent == percent
    assert month.bonus_tier_actual == sum(signups >= needed for needed in NEEDED)
    made = month.goal_set_at is not None and signups >= month.signup_goal
    assert month.status == "archived" or (month.status == "completed") is made


async def _lives(tx: Transaction, steps: Sequence[Step]) -> None:
    async with _rolled_back(tx):
        book = await Book(tx.session, tx.now).open()
        for rep in REPS:
            await a_month(tx.session, book.reps[rep], month=10, signup_goal=20)
        await Life(book).play(steps)
        await check(book)


@asynccontextmanager
async def _rolled_back(tx: Transaction) -> AsyncIterator[None]:
    """Leave nothing of an example, also of one that hypothesis gives up."""
    nested = await tx.session.begin_nested()
    try:
        yield
    finally:
        await nested.rollback()


def _laws(examples: int) -> settings:
    unscoped = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large]
    return settings(max_examples=examples, deadline=None, suppress_health_check=unscoped)


@_laws(12)
@given(st.lists(step, max_size=12))
async def test_every_figure_is_what_the_ledger_adds_up_to(tx: Transaction, steps: list[Step]) -> None:
    await _lives(tx, steps)


@pytest.mark.prove
@_laws(100)
@given(st.lists(step, max_size=30))
async def test_every_figure_of_many_lives_is_what_the_ledger_adds_up_to(
    tx: Transaction, steps: list[Step]
) -> None:
    await _lives(tx, steps)


batches = st.lists(
    st.tuples(st.sampled_from(["D1", "D2", "D3"]), st.integers(0, 99), st.dates(on("10-01"), on("11-12"))),
    min_size=1,
    max_size=10,
)


@_laws(12)
@given(batches, st.data())
async def test_what_counts_of_a_source_is_what_it_said_last_however_it_is_cut_into_batches(
    tx: Transaction, sent: list[tuple[str, int, date]], data: st.DataObject
) -> None:
    async with _rolled_back(tx):
        book = await Book(tx.session, tx.now).open()
        entries = [
            book.entry("Ana", str(amount), "revenue", f"{day:%m-%d}", source="crm", external_id=known)
            for known, amount, day in sent
        ]
        while entries:
            cut = data.draw(st.integers(1, len(entries)))
            await book.record(*entries[:cut])
            entries = entries[cut:]
        last = {known: (amount, day) for known, amount, day in sent}
        counts: dict[date, int] = defaultdict(int)
        for amount, day in last.values():
            counts[day] += amount
        stored = await book.sql(
            "SELECT starts_on, amount FROM activity_totals WHERE grain = 'day' AND amount <> 0"
        )
        assert {row.starts_on: row.amount for row in stored} == {day: n for day, n in counts.items() if n}


@pytest.fixture
def now() -> datetime:
    """A Thursday in November."""
    return datetime(2026, 11, 12, 12, tzinfo=UTC)
