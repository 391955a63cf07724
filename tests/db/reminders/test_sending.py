"""Who is reminded when, and what becomes of reminders that could not be sent in time."""

from datetime import date, datetime

import pytest

from tests.db.reminders.office import DAY, ONE, OVERDUE, THREE, Office

NOONS = ("2026-10-03T12:00Z", "2026-10-05T12:00Z", "2026-10-06T12:00Z", "2026-10-07T12:00Z")
SKIPPED_SET = "the goals were set"
LATER = "a later one was due as well"
JOINED = "it was due before the rep joined"


def at(moment: str) -> datetime:
    return datetime.fromisoformat(moment)


async def test_who_has_not_set_goals_is_reminded_at_noon_of_four_days(office: Office) -> None:
    await office.rep("Sam")
    await office.tick("2026-10-01T00:00Z", *NOONS, "2026-10-20T12:00Z")
    assert await office.said() == [
        "Sam 10-03 12:00 reminder goal_deadline_3days",
        "Sam 10-05 12:00 reminder goal_deadline_1day",
        "Sam 10-06 12:00 reminder goal_deadline_day",
        "Sam 10-07 12:00 reminder goal_overdue",
    ]


async def test_nothing_is_sent_a_second_before_it_is_due(office: Office) -> None:
    await office.rep("Sam")
    await office.tick("2026-10-01T00:00Z", "2026-10-03T11:59:59Z")
    assert await office.said() == []


async def test_the_workspace_says_at_what_time_of_day(office: Office) -> None:
    await office.do("UPDATE workspaces SET reminder_time = '21:30'")
    await office.rep("Sam")
    await office.tick("2026-10-01T00:00Z", "2026-10-03T21:29Z", "2026-10-03T21:30:20Z")
    assert await office.said() == ["Sam 10-03 21:30 reminder goal_deadline_3days"]


async def test_who_has_set_goals_is_left_in_peace(office: Office) -> None:
    await office.rep("Sam")
    await office.tick("2026-10-01T00:00Z", NOONS[0])
    await office.at("2026-10-04T09:00Z")
    await office.sent()
    await office.set("Sam")
    await office.tick(*NOONS[1:])
    assert await office.said() == ["Sam 10-03 12:00 reminder goal_deadline_3days"]
    assert await office.became("Sam") == {
        THREE: "10-03 12:00",
        ONE: SKIPPED_SET,
        DAY: SKIPPED_SET,
        OVERDUE: SKIPPED_SET,
    }


async def test_what_is_ticked_again_is_not_said_again(office: Office) -> None:
    await office.rep("Sam")
    await office.tick("2026-10-01T00:00Z", NOONS[0])
    said = await office.said()
    done = await office.tick(NOONS[0], NOONS[0], "2026-10-03T12:00:20Z")
    assert (done["months"], done["reminders"]) == (0, 0)
    assert await office.said() == said


# --- down -------------------------------------------------------------------------------------------------


async def test_down_from_the_2nd_to_the_6th_only_the_newest_is_sent_and_the_others_say_why(
    office: Office,
) -> None:
    await office.rep("Sam")
    await office.tick("2026-10-01T00:00Z", "2026-10-06T14:03Z")
    assert await office.said() == ["Sam 10-06 14:03 reminder goal_deadline_day"]
    assert await office.became("Sam") == {
        THREE: LATER, ONE: LATER, DAY: "10-06 14:03", OVERDUE: "to come",
    }  # fmt: skip


async def test_down_since_before_the_month_it_is_the_same(office: Office) -> None:
    await office.rep("Sam")
    await office.tick("2026-10-06T14:03Z")
    assert await office.said() == ["Sam 10-06 14:03 reminder goal_deadline_day"]


@pytest.mark.parametrize(
    ("zone", "back", "sent"),
    [
        ("UTC", "2026-10-04T07:59:59Z", "10-04 08:00"),
        ("UTC", "2026-10-03T20:00Z", "10-04 08:00"),
        ("UTC", "2026-10-03T19:59:59Z", "10-03 19:59"),
        ("America/New_York", "2026-10-04T11:59Z", "10-04 12:00"),
        ("Asia/Kathmandu", "2026-10-04T02:14Z", "10-04 02:15"),
    ],
)
async def test_what_is_late_waits_for_the_reps_morning(
    office: Office, zone: str, back: str, sent: str
) -> None:
    await office.rep("Sam", zone=zone)
    await office.tick("2026-10-01T12:00Z", back)
    month, hour = sent.split(" ")
    await office.tick(f"2026-{month}T{hour}:59Z" if sent.endswith("59") else f"2026-{month}T{hour}Z")
    assert (await office.became("Sam"))[THREE] == sent


@pytest.mark.parametrize(
    ("back", "became"),
    [("2026-10-03T21:45Z", "10-03 21:45"), ("2026-10-03T21:45:01Z", "to come")],
)
async def test_up_to_a_quarter_of_an_hour_late_is_on_time_at_any_hour(
    office: Office, back: str, became: str
) -> None:
    await office.do("UPDATE workspaces SET reminder_time = '21:30'")
    await office.rep("Sam")
    await office.tick("2026-10-01T00:00Z", back)
    assert (await office.became("Sam"))[THREE] == became


async def test_what_waits_for_the_morning_gives_way_to_what_has_come_due_meanwhile(office: Office) -> None:
    await office.do("UPDATE workspaces SET reminder_time = '07:00'")
    await office.rep("Sam")
    await office.tick("2026-10-01T00:00Z", "2026-10-05T22:00Z")
    assert (await office.became("Sam"))[THREE] == LATER
    await office.tick("2026-10-06T07:00Z")
    assert await office.said() == ["Sam 10-06 07:00 reminder goal_deadline_day"]
    assert (await office.became("Sam"))[ONE] == LATER


async def test_a_deadline_that_passes_meanwhile_leaves_the_overdue_one_alone(office: Office) -> None:
    await office.rep("Sam")
    await office.tick("2026-10-01T00:00Z", "2026-10-06T21:00Z", "2026-10-07T08:00Z")
    assert (await office.became("Sam"))[DAY] == "the deadline had passed"
    await office.tick("2026-10-07T12:00Z")
    assert await office.said() == ["Sam 10-07 12:00 reminder goal_overdue"]


async def test_back_only_after_the_month_nothing_is_sent(office: Office) -> None:
    await office.rep("Sam")
    await office.tick("2026-10-01T00:00Z", "2026-11-01T12:00Z")
    assert await office.said() == []
    assert set((await office.became("Sam")).values()) == {"the month is over"}


# --- joining and leaving ----------------------------------------------------------------------------------


async def test_who_joins_on_the_5th_has_three_days_and_is_reminded_from_then_on(office: Office) -> None:
    await office.tick("2026-10-05T09:07Z")
    await office.rep("Nia", joined_on=date(2026, 10, 5), created_at=at("2026-10-05T09:07Z"))
    await office.tick("2026-10-05T09:15Z", "2026-10-05T12:00Z", "2026-10-06T12:00Z", "2026-10-07T12:00Z")
    await office.tick("2026-10-08T12:00Z", "2026-10-09T12:00Z")
    assert await office.said() == [
        "Nia 10-05 12:00 reminder goal_deadline_3days",
        "Nia 10-07 12:00 reminder goal_deadline_1day",
        "Nia 10-08 12:00 reminder goal_deadline_day",
        "Nia 10-09 12:00 reminder goal_overdue",
    ]


@pytest.mark.parametrize("day", [1, 3, 20])
async def test_none_that_was_due_before_the_rep_joined(office: Office, day: int) -> None:
    joined = datetime(2026, 10, day, 15, tzinfo=office.tx.now.tzinfo)
    await office.rep("Nia", joined_on=joined.date(), created_at=joined)
    await office.tick(joined)
    became = await office.became("Nia")
    assert became[THREE] == (JOINED if day > 1 else "to come")
    assert list(became.values())[1:] == ["to come"] * 3
    assert await office.said() == []


async def test_installed_on_the_20th_everybody_has_until_the_23rd(office: Office) -> None:
    installed = at("2026-10-20T15:00Z")
    for name in ("Sam", "Nia"):
        await office.rep(name, joined_on=installed.date(), created_at=installed)
    await office.tick(installed, "2026-10-22T12:00Z", "2026-10-23T12:00Z", "2026-10-24T12:00Z")
    assert [line for line in await office.said() if line.startswith("Sam")] == [
        "Sam 10-22 12:00 reminder goal_deadline_1day",
        "Sam 10-23 12:00 reminder goal_deadline_day",
        "Sam 10-24 12:00 reminder goal_overdue",
    ]


async def test_who_joins_at_the_months_very_end_is_not_called_late_in_it(office: Office) -> None:
    joined = at("2026-10-30T15:00Z")
    await office.rep("Nia", joined_on=joined.date(), created_at=joined)
    await office.tick(joined, "2026-10-31T12:00Z", "2026-11-01T12:00Z", "2026-11-02T12:00Z")
    await office.tick("2026-11-03T12:00Z")
    assert await office.said() == ["Nia 11-03 12:00 reminder goal_deadline_3days"]
    became = await office.became("Nia")
    assert became == {
        THREE: JOINED,
        ONE: "the month is over",
        DAY: "the month is over",
        OVERDUE: "the month is over",
    }


async def test_a_month_is_not_opened_before_the_rep_joins(office: Office) -> None:
    await office.rep("Nia", joined_on=date(2026, 10, 5), created_at=at("2026-10-01T00:00Z"))
    assert (await office.tick("2026-10-01T00:00Z", "2026-10-04T23:59Z"))["months"] == 0
    assert (await office.tick("2026-10-05T00:00Z"))["months"] == 1


@pytest.mark.parametrize(
    "leaving",
    [
        "UPDATE sales_reps SET is_active = false",
        "UPDATE users SET is_active = false",
        "UPDATE users SET standing = 'guest'",
    ],
)
async def test_who_is_deactivated_is_reminded_no_more_and_no_month_opens(
    office: Office, leaving: str
) -> None:
    await office.rep("Sam")
    await office.tick("2026-10-01T00:00Z", NOONS[0])
    await office.do(leaving)
    await office.tick(*NOONS[1:])
    assert await office.said() == ["Sam 10-03 12:00 reminder goal_deadline_3days"]
    assert list((await office.became("Sam")).values())[1:] == ["the rep is deactivated"] * 3
    assert (await office.tick("2026-11-01T00:00Z"))["months"] == 0


# --- moving and changing settings -------------------------------------------------------------------------


async def test_who_changes_zone_on_the_4th_keeps_the_months_until_the_next(office: Office) -> None:
    await office.rep("Sam", zone="Europe/Berlin")
    await office.tick("2026-09-30T22:00Z", "2026-10-03T10:00Z")
    await office.do("UPDATE users SET time_zone = 'America/Los_Angeles'")
    await office.tick("2026-10-05T10:00Z", "2026-10-05T19:00Z", "2026-10-06T10:00Z", "2026-10-07T10:00Z")
    await office.tick("2026-11-01T06:59:59Z")
    assert [line.split(" reminder")[0] for line in await office.said()] == [
        "Sam 10-03 10:00", "Sam 10-05 10:00", "Sam 10-06 10:00", "Sam 10-07 10:00",
    ]  # fmt: skip
    assert (await office.tick("2026-11-01T07:00Z"))["months"] == 1
    await office.tick("2026-11-03T19:59:59Z", "2026-11-03T20:00Z")
    assert (await office.said())[-1] == "Sam 11-03 20:00 reminder goal_deadline_3days"


async def test_a_deadline_day_changed_in_mid_month_counts_from_the_next(office: Office) -> None:
    await office.rep("Sam")
    await office.tick("2026-10-01T00:00Z", NOONS[0])
    await office.do("UPDATE workspaces SET deadline_day = 20")
    await office.tick(*NOONS[1:], "2026-10-17T12:00Z", "2026-10-20T12:00Z", "2026-11-01T00:00Z")
    assert len(await office.said()) == 4
    await office.tick("2026-11-06T12:00Z", "2026-11-17T12:00Z")
    assert (await office.said())[4:] == ["Sam 11-17 12:00 reminder goal_deadline_3days"]


@pytest.mark.parametrize("back", ["2026-10-05T11:00Z", "2026-09-05T12:00Z", "2026-10-01T00:00Z"])
async def test_the_clock_set_back_sends_nothing_twice(office: Office, back: str) -> None:
    kim = await office.user("Kim")
    west = await office.team("West", "Kim")
    assert kim
    await office.rep("Sam", west)
    await office.tick("2026-10-01T00:00Z", NOONS[0], NOONS[1])
    before = await office.said()
    assert len(before) == 3
    await office.tick(back)
    await office.tick(*NOONS[:2])
    assert [line for line in await office.said() if " 09-" not in line] == before


# --- who claims the workspace -----------------------------------------------------------------------------


async def test_a_tick_says_when_there_is_something_to_do_again(office: Office) -> None:
    await office.rep("Sam")

    async def next_after(moment: str) -> str:
        await office.tick(moment)
        [[tick_at]] = await office.rows(
            "SELECT to_char(tick_at AT TIME ZONE 'UTC', 'DD HH24:MI') FROM workspaces"
        )
        return str(tick_at)

    assert await next_after("2026-10-01T00:00Z") == "01 00:15"
    assert await next_after("2026-10-03T11:51:20Z") == "03 12:00"
    await office.do("UPDATE workspaces SET reminder_time = '12:07'")
    await office.rep("Nia")
    assert await next_after("2026-10-03T12:00Z") == "03 12:07"
    await office.do("UPDATE goal_deadline_reminders SET snoozed_until = '2026-10-03T12:09Z' WHERE sent")
    assert await next_after("2026-10-03T12:08Z") == "03 12:09"


@pytest.mark.parametrize(
    ("late", "sent"),
    [("2026-10-03T21:15Z", "10-03 21:15"), ("2026-10-03T21:15:01Z", "10-04 08:00")],
)
async def test_a_quarter_of_an_hour_late_is_on_time_at_any_hour(office: Office, late: str, sent: str) -> None:
    await office.do("UPDATE workspaces SET reminder_time = '21:00'")
    await office.rep("Sam")
    await office.tick("2026-10-01T00:00Z", late, "2026-10-04T08:00Z")
    assert await office.said() == [f"Sam {sent} reminder goal_deadline_3days"]


async def test_one_that_is_due_as_the_rep_joins_is_sent(office: Office) -> None:
    noon = datetime.fromisoformat("2026-10-03T12:00Z")
    await office.rep("Sam", joined_on=noon.date(), created_at=noon)
    await office.tick(noon)
    assert await office.said() == ["Sam 10-03 12:00 reminder goal_deadline_3days"]


async def test_a_month_that_is_over_is_not_planned_for_any_more(office: Office) -> None:
    await office.rep("Sam")
    await office.do(
        "INSERT INTO rep_monthly_goals (sales_rep_id, goal_year, goal_month, goal_set_at)"
        " VALUES (:sam, 2026, 9, NULL)",
        sam=office.reps["Sam"],
    )
    await office.tick("2026-10-01T00:00Z")
    assert {row.target_month for row in await office.rows("SELECT * FROM goal_deadline_reminders")} == {10}
