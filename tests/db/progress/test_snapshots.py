"""Snapshots: how each rep stood at the end of each day, for days when nobody was up as well."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy.exc import IntegrityError

from domain.progress import service
from tests.db.progress.months import Months

BEGUN = "2026-11-01T00:00Z"
Days = list[tuple[int, int]]


async def days(months: Months, name: str = "Sam", kind: str = "daily") -> Days:
    """Days of snapshots, with the signups of each."""
    return [(each.snapshot_date.day, each.signups_to_date) for each in await months.snapshots(name, kind)]


async def test_each_day_leaves_a_snapshot_when_it_ends(months: Months) -> None:
    await months.tick(BEGUN)
    await months.aims("Sam", 21, "2026-11")
    await months.at("2026-11-06T15:00Z")
    await months.logs("Sam", 5, "2026-11-06")
    await months.tick("2026-11-06T23:45Z")
    before = len(await months.snapshots())
    await months.tick("2026-11-07T00:00Z")
    snapshot = (await months.snapshots())[-1]
    assert len(await months.snapshots()) == before + 1
    assert snapshot.snapshot_date == date(2026, 11, 6)
    assert (snapshot.signups_to_date, snapshot.signup_goal) == (5, 21)
    assert snapshot.signup_progress_percent == Decimal("23.81")
    assert (snapshot.revenue_to_date, snapshot.revenue_progress_percent) == (0, None)
    assert (snapshot.days_remaining, snapshot.bonus_tier) == (24, 0)
    assert (snapshot.on_pace, snapshot.pace_indicator) == (True, "on_track")
    assert snapshot.monthly_goal_id == (await months.month(month="2026-11")).id


async def test_a_tick_repeated_takes_none_again(months: Months) -> None:
    await months.tick(BEGUN)
    assert (await months.tick("2026-11-02T00:00Z"))["snapshots"] > 0
    assert (await months.tick("2026-11-02T00:00Z", "2026-11-02T12:00Z"))["snapshots"] == 0


async def test_days_when_nothing_was_running_follow_by_entry_day(months: Months) -> None:
    await months.tick(BEGUN)
    await months.aims("Sam", 21, "2026-11")
    await months.at("2026-11-12T12:00Z")
    await months.logs("Sam", 2, "2026-11-03")
    await months.logs("Sam", 4, "2026-11-10")
    await months.logs("Sam", 1, "2026-11-12")
    await months.tick("2026-11-12T12:00Z")
    assert await days(months) == [(1, 0), (2, 0), *((day, 2) for day in range(3, 10)), (10, 6), (11, 6)]


async def test_what_is_entered_later_rewrites_nothing(months: Months) -> None:
    await months.tick(BEGUN, "2026-11-06T00:00Z")
    await months.logs("Sam", 9, "2026-11-03")
    await months.tick("2026-11-07T00:00Z")
    assert await days(months) == [*((day, 0) for day in range(1, 6)), (6, 9)]
    with pytest.raises(IntegrityError, match="stays as it was written"):
        await months.as_owner("UPDATE goal_progress_snapshots SET signups_to_date = 9")


async def test_sundays_and_the_last_day_have_snapshots_of_their_own(months: Months) -> None:
    await months.tick(BEGUN, "2026-12-01T00:00Z")
    assert [day for day, _ in await days(months, kind="weekly")] == [1, 8, 15, 22, 29]
    assert [day for day, _ in await days(months, kind="monthly")] == [30]
    assert len(await months.snapshots()) == 30


async def test_no_verdict_before_three_working_days_or_while_goals_are_not_set(months: Months) -> None:
    await months.rep("Ron", months.west)
    await months.tick(BEGUN)
    await months.aims("Sam", 21, "2026-11")
    await months.tick("2026-11-07T00:00Z")
    verdicts = {each.snapshot_date.day: each.pace_indicator for each in await months.snapshots()}
    assert verdicts == {1: None, 2: None, 3: None, 4: "critical", 5: "critical", 6: "critical"}
    assert {each.pace_indicator for each in await months.snapshots("Ron")} == {None}


async def test_only_days_on_which_a_rep_carried_goals_have_one(months: Months) -> None:
    await months.tick(BEGUN)
    await months.at("2026-11-03T12:00Z")
    await months.rep("Ron", months.west, joined_on=date(2026, 11, 3))
    await months.tick("2026-11-03T12:00Z", "2026-11-05T00:00Z")
    await months.leaves("Sam", "2026-11-05")
    await months.tick("2026-11-08T00:00Z")
    assert [day for day, _ in await days(months)] == [1, 2, 3, 4]
    assert [day for day, _ in await days(months, "Ron")] == [3, 4, 5, 6, 7]


async def test_a_day_ends_by_each_rep_s_own_clock(months: Months) -> None:
    await months.rep("Ron", months.west, zone="America/Los_Angeles")
    await months.tick("2026-11-02T12:00Z", "2026-11-03T00:00Z")
    assert [len(await months.snapshots(name)) for name in ("Sam", "Ron")] == [1, 0]
    await months.tick("2026-11-03T08:00Z")
    assert [len(await months.snapshots(name)) for name in ("Sam", "Ron")] == [1, 1]


async def test_a_second_snapshot_on_demand_replaces_the_first_of_that_day(months: Months) -> None:
    await months.tick(BEGUN)
    await months.at("2026-11-06T12:00Z")
    await service.take_ad_hoc(months.session, [months.reps["Sam"]])
    await months.logs("Sam", 3, "2026-11-06")
    assert await service.take_ad_hoc(months.session, [months.reps["Sam"]]) == 1
    await months.at("2026-11-07T12:00Z")
    await service.take_ad_hoc(months.session, [months.reps["Sam"]])
    assert await days(months, kind="ad_hoc") == [(6, 3), (7, 3)]


async def test_by_sql_the_rep_and_the_type_are_enough(months: Months) -> None:
    await months.tick(BEGUN)
    await months.aims("Sam", 21, "2026-11")
    await months.at("2026-11-09T12:00Z")
    await months.logs("Sam", 15, "2026-11-09")
    for _ in range(2):
        await months.do(
            "INSERT INTO goal_progress_snapshots (sales_rep_id, snapshot_type) VALUES (:rep, 'ad_hoc')",
            rep=months.reps["Sam"],
        )
    [snapshot] = await months.snapshots(kind="ad_hoc")
    assert (snapshot.snapshot_date, snapshot.days_remaining) == (date(2026, 11, 9), 21)
    assert (snapshot.signups_to_date, snapshot.signup_goal, snapshot.bonus_tier) == (15, 21, 1)
    assert (snapshot.signup_progress_percent, snapshot.pace_indicator) == (Decimal("71.43"), "ahead")


async def test_figures_given_by_sql_stand_and_the_day_s_own_job_leaves_them(months: Months) -> None:
    await months.tick(BEGUN)
    await months.do(
        "INSERT INTO goal_progress_snapshots (sales_rep_id, snapshot_type, signups_to_date, signup_goal)"
        " VALUES (:rep, 'daily', 7, 10)",
        rep=months.reps["Sam"],
    )
    await months.tick("2026-11-02T00:00Z")
    [snapshot] = [each for each in await months.snapshots() if each.snapshot_date.month == 11]
    assert (snapshot.signups_to_date, snapshot.signup_progress_percent) == (7, Decimal("70.00"))


async def test_a_rep_without_a_month_has_no_snapshot(months: Months) -> None:
    with pytest.raises(IntegrityError, match="no month that a snapshot"):
        await months.do(
            "INSERT INTO goal_progress_snapshots (sales_rep_id, snapshot_type) VALUES (:rep, 'ad_hoc')",
            rep=months.reps["Sam"],
        )
