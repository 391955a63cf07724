"""Whoever leaves and returns counts as somebody who has just joined: three whole days."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Row
from sqlalchemy.exc import DBAPIError

from domain import flow
from domain.goals.rules import GoalState
from domain.people import joining, memberships
from domain.people.model import Door, TeamId
from domain.people.roster.rows import Row as RosterRow
from domain.people.roster.service import import_roster
from domain.people.teams import TeamSettings, Wanted
from domain.periods import Period
from domain.reminders import queries
from tests.builders import NULL, a_month
from tests.db.reminders.office import DAY, ONE, OVERDUE, THREE, Office

NOONS = [f"2026-10-{day:02}T12:00Z" for day in (3, 5, 6, 7)]
JOINED = "it was due before the rep joined"


@pytest.fixture
async def west(office: Office) -> TeamId:
    """Kim manages West, where Sam has been since 2024, and October has begun."""
    await office.user("Kim")
    west = await office.team("West", "Kim")
    await office.rep("Sam", west)
    await office.tick("2026-10-01T00:00Z")
    return west


async def leaves(office: Office, team: TeamId, at: str) -> None:
    await office.at(at)
    await memberships.take_out(office.session, office.tx.now, team, ["U0SAM"])


async def returns(office: Office, team: TeamId, at: str) -> None:
    await office.at(at)
    await memberships.take_in(office.session, office.tx.now, team, ["U0SAM"])


async def deactivated(office: Office, at: str) -> None:
    await office.at(at)
    await office.do("UPDATE users SET is_active = false WHERE name = 'Sam'")


async def reactivated(office: Office, at: str) -> None:
    await office.at(at)
    await office.do("UPDATE users SET is_active = true WHERE name = 'Sam'")


async def the_month(office: Office, month: int = 10) -> Row[Any]:
    [row] = await office.rows(
        "SELECT m.* FROM rep_monthly_goals m JOIN sales_reps r ON r.id = m.sales_rep_id"
        " WHERE r.name = 'Sam' AND goal_month = :month",
        month=month,
    )
    return row


async def stints(office: Office) -> list[tuple[date, date | None]]:
    rows = await office.rows("SELECT started_on, ended_on FROM rep_stints ORDER BY started_on, id")
    return [(row.started_on, row.ended_on) for row in rows]


def midnight(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T00:00:00+00:00")


# --- taken out of a team and put back ------------------------------------------------------------------


async def test_put_back_after_the_deadline_nobody_is_told_that_they_are_late(
    office: Office, west: TeamId
) -> None:
    await leaves(office, west, "2026-10-05T09:00Z")
    await office.tick("2026-10-06T12:00Z")
    await returns(office, west, "2026-10-10T09:00Z")
    await office.tick("2026-10-10T09:00Z", "2026-10-10T12:00Z", "2026-10-11T12:00Z", "2026-10-13T23:59Z")
    assert [line for line in await office.said() if "overdue" in line] == []


async def test_put_back_they_have_three_whole_days_and_are_reminded_anew(
    office: Office, west: TeamId
) -> None:
    await office.tick(*NOONS[:2])
    await leaves(office, west, "2026-10-05T13:00Z")
    await returns(office, west, "2026-10-10T09:00Z")
    before = len(await office.said())
    days = range(10, 15)
    await office.tick("2026-10-10T09:00Z", *(f"2026-10-{day}T12:00Z" for day in days))
    assert (await the_month(office)).deadline == midnight("2026-10-14")
    assert [line for line in (await office.said())[before:] if "Sam" in line] == [
        "Sam 10-10 12:00 reminder goal_deadline_3days",
        "Sam 10-12 12:00 reminder goal_deadline_1day",
        "Sam 10-13 12:00 reminder goal_deadline_day",
        "Sam 10-14 12:00 reminder goal_overdue",
    ]


async def test_there_are_two_stints_and_the_second_ones_first_day_is_that_of_joining(
    office: Office, west: TeamId
) -> None:
    await leaves(office, west, "2026-10-05T09:00Z")
    assert await stints(office) == [(date(2024, 1, 1), date(2026, 10, 5))]
    await returns(office, west, "2026-10-10T09:00Z")
    assert await stints(office) == [
        (date(2024, 1, 1), date(2026, 10, 5)),
        (date(2026, 10, 10), None),
    ]
    [rep] = await office.rows("SELECT is_active, joined_on FROM sales_reps")
    assert tuple(rep) == (True, date(2026, 10, 10))


async def test_back_on_the_same_day_they_have_three_days_from_then_on(office: Office, west: TeamId) -> None:
    await leaves(office, west, "2026-10-20T09:00Z")
    await returns(office, west, "2026-10-20T15:00Z")
    await office.tick("2026-10-20T15:00Z")
    assert await stints(office) == [(date(2024, 1, 1), date(2026, 10, 20)), (date(2026, 10, 20), None)]
    assert (await the_month(office)).deadline == midnight("2026-10-24")
    assert (await office.became("Sam"))[OVERDUE] == "to come"


async def test_out_and_in_twice_on_a_day(office: Office, west: TeamId) -> None:
    for hour in (9, 11):
        await leaves(office, west, f"2026-10-20T{hour:02}:00Z")
        await returns(office, west, f"2026-10-20T{hour + 1}:00Z")
    assert await stints(office) == [
        (date(2024, 1, 1), date(2026, 10, 20)),
        (date(2026, 10, 20), date(2026, 10, 20)),
        (date(2026, 10, 20), None),
    ]


async def test_back_on_another_team(office: Office, west: TeamId) -> None:
    east = await office.team("East", "Kim")
    await leaves(office, west, "2026-10-05T09:00Z")
    await returns(office, east, "2026-10-10T09:00Z")
    await office.tick("2026-10-10T09:15Z")
    assert (await the_month(office)).deadline == midnight("2026-10-14")
    assert [line for line in await office.said() if "overdue" in line] == []


async def test_back_in_another_zone_the_month_goes_by_it(office: Office, west: TeamId) -> None:
    await leaves(office, west, "2026-10-05T09:00Z")
    await office.do("UPDATE users SET time_zone = 'Asia/Tokyo' WHERE name = 'Sam'")
    await returns(office, west, "2026-10-10T20:00Z")
    await office.tick("2026-10-10T20:00Z")
    month = await the_month(office)
    assert (month.time_zone, month.deadline) == ("Asia/Tokyo", datetime(2026, 10, 14, 15, tzinfo=UTC))
    assert month.ends_at == datetime(2026, 10, 31, 15, tzinfo=UTC)


async def test_gone_west_meanwhile_they_may_be_back_on_the_day_before(office: Office, west: TeamId) -> None:
    await leaves(office, west, "2026-10-20T01:00Z")
    await office.do("UPDATE users SET time_zone = 'America/Los_Angeles' WHERE name = 'Sam'")
    await returns(office, west, "2026-10-20T02:00Z")
    assert await stints(office) == [(date(2024, 1, 1), date(2026, 10, 19)), (date(2026, 10, 19), None)]


async def test_back_next_month_they_have_that_month_alone(office: Office, west: TeamId) -> None:
    await leaves(office, west, "2026-10-05T09:00Z")
    await returns(office, west, "2026-11-10T09:00Z")
    await office.tick("2026-11-10T09:15Z")
    assert (await the_month(office)).status == "archived"
    assert (await the_month(office, 11)).deadline == midnight("2026-11-14")
    assert await office.said() == []


async def test_back_at_the_months_end_the_month_is_optional(office: Office, west: TeamId) -> None:
    await leaves(office, west, "2026-10-05T09:00Z")
    await returns(office, west, "2026-10-29T09:00Z")
    await office.tick("2026-10-29T09:00Z", "2026-10-29T12:00Z", "2026-10-31T12:00Z", "2026-11-01T12:00Z")
    month = await the_month(office)
    assert month.deadline > month.ends_at
    assert [line for line in await office.said() if line.startswith("Sam")] == []


async def test_a_roster_that_names_somebody_who_had_left_has_them_join_anew(
    office: Office, west: TeamId
) -> None:
    await leaves(office, west, "2026-10-05T09:00Z")
    await office.at("2026-10-10T09:00Z")
    await import_roster(office.session, office.tx.now, [RosterRow(slack_id="U0SAM", team="West")])
    await office.tick("2026-10-10T09:15Z")
    assert [line for line in await office.said() if "overdue" in line] == []
    assert (await the_month(office)).deadline == midnight("2026-10-14")


# --- what becomes of the month -------------------------------------------------------------------------


async def test_a_month_in_which_the_rep_leaves_is_archived_unless_it_is_made(
    office: Office, west: TeamId
) -> None:
    await office.set("Sam")
    await leaves(office, west, "2026-10-05T09:00Z")
    assert (await the_month(office)).status == "archived"
    await returns(office, west, "2026-10-10T09:00Z")
    month = await the_month(office)
    assert (month.status, month.set_by_deadline) == ("active", True)
    await office.do("UPDATE rep_monthly_goals SET signups_actual = 20, revenue_actual = 50000")
    await leaves(office, west, "2026-10-12T09:00Z")
    assert (await the_month(office)).status == "completed"


async def test_a_month_that_was_over_before_stays_as_it_was(office: Office, west: TeamId) -> None:
    await a_month(office.session, office.reps["Sam"], month=9, year=2026, goal_set_at=NULL)
    await leaves(office, west, "2026-10-05T09:00Z")
    assert (await the_month(office, 9)).status == "active"
    await returns(office, west, "2026-10-10T09:00Z")
    assert (await the_month(office, 9)).deadline == midnight("2026-09-07")


async def test_next_month_opened_early_is_archived_and_resumed_too(office: Office, west: TeamId) -> None:
    await office.at("2026-10-26T09:00Z")
    await office.set("Sam", "2026-11")
    await leaves(office, west, "2026-10-26T10:00Z")
    assert (await the_month(office, 11)).status == "archived"
    await returns(office, west, "2026-11-05T10:00Z")
    november = await the_month(office, 11)
    assert (november.status, november.deadline) == ("active", midnight("2026-11-09"))


# --- deactivated in Slack ------------------------------------------------------------------------------


async def test_reactivated_after_eight_days_they_are_not_called_late(office: Office, west: TeamId) -> None:
    await deactivated(office, "2026-10-02T09:00Z")
    await office.tick(*NOONS)
    await reactivated(office, "2026-10-10T09:00Z")
    await office.tick("2026-10-10T09:15Z", "2026-10-10T12:00Z", "2026-10-13T12:00Z")
    assert [line for line in await office.said() if "overdue" in line] == []
    assert (await the_month(office)).deadline == midnight("2026-10-14")


async def test_reactivated_after_six_days_that_covered_the_deadline_they_are_not_called_late(
    office: Office, west: TeamId
) -> None:
    await deactivated(office, "2026-10-04T09:00Z")
    await reactivated(office, "2026-10-10T09:00Z")
    await office.tick("2026-10-10T09:15Z", "2026-10-10T12:00Z", "2026-10-13T12:00Z")
    assert [line for line in await office.said() if "overdue" in line] == []
    assert (await the_month(office)).deadline == midnight("2026-10-14")


@pytest.mark.parametrize("ticks", [True, False])
async def test_exactly_seven_days_end_a_stint(office: Office, west: TeamId, ticks: bool) -> None:
    await deactivated(office, "2026-10-05T09:00Z")
    if ticks:
        await office.tick("2026-10-12T09:00Z")
    else:
        await reactivated(office, "2026-10-12T09:00Z")
    assert (await stints(office))[0] == (date(2024, 1, 1), date(2026, 10, 5))


async def test_an_absence_that_changes_its_kind_goes_on(office: Office, west: TeamId) -> None:
    await deactivated(office, "2026-10-05T09:00Z")
    await office.at("2026-10-08T09:00Z")
    await office.do("UPDATE users SET standing = 'guest' WHERE name = 'Sam'")
    await office.tick("2026-10-13T09:00Z")
    assert await stints(office) == [(date(2024, 1, 1), date(2026, 10, 5))]


@pytest.mark.parametrize(("days", "ended"), [(6, False), (8, True)])
@pytest.mark.parametrize("ticks", [True, False])
async def test_under_seven_days_end_no_stint(
    office: Office, west: TeamId, days: int, ended: bool, ticks: bool
) -> None:
    gone = datetime(2026, 10, 2, 9, tzinfo=UTC)
    await deactivated(office, gone.isoformat())
    for day in range(1, days if ticks else 1):
        await office.tick(gone + timedelta(days=day))
    if ticks:
        await office.tick(gone + timedelta(days=days, hours=-1))
        assert (await stints(office))[0][1] == (date(2026, 10, 2) if ended else None)
    await reactivated(office, (gone + timedelta(days=days)).isoformat())
    first = (date(2024, 1, 1), date(2026, 10, 2) if ended else None)
    second = [(date(2026, 10, 10), None)] if ended else []
    assert await stints(office) == [first, *second]


async def test_an_absence_before_the_deadline_moves_nothing(office: Office, west: TeamId) -> None:
    await deactivated(office, "2026-10-02T09:00Z")
    await reactivated(office, "2026-10-05T09:00Z")
    assert (await the_month(office)).deadline == midnight("2026-10-07")


async def test_an_absence_after_the_deadline_moves_nothing(office: Office, west: TeamId) -> None:
    await deactivated(office, "2026-10-08T09:00Z")
    await reactivated(office, "2026-10-12T09:00Z")
    assert (await the_month(office)).deadline == midnight("2026-10-07")


async def test_an_absence_over_the_first_days_of_a_month_that_nobody_opened(
    office: Office, west: TeamId
) -> None:
    await deactivated(office, "2026-10-31T20:00Z")
    await office.tick("2026-11-01T00:00Z", "2026-11-06T12:00Z")
    await reactivated(office, "2026-11-07T10:00Z")
    await office.tick("2026-11-07T10:15Z", "2026-11-07T12:00Z")
    assert (await the_month(office, 11)).deadline == midnight("2026-11-11")
    assert [line for line in await office.said() if "overdue" in line] == []


async def test_back_next_month_from_slack(office: Office, west: TeamId) -> None:
    await deactivated(office, "2026-10-20T09:00Z")
    await office.tick("2026-10-27T09:00Z", "2026-11-01T00:00Z")
    assert (await the_month(office)).status == "archived"
    await reactivated(office, "2026-11-10T09:00Z")
    await office.tick("2026-11-10T09:15Z")
    assert (await the_month(office, 11)).deadline == midnight("2026-11-14")
    assert await stints(office) == [(date(2024, 1, 1), date(2026, 10, 20)), (date(2026, 11, 10), None)]


async def test_taken_off_the_team_while_away_they_come_back_as_somebody_else(
    office: Office, west: TeamId
) -> None:
    await deactivated(office, "2026-10-02T09:00Z")
    await office.tick("2026-10-09T12:00Z")
    await leaves(office, west, "2026-10-12T09:00Z")
    await reactivated(office, "2026-10-14T09:00Z")
    assert await stints(office) == [(date(2024, 1, 1), date(2026, 10, 2))]


async def test_a_guest_for_ten_days_is_one_who_has_been_away(office: Office, west: TeamId) -> None:
    await office.at("2026-10-02T09:00Z")
    await office.do("UPDATE users SET standing = 'guest' WHERE name = 'Sam'")
    await office.tick("2026-10-09T09:00Z")
    await office.at("2026-10-12T09:00Z")
    await office.do("UPDATE users SET standing = 'member' WHERE name = 'Sam'")
    assert await stints(office) == [(date(2024, 1, 1), date(2026, 10, 2)), (date(2026, 10, 12), None)]


# --- reminders -------------------------------------------------------------------------------------------


async def test_what_was_due_while_they_were_away_is_not_sent_on_their_return(
    office: Office, west: TeamId
) -> None:
    await leaves(office, west, "2026-10-03T09:00Z")
    await returns(office, west, "2026-10-03T18:00Z")
    await office.tick("2026-10-03T18:00Z")
    assert await office.said() == []
    assert (await office.became("Sam"))[THREE] == JOINED
    assert (await office.became("Sam"))[ONE] == "to come"


async def test_a_round_of_reminders_has_messages_of_its_own(office: Office, west: TeamId) -> None:
    await office.tick(NOONS[2])
    await office.sent()
    await leaves(office, west, "2026-10-06T13:00Z")
    await returns(office, west, "2026-10-10T09:00Z")
    await office.tick("2026-10-10T09:00Z", "2026-10-13T12:00Z")
    topics = await office.rows(
        "SELECT topic FROM outbox WHERE mode = 'post' AND topic LIKE 'reminder:%' ORDER BY id"
    )
    first = f"reminder:{office.reps['Sam']}:2026-10:{DAY}"
    assert [row.topic for row in topics] == [first, f"{first}:2"]


async def test_set_before_they_are_sent_the_second_round_is_called_off(office: Office, west: TeamId) -> None:
    await leaves(office, west, "2026-10-05T13:00Z")
    await returns(office, west, "2026-10-10T09:00Z")
    await office.tick("2026-10-10T09:00Z", "2026-10-10T12:00Z")
    await office.set("Sam")
    assert (await office.became("Sam"))[THREE] == "the goals were set"
    assert [line for line in await office.said() if line.startswith("Sam")] == []


# --- the month at once -----------------------------------------------------------------------------------


async def opened(office: Office) -> list[str]:
    rows = await office.rows(
        "SELECT r.name || to_char(m.deadline, ' MM-DD') AS line"
        " FROM rep_monthly_goals m JOIN sales_reps r ON r.id = m.sales_rep_id ORDER BY 1"
    )
    return [row.line for row in rows]


async def test_a_roster_opens_the_month_of_all_it_names(office: Office) -> None:
    await office.at("2026-10-10T09:00Z")
    roster = [RosterRow(slack_id=f"U0{name}", name=name, team="West") for name in ("NIA", "RON")]
    await flow.import_roster(office.session, office.tx.now, roster)
    assert await opened(office) == ["NIA 10-14", "RON 10-14"]


async def test_whoever_is_let_into_a_team_has_the_month_at_once(office: Office, west: TeamId) -> None:
    await office.user("Nia")
    request = await joining.ask(office.session, await office.person("Nia"), west)
    await office.at("2026-10-10T09:00Z")
    kim = (await office.person("Kim")).through(Door.FORM)
    await flow.decide_request(office.session, office.tx.now, kim, request.id, add=True)
    assert await opened(office) == ["Nia 10-14", "Sam 10-07"]


async def test_whoever_is_put_on_a_team_has_the_month_at_once(office: Office, west: TeamId) -> None:
    await office.user("Nia")
    await office.at("2026-10-10T09:00Z")
    west_now = TeamSettings("West", "U0KIM")
    wanted = Wanted(west_now, west_now, add=frozenset({"U0NIA"}))
    await flow.save_team(office.session, office.tx.now, "U0KIM", west, wanted)
    assert await opened(office) == ["Nia 10-14", "Sam 10-07"]


# --- by hand ---------------------------------------------------------------------------------------------


async def test_a_rep_inserted_by_sql_joins_today_by_their_own_calendar(office: Office) -> None:
    user = await office.user("Nia", zone="Pacific/Auckland")
    await office.at("2026-10-10T20:00Z")
    await office.do("INSERT INTO sales_reps (user_id, name) VALUES (:user, 'Nia')", user=user)
    assert await stints(office) == [(date(2026, 10, 11), None)]


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO rep_stints (sales_rep_id, started_on) VALUES (:rep, '2026-10-09')",
        "INSERT INTO rep_stints (sales_rep_id, started_on, ended_on) "
        "VALUES (:rep, '2023-12-01', '2024-01-02')",
    ],
)
async def test_stints_that_share_a_day_are_refused(office: Office, west: TeamId, statement: str) -> None:
    with pytest.raises(DBAPIError, match=r"overlap|uq_rep_stints_open"):
        await office.do(statement, rep=office.reps["Sam"])


async def test_a_stint_before_the_first_is_taken(office: Office, west: TeamId) -> None:
    await office.do(
        "INSERT INTO rep_stints (sales_rep_id, started_on, ended_on) "
        "VALUES (:rep, '2023-01-01', '2024-01-01')",
        rep=office.reps["Sam"],
    )
    [rep] = await office.rows("SELECT is_active, joined_on FROM sales_reps")
    assert tuple(rep) == (True, date(2024, 1, 1))


# --- compliance ------------------------------------------------------------------------------------------


async def test_a_rep_whose_month_is_not_open_yet_counts_as_missing(office: Office, west: TeamId) -> None:
    await office.set("Sam")
    await office.at("2026-10-05T09:00Z")
    for name in ("Nia", "Ron"):
        await office.rep(name, west, joined_on=date(2026, 10, 5))
    compliance = await queries.compliance(
        office.session, office.tx.now, Period.of_month(2026, 10), office.users["Kim"]
    )
    assert [rep.name for rep in compliance.unset] == ["Nia", "Ron"]
    assert {rep.deadline for rep in compliance.unset} == {midnight("2026-10-09")}
    assert {rep.state for rep in compliance.unset} == {GoalState.NOT_SET}


async def test_of_a_month_before_they_joined_nobody_is_asked(office: Office, west: TeamId) -> None:
    await office.at("2026-11-05T09:00Z")
    await office.rep("Nia", west, joined_on=date(2026, 11, 5))
    compliance = await queries.compliance(
        office.session, office.tx.now, Period.of_month(2026, 10), office.users["Kim"]
    )
    assert [rep.name for rep in compliance.reps] == ["Sam"]


async def test_a_month_that_is_optional_is_not_missing(office: Office, west: TeamId) -> None:
    await office.set("Sam")
    await office.at("2026-10-30T09:00Z")
    await office.rep("Nia", west, joined_on=date(2026, 10, 30))
    await office.tick("2026-10-30T09:00Z")
    compliance = await queries.compliance(
        office.session, office.tx.now, Period.of_month(2026, 10), office.users["Kim"]
    )
    assert [rep.name for rep in compliance.reps] == ["Nia", "Sam"]
    assert compliance.unset == ()
    assert await office.rows("SELECT FROM v_goals_needing_setup") == []
