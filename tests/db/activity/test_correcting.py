"""Corrections, undo, totals said outright, and direct updates by SQL."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from domain.activity import queries
from domain.activity.model import EntryId
from domain.activity.queries import Whose
from domain.db import Transaction
from domain.errors import InvalidInput, MonthOver, NotAllowed, Refusal
from domain.periods import Period
from tests.builders import a_month, moved_to
from tests.db.activity.book import RECORDED, REFUSED, Book, on


async def signups(book: Book, period: str = "2026-11") -> Decimal | None:
    figures = await queries.figures(book.session, ["signups"], Period.parse(period), Whose())
    return figures["signups"]


# --- corrections -----------------------------------------------------------------------------------------


async def test_a_correction_counts_on_the_entrys_day_and_in_its_team(book: Book) -> None:
    entry = await book.log("Ana", "5", day="10-20")
    await book.sql("UPDATE team_memberships SET ended_on = '2026-11-01'")
    assert await book.correct(entry.entry_id, "3", by="Ada") is not None
    [correction] = (await queries.entries(book.session, "signups", Period.of_month(2026, 10), Whose()))[:1]
    assert (int(correction.amount), correction.occurred_on, correction.note) == (-2, on("10-20"), "Refund.")
    assert (correction.by_name, correction.corrects_id) == ("Ada", entry.entry_id)
    north = await queries.figures(
        book.session, ["signups"], Period.of_month(2026, 10), Whose(team_id=book.teams["North"])
    )
    assert north == {"signups": 3}


async def test_a_correction_of_a_correction_is_about_the_same_entry(book: Book) -> None:
    entry = await book.log("Ana", "5")
    second = await book.correct(entry.entry_id, "3")
    assert await book.correct(second, "4") is not None
    assert await book.correct(entry.entry_id, "4") is None
    assert await book.ledger() == [
        ("entry", "11-12", 5),
        ("correction", "11-12", -2),
        ("correction", "11-12", 1),
    ]


async def test_a_correction_of_what_has_changed_since_it_was_seen_is_refused(book: Book) -> None:
    entry = await book.log("Ana", "5")
    await book.correct(entry.entry_id, "3", seen=Decimal(5))
    with pytest.raises(Refusal, match="meanwhile"):
        await book.correct(entry.entry_id, "6", seen=Decimal(5))


async def test_a_fed_metric_can_be_corrected_and_its_source_still_counts_once(book: Book) -> None:
    await book.sql("UPDATE metrics SET feeder = 'crm' WHERE code = 'revenue'")
    await book.send("100", "11-10")
    [entry] = await book.sql("SELECT id FROM activity")
    await book.correct(entry.id, "70")
    await book.send("100", "11-10")
    assert await book.ledger() == [("entry", "11-10", 100), ("correction", "11-10", -30)]


@pytest.mark.parametrize(("by", "why"), [("Ben", "Only the person"), ("Lee", "Only the person")])
async def test_only_the_author_and_those_who_lead_the_rep_correct(book: Book, by: str, why: str) -> None:
    entry = await book.log("Ana", "5")
    with pytest.raises(NotAllowed, match=why):
        await book.correct(entry.entry_id, "3", by=by)


async def test_a_correction_needs_a_reason_a_known_entry_and_a_whole_count(book: Book) -> None:
    entry = await book.log("Ana", "5")
    for changed, message in (({"reason": " "}, "say why"), ({"to": "2.5"}, "whole number")):
        with pytest.raises(InvalidInput, match=message):
            await book.correct(entry.entry_id, changed.pop("to", "3"), **changed)
    with pytest.raises(InvalidInput, match="don't know this entry"):
        await book.correct(EntryId(0), "3")


async def test_a_frozen_month_takes_no_correction_and_no_undo(book: Book) -> None:
    entry = await book.log("Ana", "5")
    await a_month(book.session, book.reps["Ana"], month=11, signup_goal=20)
    await book.sql("UPDATE rep_monthly_goals SET frozen_at = goalkeeper_now()")
    with pytest.raises(MonthOver):
        await book.correct(entry.entry_id, "3")
    with pytest.raises(MonthOver):
        await book.undo(entry.entry_id, by="Ana")


# --- undo ------------------------------------------------------------------------------------------------


async def test_undo_takes_a_split_back_and_a_second_press_does_nothing(book: Book) -> None:
    shares = [book.entry("Ana", "60", "revenue"), book.entry("Ben", "40", "revenue")]
    became = await book.record(*shares, by="Kim")
    ids = [each.entry_id for each in became]
    assert len(await book.undo(*ids, by="Kim")) == 2
    assert await book.undo(*ids, by="Kim") == []
    figures = await queries.figures(book.session, ["revenue"], Period.of_year(2026), Whose())
    assert figures == {"revenue": 0}


async def test_undo_ends_after_ten_minutes(book: Book, tx: Transaction) -> None:
    entry = await book.log("Ana", "5")
    book.now = (await moved_to(tx, tx.now + timedelta(minutes=10, seconds=1))).now
    with pytest.raises(Refusal, match="older than ten minutes"):
        await book.undo(entry.entry_id, by="Ana")
    book.now = tx.now + timedelta(minutes=10)
    assert len(await book.undo(entry.entry_id, by="Ana")) == 1


async def test_somebody_elses_entry_is_not_undone(book: Book) -> None:
    entry = await book.log("Ana", "5")
    with pytest.raises(NotAllowed):
        await book.undo(entry.entry_id, by="Ben")


# --- absolute figures ------------------------------------------------------------------------------------


async def test_a_total_writes_the_difference_over_all_sources_on_the_last_allowed_day(book: Book) -> None:
    await book.log("Ana", "5", day="11-02")
    await book.log("Ana", "4", day="11-03", by="Ada", source="csv", external_id="1")
    became = await book.say("Ana", "15", "2026-11")
    assert became is not None
    assert became.outcome is RECORDED
    assert (await book.ledger())[-1] == ("absolute", "11-12", 6)
    assert await book.say("Ana", "15", "2026-11") is None
    await book.say("Ana", "8", "2026-10")
    assert (await book.ledger())[-1] == ("absolute", "10-31", 8)
    assert await signups(book, "2026-Q4") == 23


async def test_a_total_of_a_month_that_the_rep_left_in_lies_on_their_last_day(book: Book) -> None:
    await book.sql("UPDATE rep_stints SET ended_on = '2026-10-21'")
    await book.say("Ana", "8", "2026-10")
    assert await book.ledger() == [("absolute", "10-20", 8)]


@pytest.mark.parametrize(("metric", "period"), [("win_rate", "2026-11"), ("signups", "2026-12")])
async def test_totals_of_quotients_and_of_days_to_come_are_refused(
    book: Book, metric: str, period: str
) -> None:
    became = await book.say("Ana", "8", period, metric)
    assert became is not None
    assert became.outcome is REFUSED


# --- SQL -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("month", "day"), [(11, "11-12"), (10, "10-31"), (12, "12-01")], ids=["this", "over", "to come"]
)
async def test_a_direct_update_leaves_its_entry(book: Book, month: int, day: str) -> None:
    await a_month(book.session, book.reps["Ana"], month=month, signup_goal=20)
    await book.sql("UPDATE rep_monthly_goals SET signups_actual = 7")
    await book.sql("UPDATE rep_monthly_goals SET signups_actual = 4, revenue_actual = 99.50")
    rows = await book.sql("SELECT metric, amount, occurred_on, source, currency FROM activity ORDER BY id")
    assert [tuple(row) for row in rows] == [
        ("signups", 7, on(day), "sql", None),
        ("revenue", Decimal("99.50"), on(day), "sql", "USD"),
        ("signups", -3, on(day), "sql", None),
    ]
    stands = await book.month("Ana", month)
    assert (stands.signups_actual, stands.revenue_actual) == (4, Decimal("99.50"))


async def test_a_month_inserted_with_actuals_leaves_the_difference(book: Book) -> None:
    await book.log("Ana", "5")
    await a_month(book.session, book.reps["Ana"], month=11, signup_goal=20, signups_actual=8)
    assert await book.ledger() == [("entry", "11-12", 5), ("absolute", "11-12", 3)]
    assert (await book.month("Ana", 11)).signups_actual == 8


async def test_what_is_logged_after_a_direct_update_adds_to_it(book: Book) -> None:
    await a_month(book.session, book.reps["Ana"], month=11, signup_goal=20)
    await book.sql("UPDATE rep_monthly_goals SET signups_actual = 7")
    await book.log("Ana", "2")
    assert (await book.month("Ana", 11)).signups_actual == 9


@pytest.mark.parametrize("now", [datetime(2026, 12, 1, 3, tzinfo=UTC)])
async def test_a_direct_update_lies_on_a_day_of_the_month_by_its_own_zone(book: Book) -> None:
    await a_month(book.session, book.reps["Ana"], month=11, signup_goal=20, time_zone="America/New_York")
    await book.sql("UPDATE rep_monthly_goals SET signups_actual = 7")
    assert await book.ledger() == [("absolute", "11-30", 7)]
