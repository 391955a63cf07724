"""Months end, take corrections for a week, freeze, and can be reopened."""

from datetime import date

import psycopg
import pytest
from sqlalchemy.exc import DBAPIError, IntegrityError

from domain.errors import InvalidInput, MonthNotFrozen, NotAllowed
from tests.db.progress.months import Months

BEGUN, OVER = "2026-10-01T00:00Z", "2026-11-01T00:00Z"
CORRECTED, FROZEN = "2026-11-07T23:45Z", "2026-11-08T00:00Z"


async def test_a_set_month_that_was_not_made_is_missed_when_it_ends(months: Months) -> None:
    await months.tick(BEGUN)
    await months.aims("Sam", 20)
    await months.tick("2026-10-31T23:45Z")
    assert await months.status() == "active"
    await months.tick(OVER)
    assert await months.status() == "missed"
    await months.tick(FROZEN)
    assert await months.status() == "missed, frozen"


async def test_a_month_that_nobody_set_is_archived_when_it_ends(months: Months) -> None:
    await months.tick(BEGUN, OVER)
    assert await months.status() == "archived"
    await months.tick(FROZEN)
    assert await months.status() == "archived, frozen"


async def test_a_made_month_is_completed_for_a_week_and_then_archived_as_made(months: Months) -> None:
    await months.tick(BEGUN)
    await months.aims("Sam", 20)
    await months.logs("Sam", 20, "2026-10-20")
    await months.tick(OVER)
    assert await months.status() == "completed, made"
    await months.tick(CORRECTED)
    assert await months.status() == "completed, made"
    await months.tick(FROZEN)
    assert await months.status() == "archived, frozen, made"


async def test_a_correction_in_that_week_makes_a_missed_month(months: Months) -> None:
    await months.tick(BEGUN)
    await months.aims("Sam", 20)
    await months.logs("Sam", 19, "2026-10-20")
    await months.tick(OVER, "2026-11-05T12:00Z")
    await months.logs("Sam", 1, "2026-10-31")
    assert await months.status() == "completed, made"
    await months.logs("Sam", -1, "2026-10-31")
    assert await months.status() == "missed"


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE rep_monthly_goals SET signups_actual = 21",
        "UPDATE rep_monthly_goals SET revenue_actual = 21",
        "UPDATE rep_monthly_goals SET signup_goal = 1",
        "UPDATE rep_monthly_goals SET tier_amounts = '{1,2,3,4,5,6}'",
        "UPDATE rep_yearly_goals SET yearly_signup_goal = 1",
        "INSERT INTO activity (sales_rep_id, metric, amount, occurred_on)"
        " SELECT id, 'signups', 1, '2026-12-31' FROM sales_reps WHERE name = 'Sam'",
    ],
)
async def test_a_frozen_month_and_its_year_refuse_changes_by_sql_and_say_how_to_reopen(
    months: Months, change: str
) -> None:
    await months.do("UPDATE sales_reps SET yearly_signup_goal = 240")
    await months.tick("2026-12-01T00:00Z", "2027-01-08T00:00Z")
    where = "" if change.startswith("INSERT") else " WHERE frozen_at IS NOT NULL"
    with pytest.raises(IntegrityError, match="closed") as refused:
        await months.as_owner(change + where)
    assert isinstance(refused.value.orig, psycopg.Error)
    assert refused.value.orig.diag.message_hint


async def test_a_correction_after_freezing_is_refused(months: Months) -> None:
    await months.tick(BEGUN)
    await months.aims("Sam", 20)
    await months.tick(OVER, FROZEN)
    with pytest.raises(DBAPIError, match="takes no more entries"):
        await months.logs("Sam", 20, "2026-10-31")


async def test_an_admin_reopens_a_frozen_month_for_three_days(months: Months) -> None:
    await months.tick(BEGUN)
    await months.aims("Sam", 20)
    await months.logs("Sam", 20, "2026-10-20")
    await months.tick(OVER, FROZEN, "2026-11-20T10:00Z")
    reopened = await months.reopens()
    assert (reopened.reps, f"{reopened.until:%m-%d %H:%M}") == (1, "11-23 10:00")
    assert await months.status() == "completed, made"
    await months.logs("Sam", -1, "2026-10-31")
    assert await months.status() == "missed"
    await months.tick("2026-11-23T09:45Z")
    assert await months.status() == "missed"
    await months.tick("2026-11-23T10:00Z")
    assert await months.status() == "missed, frozen"


async def test_the_history_says_who_reopened_a_month_and_why(months: Months) -> None:
    await months.tick(BEGUN, OVER, FROZEN)
    await months.reopens(reason=" A deal was missing. ")
    [change] = await months.rows("SELECT * FROM settings_changes WHERE subject = 'month'")
    assert (change.name, change.changed_by) == ("2026-10", months.users["Dana"])
    assert change.to_value["reason"] == "A deal was missing."


async def test_only_an_admin_reopens_a_month_and_says_why(months: Months) -> None:
    await months.tick(BEGUN, OVER, FROZEN)
    with pytest.raises(NotAllowed):
        await months.reopens(by="Kim")
    with pytest.raises(InvalidInput, match="why"):
        await months.reopens(reason=" ")


async def test_a_month_is_reopened_only_while_it_is_frozen(months: Months) -> None:
    await months.tick(BEGUN, OVER)
    with pytest.raises(MonthNotFrozen, match="isn't closed yet"):
        await months.reopens()
    await months.tick(FROZEN)
    await months.reopens()
    with pytest.raises(MonthNotFrozen, match="already"):
        await months.reopens()
    with pytest.raises(MonthNotFrozen, match="Nobody"):
        await months.reopens(month="2025-10")


async def test_by_sql_a_month_is_reopened_for_three_days_as_well(months: Months) -> None:
    await months.tick(BEGUN)
    await months.aims("Sam", 20)
    await months.tick(OVER, FROZEN, "2026-11-20T10:00Z")
    await months.do("UPDATE rep_monthly_goals SET frozen_at = NULL WHERE goal_month = 10")
    await months.do("UPDATE rep_monthly_goals SET signups_actual = 20 WHERE goal_month = 10")
    assert await months.status() == "completed, made"
    await months.tick("2026-11-23T10:00Z")
    assert await months.status() == "archived, frozen, made"


async def test_a_rep_who_leaves_has_missed_nothing(months: Months) -> None:
    await months.tick(BEGUN)
    await months.rep("Ron", months.west)
    await months.tick("2026-10-02T00:00Z")
    await months.aims("Sam", 20)
    await months.aims("Ron", 5)
    await months.logs("Ron", 5, "2026-10-10")
    await months.at("2026-10-15T12:00Z")
    await months.leaves("Sam", "2026-10-15")
    await months.leaves("Ron", "2026-10-15")
    await months.tick(OVER)
    assert await months.status("Sam") == "archived"
    assert await months.status("Ron") == "completed, made"
    await months.tick(FROZEN)
    assert await months.status("Ron") == "archived, frozen, made"


async def test_a_rep_who_left_and_returned_in_the_month_goes_on_with_it(months: Months) -> None:
    await months.tick(BEGUN)
    await months.aims("Sam", 20)
    await months.at("2026-10-10T12:00Z")
    await months.leaves("Sam", "2026-10-10")
    assert await months.status() == "archived"
    await months.at("2026-10-20T12:00Z")
    await months.do(
        "INSERT INTO rep_stints (sales_rep_id, started_on) VALUES (:rep, :day)",
        rep=months.reps["Sam"],
        day=date(2026, 10, 20),
    )
    assert await months.status() == "active"
    await months.tick(OVER)
    assert await months.status() == "missed"


async def test_a_rep_who_joined_on_the_last_day_has_an_optional_month_that_is_archived(
    months: Months,
) -> None:
    await months.at("2026-10-31T12:00Z")
    await months.rep("Ron", months.west, joined_on=date(2026, 10, 31))
    await months.tick("2026-10-31T12:00Z", OVER)
    assert await months.status("Ron") == "archived"


async def test_a_deal_amended_in_the_next_month_leaves_the_frozen_one_made(months: Months) -> None:
    await months.tick(BEGUN)
    await months.aims("Sam", 10)
    await months.logs("Sam", 10, "2026-10-28")
    await months.tick(OVER, FROZEN, "2026-11-12T12:00Z")
    await months.logs("Sam", -2, "2026-11-12")
    assert await months.status() == "archived, frozen, made"
    assert (await months.month()).signups_actual == 10
    assert (await months.month(month="2026-11")).signups_actual == -2


async def test_a_year_closes_and_freezes_with_its_december(months: Months) -> None:
    await months.do("UPDATE sales_reps SET yearly_signup_goal = 240")
    await months.tick(BEGUN, "2026-11-01T00:00Z", "2026-12-01T00:00Z", "2026-12-31T23:45Z")
    assert await months.year() == "active"
    await months.tick("2027-01-01T00:00Z")
    assert await months.year() == "missed"
    await months.tick("2027-01-07T23:45Z")
    assert await months.year() == "missed"
    await months.logs("Sam", 240, "2026-12-31")
    assert await months.year() == "completed, made"
    await months.tick("2027-01-08T00:00Z")
    assert await months.year() == "archived, frozen, made"
    assert await months.year(year=2027) == "active"


async def test_a_year_made_in_october_stays_made_until_a_reopened_month_takes_it_back(
    months: Months,
) -> None:
    await months.do("UPDATE sales_reps SET yearly_signup_goal = 100")
    await months.tick(BEGUN)
    await months.logs("Sam", 100, "2026-10-20")
    assert await months.year() == "completed, made"
    await months.tick(OVER, "2026-12-01T00:00Z", "2027-01-01T00:00Z", "2027-01-08T00:00Z")
    assert await months.year() == "archived, frozen, made"
    await months.reopens()
    await months.logs("Sam", -1, "2026-10-20")
    assert await months.year() == "missed"
    await months.tick("2027-01-11T00:00Z")
    assert await months.year() == "missed, frozen"


async def test_the_year_of_a_rep_who_left_before_december_is_archived(months: Months) -> None:
    await months.do("UPDATE sales_reps SET yearly_signup_goal = 240")
    await months.tick(BEGUN)
    await months.at("2026-10-15T12:00Z")
    await months.leaves("Sam", "2026-10-15")
    await months.tick("2027-01-01T00:00Z")
    assert await months.year() == "archived"
    await months.tick("2027-01-08T00:00Z")
    assert await months.year() == "archived, frozen"


async def test_each_month_ends_and_freezes_by_its_own_zone(months: Months) -> None:
    await months.rep("Ron", months.west, zone="America/Los_Angeles")
    await months.tick("2026-10-01T12:00Z")
    await months.aims("Sam", 20)
    await months.aims("Ron", 20)
    await months.tick(OVER)
    assert (await months.status("Sam"), await months.status("Ron")) == ("missed", "active")
    await months.tick("2026-11-01T07:00Z")
    assert await months.status("Ron") == "missed"
    # California's clocks went back on Nov 1: its 8th begins an hour later than the 1st did.
    await months.tick("2026-11-08T07:45Z")
    assert (await months.status("Sam"), await months.status("Ron")) == ("missed, frozen", "missed")
    await months.tick("2026-11-08T08:00Z")
    assert await months.status("Ron") == "missed, frozen"


async def test_what_was_slept_through_is_closed_and_frozen_at_once(months: Months) -> None:
    await months.tick(BEGUN)
    await months.aims("Sam", 20)
    await months.tick("2026-12-15T12:00Z")
    assert await months.status() == "missed, frozen"
