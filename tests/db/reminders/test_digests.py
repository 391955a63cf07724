"""What managers learn, and when: one digest for each of them and stage."""

from datetime import UTC, date, datetime

import pytest

from domain.periods import Period
from domain.reminders import queries
from tests.db.reminders.office import Office

OCTOBER = Period.of_month(2026, 10)
NOONS = ("2026-10-03T12:00Z", "2026-10-05T12:00Z", "2026-10-06T12:00Z", "2026-10-07T12:00Z")
KIMS = [
    "Kim 10-05 12:00 digest day_before",
    "Kim 10-06 12:00 digest last_day",
    "Kim 10-07 12:00 digest overdue",
]


async def digests(office: Office) -> list[str]:
    return [line for line in await office.said() if " digest " in line]


@pytest.fixture
async def kim(office: Office) -> Office:
    """Kim manages West."""
    await office.user("Kim")
    return office


async def test_one_digest_for_each_stage_whatever_the_number_of_reps_and_teams(kim: Office) -> None:
    west, east = await kim.team("West", "Kim"), await kim.team("East", "Kim")
    for name, team in (("Sam", west), ("Ron", west), ("Eve", east)):
        await kim.rep(name, team)
    await kim.tick("2026-10-01T00:00Z", *NOONS, "2026-10-20T12:00Z")
    assert await digests(kim) == KIMS
    compliance = await queries.compliance(kim.session, kim.tx.now, OCTOBER, kim.users["Kim"])
    assert [(rep.name, rep.team) for rep in compliance.reps] == [
        ("Eve", "East"), ("Ron", "West"), ("Sam", "West"),
    ]  # fmt: skip


async def test_who_manages_and_carries_goals_gets_both(kim: Office) -> None:
    west = await kim.team("West", "Kim")
    await kim.rep("Kim", west)
    await kim.tick("2026-10-01T00:00Z", *NOONS)
    said = await kim.said()
    assert len(said) == 7
    assert [line for line in said if " digest " in line] == KIMS


async def test_each_manager_reads_about_their_own_reps(kim: Office) -> None:
    await kim.user("Lee")
    await kim.rep("Sam", await kim.team("West", "Kim"))
    await kim.rep("Ron", await kim.team("East", "Lee"))
    await kim.tick("2026-10-01T00:00Z", *NOONS)
    said = await kim.said()
    assert [line for line in said if line.startswith("Lee")] == [line.replace("Kim", "Lee") for line in KIMS]
    assert await digests(kim) == sorted(
        KIMS + [line.replace("Kim", "Lee") for line in KIMS], key=lambda line: line[4:]
    )


async def test_at_noon_of_the_managers_own_zone(office: Office) -> None:
    await office.user("Kim", zone="Asia/Tokyo")
    west = await office.team("West", "Kim")
    await office.rep("Sam", west, zone="America/New_York")
    times = [
        "2026-10-05T03:00Z",
        "2026-10-06T03:00Z",
        "2026-10-07T03:00Z",
        "2026-10-08T02:59Z",
        "2026-10-08T03:00Z",
    ]
    await office.tick("2026-10-01T04:00Z", *times)
    # New York's 6th ends on the 7th at 13:00 in Tokyo, an hour after noon.
    assert await digests(office) == [
        "Kim 10-05 03:00 digest day_before",
        "Kim 10-06 03:00 digest last_day",
        "Kim 10-08 03:00 digest overdue",
    ]


async def test_nobody_is_called_late_before_the_last_of_the_deadlines(kim: Office) -> None:
    west = await kim.team("West", "Kim")
    await kim.rep("Sam", west)
    joined = datetime(2026, 10, 5, 9, tzinfo=UTC)
    await kim.rep("Nia", west, joined_on=joined.date(), created_at=joined)
    await kim.tick("2026-10-01T00:00Z", joined, *NOONS[1:], "2026-10-08T12:00Z", "2026-10-09T11:59Z")
    assert await digests(kim) == KIMS[:2]
    await kim.tick("2026-10-09T12:00Z")
    assert (await digests(kim))[2:] == ["Kim 10-09 12:00 digest overdue"]


async def test_who_joins_after_the_overdue_digest_brings_no_second_one(kim: Office) -> None:
    west = await kim.team("West", "Kim")
    await kim.rep("Sam", west)
    await kim.tick("2026-10-01T00:00Z", *NOONS)
    await kim.rep("Nia", west, joined_on=date(2026, 10, 20), created_at=datetime(2026, 10, 20, 9, tzinfo=UTC))
    await kim.tick("2026-10-20T09:00Z", "2026-10-22T12:00Z", "2026-10-23T12:00Z", "2026-10-24T12:00Z")
    assert await digests(kim) == KIMS


async def test_an_admin_reads_nothing_of_teams_that_somebody_manages(kim: Office) -> None:
    await kim.user("Dana", named_admin=True)
    await kim.rep("Sam", await kim.team("West", "Kim"))
    await kim.tick("2026-10-01T00:00Z", *NOONS)
    assert await digests(kim) == KIMS


@pytest.mark.parametrize("gone", ["is_active = false", "standing = 'guest'", "name = 'Nobody left'"])
async def test_teams_without_a_manager_are_for_the_admins(office: Office, gone: str) -> None:
    for name in ("Dana", "Dora"):
        await office.user(name, named_admin=True)
    await office.user("Kim")
    never = gone.startswith("name")
    await office.rep("Sam", await office.team("West", None if never else "Kim"))
    await office.do(f"UPDATE users SET {gone} WHERE name = 'Kim'")
    await office.tick("2026-10-01T00:00Z", NOONS[1])
    assert await digests(office) == [f"{name} 10-05 12:00 digest day_before" for name in ("Dana", "Dora")]
    compliance = await queries.compliance(office.session, office.tx.now, OCTOBER, None)
    assert [rep.name for rep in compliance.reps] == ["Sam"]
    assert await queries.teams_without_manager(office.session) == ["West"]


@pytest.mark.parametrize("table", ["sales_reps", "users"])
async def test_of_reps_who_have_left_nothing_is_read(kim: Office, table: str) -> None:
    west = await kim.team("West", "Kim")
    await kim.rep("Sam", west)
    await kim.tick("2026-10-01T00:00Z")
    await kim.do(f"UPDATE {table} SET is_active = false WHERE name = 'Sam'")
    await kim.tick(*NOONS)
    assert await digests(kim) == []


async def test_a_manager_who_has_left_is_told_nothing(kim: Office) -> None:
    west = await kim.team("West", "Kim")
    await kim.rep("Sam", west)
    await kim.do("UPDATE users SET is_active = false WHERE name = 'Kim'")
    await kim.tick("2026-10-01T00:00Z", *NOONS)
    assert await digests(kim) == []


async def test_a_new_manager_is_told_how_things_stand(kim: Office) -> None:
    west = await kim.team("West")
    await kim.rep("Sam", west)
    await kim.tick("2026-10-01T00:00Z", *NOONS)
    await kim.do("UPDATE teams SET manager_id = :kim", kim=kim.users["Kim"])
    await kim.tick("2026-10-15T07:45Z")
    assert await digests(kim) == []
    await kim.tick("2026-10-15T08:00Z", "2026-10-15T12:00Z")
    assert await digests(kim) == ["Kim 10-15 08:00 digest overdue"]


@pytest.mark.parametrize(
    ("back", "said"),
    [
        ("2026-10-05T13:00Z", ["Kim 10-05 13:00 digest day_before"]),
        ("2026-10-05T20:00Z", []),
        ("2026-10-06T09:00Z", []),
        ("2026-10-06T14:03Z", ["Kim 10-06 14:03 digest last_day"]),
        ("2026-10-07T09:00Z", []),
        ("2026-10-09T19:59Z", ["Kim 10-09 19:59 digest overdue"]),
        ("2026-10-09T20:00Z", []),
    ],
)
async def test_back_after_a_silence_what_is_said_is_still_true(
    kim: Office, back: str, said: list[str]
) -> None:
    west = await kim.team("West", "Kim")
    await kim.rep("Sam", west)
    await kim.tick("2026-10-01T00:00Z", back)
    assert await digests(kim) == said


async def test_installed_on_the_20th_digests_go_by_the_deadlines_that_there_are(kim: Office) -> None:
    installed = datetime(2026, 10, 20, 15, tzinfo=UTC)
    west = await kim.team("West", "Kim")
    for name in ("Sam", "Ron"):
        await kim.rep(name, west, joined_on=installed.date(), created_at=installed)
    await kim.tick(installed, *(f"2026-10-{day}T12:00Z" for day in range(21, 27)))
    assert await digests(kim) == [
        "Kim 10-22 12:00 digest day_before",
        "Kim 10-23 12:00 digest last_day",
        "Kim 10-24 12:00 digest overdue",
    ]


async def test_without_anybody_who_carries_goals_there_is_nothing_to_read(kim: Office) -> None:
    await kim.team("West", "Kim")
    await kim.tick("2026-10-01T00:00Z", *NOONS)
    assert await kim.said() == []


async def test_once_the_month_has_ended_its_digest_comes_no_more(office: Office) -> None:
    await office.user("Kim", zone="Asia/Tokyo")
    await office.rep("Sam", await office.team("West", "Kim"))
    await office.tick("2026-10-01T00:00Z", "2026-11-01T00:00Z")
    assert await office.said() == []


async def test_a_rep_who_has_moved_is_read_about_by_the_new_manager_alone(office: Office) -> None:
    for name in ("Kim", "Lee"):
        await office.user(name)
    west, east = await office.team("West", "Kim"), await office.team("East", "Lee")
    await office.rep("Sam", west)
    await office.do("UPDATE team_memberships SET ended_on = '2026-09-01'")
    await office.do(
        "INSERT INTO team_memberships (sales_rep_id, team_id, started_on) VALUES (:sam, :east, '2026-09-01')",
        sam=office.reps["Sam"],
        east=east,
    )
    await office.tick("2026-10-01T00:00Z", "2026-10-05T12:00Z")
    assert [line for line in await office.said() if "digest" in line] == ["Lee 10-05 12:00 digest day_before"]
    boards = [
        await queries.compliance(office.session, office.tx.now, OCTOBER, office.users[name])
        for name in ("Kim", "Lee")
    ]
    assert [[rep.team for rep in board.reps] for board in boards] == [[], ["East"]]


@pytest.mark.parametrize("no_longer", ["standing = 'guest'", "standing = 'external'", "is_active = false"])
async def test_whoever_takes_no_part_any_more_is_nobodys_reader(kim: Office, no_longer: str) -> None:
    assert await queries.reader(kim.session, kim.users["Kim"]) is not None
    await kim.do(f"UPDATE users SET {no_longer} WHERE name = 'Kim'")
    assert await queries.reader(kim.session, kim.users["Kim"]) is None
