"""The monthly report: sent to each manager once, edited when the month freezes or is reopened."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from domain import flow
from domain.people.model import Door
from domain.periods import Period
from domain.progress import reports
from domain.progress.reports import Ending, Report, Stage, report_time
from tests.db.progress.months import Months

BEGUN, OVER, MORNING = "2026-10-01T00:00Z", "2026-11-01T00:00Z", "2026-11-01T09:00Z"
FROZEN = "2026-11-08T00:00Z"


async def said(months: Months) -> list[str]:
    """Reports, as `Kim post`, in order."""
    rows = await months.rows(
        "SELECT u.name || ' ' || o.mode AS said FROM outbox o JOIN users u ON 'user:' || u.id = o.audience"
        " WHERE o.kind = 'reports.monthly' ORDER BY o.id"
    )
    return [row.said for row in rows]


async def kims(months: Months, month: str = "2026-10") -> Report:
    return await reports.report(months.session, Period.parse(month), months.users["Kim"])


async def test_the_report_comes_at_nine_after_the_last_rep_s_month_has_ended(months: Months) -> None:
    await months.rep("Ron", months.west, zone="Pacific/Honolulu")
    await months.tick("2026-10-01T12:00Z", "2026-11-01T09:00Z", "2026-11-02T08:45Z")
    assert await said(months) == []
    await months.tick("2026-11-02T09:00Z")
    assert await said(months) == ["Kim post"]
    await months.tick("2026-11-02T09:15Z", "2026-11-03T09:00Z")
    assert await said(months) == ["Kim post"]


async def test_a_report_that_is_late_waits_for_the_morning(months: Months) -> None:
    await months.tick(BEGUN, "2026-11-03T22:00Z")
    assert await said(months) == []
    await months.tick("2026-11-04T08:00Z")
    assert await said(months) == ["Kim post"]


async def test_teams_that_nobody_manages_are_reported_to_every_admin(months: Months) -> None:
    north = await months.team("North")
    await months.rep("Ron", north)
    await months.tick(BEGUN, MORNING)
    assert sorted(await said(months)) == ["Dana post", "Kim post"]


async def test_it_is_edited_when_the_month_freezes_and_when_it_is_reopened(months: Months) -> None:
    await months.tick(BEGUN, OVER)
    assert (await kims(months)).stage is Stage.PROVISIONAL
    await months.tick(MORNING)
    await months.sent()
    await months.tick(FROZEN)
    assert await said(months) == ["Kim post", "Kim edit"]
    assert ((await kims(months)).stage, (await kims(months)).is_revised) == (Stage.FINAL, False)
    await months.sent()
    dana = (await months.person("Dana")).through(Door.FORM)
    await flow.reopen_month(months.session, months.tx.now, dana, Period.parse("2026-10"), "A late deal.")
    await months.sent()
    await months.tick("2026-11-11T00:00Z")
    assert await said(months) == ["Kim post", "Kim edit", "Kim edit", "Kim edit"]
    assert ((await kims(months)).stage, (await kims(months)).is_revised) == (Stage.FINAL, True)


async def test_it_says_who_made_it_who_missed_who_set_nothing_and_who_left(months: Months) -> None:
    await months.tick(BEGUN)
    for name in ("Ann", "Bob", "Cem", "Dot"):
        await months.rep(name, months.west)
    await months.tick("2026-10-02T00:00Z")
    await months.do("UPDATE rep_monthly_goals SET tier_amounts = '{100,200,300,400,500,600}'")
    for name in ("Ann", "Bob", "Dot"):
        await months.aims(name, 20)
    await months.at("2026-10-20T00:00Z")
    await months.aims("Cem", 20)
    await months.logs("Ann", 22, "2026-10-20")
    await months.logs("Bob", 16, "2026-10-20")
    await months.leaves("Dot", "2026-10-20")
    await months.tick("2026-10-31T12:00Z")
    await months.rep("Eve", months.west, joined_on=date(2026, 10, 31))
    await months.tick("2026-10-31T13:00Z", OVER)
    report = await kims(months)
    assert [(rep.name, rep.ending) for rep in report.reps] == [
        ("Ann", Ending.MADE),
        ("Bob", Ending.MISSED),
        ("Cem", Ending.MISSED),
        ("Sam", Ending.NOT_SET),
        ("Eve", Ending.OPTIONAL),
        ("Dot", Ending.LEFT),
    ]
    # Ann, Bob and Dot set theirs in time, Cem late, Sam never; nobody asked Eve.
    assert (report.in_time, len(report.asked)) == (3, 5)
    assert [(rep.tier, rep.bonus) for rep in report.reps[:2]] == [(2, Decimal(200)), (1, Decimal(100))]
    assert report.bonus == Decimal(300)


async def test_a_rep_s_month_is_reported_by_the_team_of_its_last_day(months: Months) -> None:
    await months.user("Lee")
    east = await months.team("East", "Lee")
    await months.tick(BEGUN)
    await months.do("UPDATE team_memberships SET ended_on = '2026-10-15'")
    await months.do(
        "INSERT INTO team_memberships (sales_rep_id, team_id, started_on) VALUES (:rep, :team, '2026-10-15')",
        rep=months.reps["Sam"],
        team=east,
    )
    await months.tick(OVER, MORNING)
    assert await said(months) == ["Lee post"]


async def test_a_month_slept_through_is_reported_once_and_final(months: Months) -> None:
    await months.tick(BEGUN, "2026-11-20T12:00Z")
    assert await said(months) == ["Kim post"]
    assert (await kims(months)).stage is Stage.FINAL


@pytest.mark.parametrize(
    ("last_end", "zone", "at"),
    [
        ("2026-11-01T04:00Z", "America/New_York", "2026-11-01T14:00Z"),
        ("2026-11-01T10:00Z", "Pacific/Auckland", "2026-11-01T20:00Z"),
        ("2026-11-01T09:00Z", "UTC", "2026-11-01T09:00Z"),
        ("2026-11-01T09:01Z", "UTC", "2026-11-02T09:00Z"),
    ],
)
def test_the_morning_is_the_reader_s_own(last_end: str, zone: str, at: str) -> None:
    assert report_time(datetime.fromisoformat(last_end), zone) == datetime.fromisoformat(at).astimezone(UTC)
