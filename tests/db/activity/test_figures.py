"""Figures over any period, the entries behind them, and rebuilding both."""

from decimal import Decimal

import pytest

from domain.activity import queries, rebuilding
from domain.activity.queries import Whose, grains
from domain.periods import Period
from tests.builders import a_month
from tests.db.activity.book import Book, on


@pytest.mark.parametrize(
    ("period", "parts"),
    [
        ("2026-11", [("month", "11-01", "12-01")]),
        ("2026-Q4", [("month", "10-01", "2027-01-01")]),
        ("2026-W47", [("day", "11-16", "11-23")]),
        (
            "2026-10-30..2026-12-02",
            [("day", "10-30", "11-01"), ("month", "11-01", "12-01"), ("day", "12-01", "12-03")],
        ),
        ("2026-10-30..2026-11-02", [("day", "10-30", "11-03")]),
        ("2026-10-01..2026-11-02", [("month", "10-01", "11-01"), ("day", "11-01", "11-03")]),
    ],
)
def test_whole_months_are_read_as_months(period: str, parts: list[tuple[str, str, str]]) -> None:
    def day(written: str) -> str:
        return written if len(written) == 10 else f"2026-{written}"

    found = [(grain, str(start), str(end)) for grain, start, end in grains(Period.parse(period))]
    assert found == [(grain, day(start), day(end)) for grain, start, end in parts]


@pytest.mark.parametrize(
    ("period", "count"),
    [("2026-10-31", 2), ("2026-10", 3), ("2026-Q4", 7), ("2026-10-31..2026-11-02", 6), ("2025", 0)],
)
async def test_a_figure_is_the_sum_of_the_periods_days(book: Book, period: str, count: int) -> None:
    for day, amount in (("10-01", "1"), ("10-31", "2"), ("11-02", "4")):
        await book.log("Ana", amount, day=day)
    for whose in (Whose(), Whose(sales_rep_id=book.reps["Ana"]), Whose(team_id=book.teams["North"])):
        figures = await queries.figures(book.session, ["signups"], Period.parse(period), whose)
        assert figures == {"signups": count}
    ben = await queries.figures(book.session, ["signups"], Period.parse(period), Whose(book.reps["Ben"]))
    assert ben == {"signups": 0}


async def test_a_quotient_is_that_of_the_sums_and_none_with_nothing_below_the_line(book: Book) -> None:
    await book.sql("UPDATE metrics SET is_on = true")
    codes = ["win_rate", "conversion_rate", "average_deal"]
    for day, won, lost in (("10-05", "1", "1"), ("11-05", "1", "3")):
        await book.log("Ana", won, "opportunities_won", day)
        await book.log("Ana", lost, "opportunities_lost", day)
    await book.log("Ana", "3", "orders")
    await book.log("Ana", "1000", "revenue")
    figures = await queries.figures(book.session, codes, Period.of_year(2026), Whose())
    assert figures == {
        "win_rate": Decimal("33.33"),
        "conversion_rate": None,
        "average_deal": Decimal("333.33"),
    }


async def test_the_entries_behind_a_number_come_in_pages_with_their_authors(book: Book) -> None:
    for day in ("11-01", "11-02", "11-03"):
        await book.log("Ana", "1", day=day, by="Kim", note="Acme")
    november = Period.of_month(2026, 11)
    first = await queries.entries(book.session, "signups", november, Whose(book.reps["Ana"]), most=2)
    assert [row.occurred_on for row in first] == [on("11-03"), on("11-02")]
    assert (first[0].by_name, first[0].rep_name, first[0].note, first[0].entered_at) == (
        "Kim",
        "Ana",
        "Acme",
        book.now,
    )
    [last] = await queries.entries(
        book.session, "signups", november, Whose(book.reps["Ana"]), before=first[-1].place, most=2
    )
    assert last.occurred_on == on("11-01")


async def test_rebuilding_says_what_differed_and_mends_it(book: Book) -> None:
    await a_month(book.session, book.reps["Ana"], month=11, signup_goal=20)
    await book.log("Ana", "5")
    await book.log("Cem", "7", "calls")
    assert await rebuilding.rebuild(book.session) == []

    await book.sql("UPDATE activity_totals SET amount = 9 WHERE metric = 'signups' AND grain = 'month'")
    found = await rebuilding.rebuild(book.session)
    assert [(each.what, each.rep_name, each.metric, int(each.was), int(each.now)) for each in found] == [
        ("the total of the month", "Ana", "signups", 9, 5)
    ]
    assert await rebuilding.rebuild(book.session) == []
