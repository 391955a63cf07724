"""How a rep stands: the figures of the card, computed from goals and totals."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text

from domain.db import Transaction
from domain.people import queries as people
from domain.people.rules import Rep
from domain.periods import Period
from domain.progress import card, queries
from domain.progress.card import MonthNotBegun, Progress, State
from domain.progress.rules import Indicator, MonthOutcome
from tests.builders import NULL, a_month, insert
from tests.db.activity.book import Book, on


@pytest.fixture
def now() -> datetime:
    """Monday, November 9, 2026, when 5 of 21 working days are gone."""
    return datetime(2026, 11, 9, 12, tzinfo=UTC)


@pytest.fixture
async def book(tx: Transaction) -> Book:
    """The ledger of two teams."""
    return await Book(tx.session, tx.now).open()


async def rep(book: Book, name: str = "Ana") -> Rep:
    """The rep of that name."""
    found = (await people.by_slack_id(book.session, [f"U{name.upper()}"]))[f"U{name.upper()}"].rep
    assert found is not None
    return found


async def stands(book: Book, month: str | None = None, name: str = "Ana") -> Progress:
    """How the rep stands."""
    period = Period.parse(month) if month else None
    return await card.progress(book.session, await rep(book, name), period)


async def a_goal(book: Book, month: int = 11, **columns: Any) -> None:
    """Ana's goals of a month of 2026."""
    await a_month(book.session, book.reps["Ana"], year=2026, month=month, **columns)


async def test_november_9_with_5_of_21(book: Book) -> None:
    await a_goal(book, signup_goal=21)
    await book.log("Ana", "5", day="11-05")
    of = await stands(book)
    assert of.state is State.RUNNING
    assert of.pace is not None
    [signups] = of.pace.metrics
    assert signups.indicator is Indicator.ON_TRACK
    figures = (signups.expected, signups.missing, signups.needed_a_day, signups.projection)
    assert figures == (Decimal(5), Decimal(16), Decimal("1.00"), Decimal(21))


async def test_what_today_brought_is_not_projected(book: Book) -> None:
    await a_goal(book, signup_goal=21)
    await book.log("Ana", "5", day="11-05")
    await book.log("Ana", "4", day="11-09")
    of = await stands(book)
    assert of.pace is not None
    assert of.pace.metrics[0].projection == 21


async def test_a_correction_counts_at_once(book: Book) -> None:
    await a_goal(book, signup_goal=21)
    entry = (await book.log("Ana", "9", day="11-05")).entry_id
    await book.correct(entry, "5")
    of = await stands(book)
    assert of.pace is not None
    assert of.pace.metrics[0].actual == 5
    assert [each.done[-1] for each in of.burn_ups] == [5]


async def test_a_year_counts_the_months_carried(book: Book) -> None:
    await a_goal(book, signup_goal=21)
    await insert(
        book.session,
        "rep_yearly_goals",
        sales_rep_id=book.reps["Ana"],
        goal_year=2026,
        yearly_signup_goal=60,
        months_carried=3,
    )
    await book.log("Ana", "5", day="11-05")
    of = await stands(book)
    assert of.year_pace is not None
    # October to December has 66 working days; 27 of them are gone.
    assert (of.year_pace.days.completed, of.year_pace.days.total) == (27, 66)
    assert of.year_pace.metrics[0].expected == 24
    assert of.year_pace.metrics[0].projection == 12


async def test_last_month_is_summed_through_the_same_day(book: Book) -> None:
    await a_goal(book, month=10, signup_goal=20)
    await a_goal(book, signup_goal=21)
    await book.log("Ana", "3", day="10-09")
    await book.log("Ana", "7", day="10-10")
    assert (await stands(book)).before == {"signups": 3, "revenue": 0}


async def test_other_metrics_are_summed_and_what_cancels_out_is_left_out(book: Book) -> None:
    await a_goal(book, signup_goal=21)
    await book.log("Ana", "3", "calls", "11-03")
    await book.log("Ana", "2", "calls", "11-04")
    await book.log("Ana", "2", "meetings", "11-04")
    await book.log("Ana", "-2", "meetings", "11-05")
    assert [(each.metric, each.amount) for each in (await stands(book)).others] == [("calls", Decimal(5))]


async def test_goals_that_nobody_set_have_no_pace(book: Book) -> None:
    await a_goal(book, signup_goal=21, goal_set_at=NULL)
    of = await stands(book)
    assert (of.state, of.pace, of.burn_ups) == (State.NOT_SET, None, ())


async def test_a_month_without_a_row_has_its_sums(book: Book) -> None:
    of = await stands(book)
    assert of.state is State.NOT_OPEN
    assert of.so_far == {"signups": 0, "revenue": 0}


async def test_a_month_to_come_is_refused(book: Book) -> None:
    with pytest.raises(MonthNotBegun, match="December 2026 hasn't begun yet"):
        await stands(book, "2026-12")


@pytest.mark.parametrize(
    ("columns", "outcome"),
    [
        ({"signup_goal": 5}, MonthOutcome.MADE),
        ({"signup_goal": 6}, MonthOutcome.MISSED),
        ({"signup_goal": 6, "goal_set_at": NULL}, MonthOutcome.NOT_SET),
        ({"signup_goal": 6, "status": "archived"}, MonthOutcome.CLOSED),
        (
            {"signup_goal": 6, "goal_set_at": NULL, "deadline": datetime.fromisoformat("2026-11-04T00:00Z")},
            MonthOutcome.OPTIONAL,
        ),
    ],
    ids=["made", "missed", "not set", "left", "optional"],
)
async def test_a_past_month_has_its_outcome(
    book: Book, columns: dict[str, Any], outcome: MonthOutcome
) -> None:
    await a_goal(book, month=10, **columns)
    await book.log("Ana", "5", day="10-20")
    history = await card.history(book.session, await rep(book), Period.of_month(2026, 11))
    assert [each.month.outcome for each in history.months] == [outcome]


async def test_months_come_a_page_at_a_time(book: Book) -> None:
    for month in range(1, 13):
        await a_month(book.session, book.reps["Ana"], year=2025, month=month, signup_goal=1)
    await a_goal(book, month=10, signup_goal=1)
    first = await card.history(book.session, await rep(book), Period.of_month(2026, 11))
    assert (len(first.months), str(first.older)) == (12, "2025-02")
    assert first.older is not None
    rest = await card.history(book.session, await rep(book), first.older)
    assert ([str(each.period) for each in rest.months], rest.older) == (["2025-01"], None)


async def test_managers_count_their_reps_and_admins_all(book: Book) -> None:
    await a_goal(book, signup_goal=5)
    await book.log("Ana", "5", day="11-02")
    found = await people.by_slack_id(book.session, ["UKIM"])
    counts = await queries.counts(book.session, found["UKIM"].user_id, everybody=True)
    assert (counts.team.reps, counts.team.goals_set, counts.team.made) == (2, 1, 1)
    assert (counts.company.reps, counts.company.goals_set, counts.company.made) == (3, 1, 1)


async def test_daily_totals_come_from_an_index(tx: Transaction, book: Book) -> None:
    await book.sql(
        "INSERT INTO activity_totals (sales_rep_id, metric, grain, starts_on, amount)"
        " SELECT r.id, m, 'day', date '2026-01-01' + n, 1 FROM sales_reps r,"
        " unnest(ARRAY['signups', 'revenue', 'calls']) m, generate_series(0, 900) n"
    )
    await book.sql("ANALYZE activity_totals")
    values = {"sales_rep_id": 1, "grain": "day", "start": on("10-01"), "end": on("12-01")}
    explain = text("EXPLAIN " + queries._TOTALS.text)
    plan = "\n".join((await tx.session.execute(explain, values)).scalars())
    assert "uq_activity_totals_figure" in plan
    assert "Seq Scan on activity_totals" not in plan
