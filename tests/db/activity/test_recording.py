"""Recording entries: what counts, once and where, and what is refused."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.exc import DBAPIError

from domain.activity import queries, recording
from domain.activity.queries import Whose
from domain.errors import InvalidInput, NoSuchRep, NotAllowed, Refusal
from domain.people.model import RepId
from domain.periods import Period
from tests.builders import a_month, insert
from tests.db.activity.book import AMENDED, RECORDED, REFUSED, UNCHANGED, Book, on


async def freeze(book: Book, month: int) -> None:
    await book.sql("UPDATE rep_monthly_goals SET frozen_at = goalkeeper_now() WHERE goal_month = :m", m=month)


async def test_an_entry_moves_totals_month_and_year(book: Book) -> None:
    ana = book.reps["Ana"]
    await a_month(book.session, ana, month=11, signup_goal=20, bonus_tier_goal=1)
    await insert(book.session, "rep_yearly_goals", sales_rep_id=ana, goal_year=2026, yearly_signup_goal=240)

    assert (await book.log("Ana", "16")).outcome is RECORDED
    month = await book.month("Ana", 11)
    assert (month.signups_actual, month.signup_progress_percent, month.bonus_tier_actual) == (16, 80, 1)
    assert (month.status, month.bonus_triggered) == ("active", True)
    [year] = await book.sql("SELECT * FROM rep_yearly_goals")
    assert year.yearly_signups_actual == 16
    assert (await book.log("Ana", "4", day="11-02")).outcome is RECORDED
    assert (await book.month("Ana", 11)).status == "completed"


async def test_a_month_that_opens_later_has_what_was_logged_before(book: Book) -> None:
    await book.log("Ana", "3", day="10-30")
    await book.log("Ana", "5")
    await book.log("Ana", "250.50", "revenue")
    await a_month(book.session, book.reps["Ana"], month=11, signup_goal=20)
    month = await book.month("Ana", 11)
    assert (month.signups_actual, month.revenue_actual) == (5, Decimal("250.50"))


async def test_the_team_is_that_of_the_day_and_a_later_move_reattributes_nothing(book: Book) -> None:
    await book.log("Ana", "3")
    move = "UPDATE team_memberships SET ended_on = '2026-11-12' WHERE sales_rep_id = :ana"
    await book.sql(move, ana=book.reps["Ana"])
    south = book.teams["South"]
    await insert(
        book.session,
        "team_memberships",
        sales_rep_id=book.reps["Ana"],
        team_id=south,
        started_on=on("11-12"),
    )
    await book.log("Ana", "4")
    await book.log("Ana", "5", day="11-11")
    november = Period.of_month(2026, 11)
    got = [
        (await queries.figures(book.session, ["signups"], november, Whose(team_id=team)))["signups"]
        for team in (book.teams["North"], south)
    ]
    assert got == [8, 4]
    whole = await queries.figures(book.session, ["signups"], november, Whose())
    assert whole == {"signups": 12}


# --- identity --------------------------------------------------------------------------------------------


async def test_the_same_deal_again_counts_once(book: Book) -> None:
    assert [await book.send("100", "11-10") for _ in range(3)] == [RECORDED, UNCHANGED, UNCHANGED]
    assert await book.ledger() == [("entry", "11-10", 100)]


async def test_a_deal_sent_with_another_amount_is_amended_on_its_day(book: Book) -> None:
    await book.send("100", "11-10")
    assert await book.send("80", "11-10") is AMENDED
    assert await book.send("80", "11-10") is UNCHANGED
    assert await book.send("90", "11-10") is AMENDED
    assert await book.ledger() == [
        ("entry", "11-10", 100),
        ("amendment", "11-10", -20),
        ("amendment", "11-10", 10),
    ]


async def test_a_deal_sent_with_another_day_moves(book: Book) -> None:
    await book.send("100", "11-10")
    assert await book.send("100", "11-09") is AMENDED
    assert await book.send("100", "11-09") is UNCHANGED
    totals = await book.sql("SELECT starts_on, amount FROM activity_totals WHERE grain = 'day' ORDER BY 1")
    assert [tuple(row) for row in totals] == [(on("11-09"), 100), (on("11-10"), 0)]


async def test_a_closed_month_stays_made_and_the_amendment_counts_today(book: Book) -> None:
    """October's 10,000, sent again on Nov 12 as 8,000."""
    for month in (10, 11):
        await a_month(book.session, book.reps["Ana"], month=month, revenue_goal=10_000)
    await book.send("10000", "10-28")
    await freeze(book, 10)

    assert await book.send("8000", "10-28") is AMENDED
    assert await book.send("8000", "10-28") is UNCHANGED
    october, november = await book.month("Ana", 10), await book.month("Ana", 11)
    assert (october.revenue_actual, october.status) == (10_000, "completed")
    assert november.revenue_actual == -2_000
    [amendment] = (await queries.entries(book.session, "revenue", Period.of_month(2026, 11), Whose()))[:1]
    assert (amendment.occurred_on, amendment.stated_on) == (on("11-12"), on("10-28"))
    assert amendment.amount == -2000


async def test_a_deal_taken_back_by_its_source_can_come_again(book: Book) -> None:
    sent = [await book.send(amount, "11-10") for amount in ("100", "0", "0", "70")]
    assert sent == [RECORDED, AMENDED, UNCHANGED, AMENDED]
    figures = await queries.figures(book.session, ["revenue"], Period.of_year(2026), Whose())
    assert figures == {"revenue": 70}


async def test_within_a_batch_the_last_of_one_identity_counts(book: Book) -> None:
    entries = [
        book.entry("Ana", amount, "revenue", "11-10", source="crm", external_id="D1")
        for amount in ("5", "6", "7")
    ]
    became = await book.record(*entries)
    assert [each.outcome for each in became] == [UNCHANGED, UNCHANGED, RECORDED]
    assert await book.ledger() == [("entry", "11-10", 7)]


async def test_one_id_for_two_reps_is_two_entries(book: Book) -> None:
    assert [await book.send("60", "11-10"), await book.send("40", "11-10", rep="Ben")] == [RECORDED] * 2


# --- refused ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("entry", "kind", "field", "said"),
    [
        (("Ana", "2", "sign ups"), InvalidInput, "metric", "Did you mean Signups"),
        (
            ("Ana", "2", "xyzzy"),
            InvalidInput,
            "metric",
            "You can log Signups, Revenue, Deals, Calls, Meetings",
        ),
        (("Ana", "2", "win_rate"), InvalidInput, "metric", "calculated from other numbers"),
        (("Ana", "2", "leads"), InvalidInput, "metric", "switched off"),
        (("Ana", "0"), InvalidInput, "amount", "0"),
        (("Ana", "1.5"), InvalidInput, "amount", "whole number of signups"),
        (("Ana", "100001"), InvalidInput, "amount", "more signups"),
        (("Ana", "1", "signups", "11-13"), InvalidInput, "day", "hasn't come yet"),
        (("Nobody", "1"), NoSuchRep, "rep", "don't know"),
    ],
)
async def test_what_cannot_be_logged_is_refused_in_a_sentence(
    book: Book, entry: tuple[Any, ...], kind: type[Refusal], field: str, said: str
) -> None:
    [became] = await book.record(book.entry(*entry))
    assert became.outcome is REFUSED
    assert type(became.refusal) is kind
    assert became.refusal.field == field
    assert said in became.refusal.message
    assert await book.sql("SELECT * FROM activity") == []


async def test_a_day_before_joining_or_between_two_stints_is_refused(book: Book) -> None:
    ana = book.reps["Ana"]
    await book.sql("UPDATE rep_stints SET started_on = '2026-10-05', ended_on = '2026-10-20'")
    await insert(
        book.session, "rep_stints", sales_rep_id=ana, started_on=on("11-05"), settles_from=on("11-05")
    )
    days = ["10-04", "10-05", "10-19", "10-20", "11-04", "11-05"]
    became = await book.record(*(book.entry("Ana", "1", day=day) for day in days))
    assert [each.outcome is RECORDED for each in became] == [False, True, True, False, False, True]


async def test_a_frozen_month_refuses_entries_by_any_door(book: Book) -> None:
    await a_month(book.session, book.reps["Ana"], month=10, signup_goal=20)
    await freeze(book, 10)
    became = await book.log("Ana", "1", day="10-30")
    assert became.refusal is not None
    assert "closed" in became.refusal.message
    with pytest.raises(DBAPIError, match="2026-10 is closed"):
        async with book.session.begin_nested():
            await insert(
                book.session,
                "activity",
                sales_rep_id=book.reps["Ana"],
                metric="calls",
                amount=1,
                occurred_on=on("10-30"),
            )


@pytest.mark.parametrize("column", ["signup_goal", "signups_actual", "revenue_actual"])
async def test_a_frozen_month_refuses_sql(book: Book, column: str) -> None:
    await a_month(book.session, book.reps["Ana"], month=10, signup_goal=20)
    await freeze(book, 10)
    with pytest.raises(DBAPIError, match="no longer change"):
        await book.sql(f"UPDATE rep_monthly_goals SET {column} = 7")


async def test_a_frozen_year_refuses_another_goal(book: Book) -> None:
    year = {"goal_year": 2026, "yearly_signup_goal": 240}
    await insert(book.session, "rep_yearly_goals", sales_rep_id=book.reps["Ana"], **year)
    await book.sql("UPDATE rep_yearly_goals SET frozen_at = goalkeeper_now()")
    with pytest.raises(DBAPIError, match="no longer change"):
        await book.sql("UPDATE rep_yearly_goals SET yearly_signup_goal = 1")


async def test_where_a_source_feeds_people_do_not_log(book: Book) -> None:
    await book.sql("UPDATE metrics SET feeder = 'crm' WHERE code = 'revenue'")
    became = await book.log("Ana", "100", "revenue")
    assert became.refusal is not None
    assert became.refusal.message == (
        "Revenue comes from crm, so it isn't logged by hand. It hasn't sent anything yet."
    )
    await book.send("100", "11-10")
    became = await book.log("Ana", "100", "revenue")
    assert became.refusal is not None
    assert became.refusal.message.endswith("It last sent something on Nov 12, 2026.")


@pytest.mark.parametrize(
    ("by", "rep", "may"),
    [
        ("Ana", "Ana", True),
        ("Kim", "Ana", True),
        ("Ada", "Ana", True),
        ("Ben", "Ana", False),
        ("Lee", "Ana", False),
    ],
)
async def test_reps_log_for_themselves_managers_for_their_reps_and_admins_for_all(
    book: Book, by: str, rep: str, may: bool
) -> None:
    became = await book.log(rep, "1", by=by)
    assert (became.outcome is RECORDED) is may
    assert may or isinstance(became.refusal, NotAllowed)


@pytest.mark.parametrize("now", [datetime(2026, 12, 1, 3, tzinfo=UTC)])
async def test_today_is_the_reps_own(book: Book) -> None:
    await book.sql("UPDATE users SET time_zone = 'America/New_York' WHERE slack_id = 'UANA'")
    await book.log("Ana", "1")
    await book.log("Ben", "1")
    assert (await book.ledger("Ana"), await book.ledger("Ben")) == (
        [("entry", "11-30", 1)],
        [("entry", "12-01", 1)],
    )


async def test_refused_entries_do_not_hold_up_the_others(book: Book) -> None:
    became = await book.record(book.entry("Ana", "1"), book.entry("Ana", "0"), book.entry("Ben", "2"))
    assert [(each.line, each.outcome) for each in became] == [(0, RECORDED), (1, REFUSED), (2, RECORDED)]


# --- many ------------------------------------------------------------------------------------------------


async def test_a_large_batch_goes_the_same_way(book: Book) -> None:
    note = "a\ttab, a \\ and\na line"
    entries = [
        book.entry(
            ("Ana", "Ben")[n % 2],
            "1",
            day=f"11-{n % 12 + 1:02}",
            source="crm",
            external_id=f"D{n}",
            note=note,
        )
        for n in range(recording.MANY + 1)
    ]
    for again in (RECORDED, UNCHANGED):
        assert {each.outcome for each in await book.record(*entries)} == {again}
    figures = await queries.figures(book.session, ["signups"], Period.of_month(2026, 11), Whose())
    assert figures == {"signups": len(entries)}
    assert {row.note for row in await book.sql("SELECT DISTINCT note FROM activity")} == {note}


async def test_an_unknown_rep_among_many_is_named_by_its_line(book: Book) -> None:
    stranger = recording.Entry(RepId(999_999), "signups", Decimal(1))
    became = await book.record(book.entry("Ana", "1"), stranger)
    assert [each.line for each in became if each.refusal] == [1]
