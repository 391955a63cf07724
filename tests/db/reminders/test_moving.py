"""Months opened from the 25th on, and reps who move before the 1st: its zone rules."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Row

from tests.builders import NULL, a_month
from tests.db.goals.desk import counted
from tests.db.reminders.office import LONG_AGO, Office

NOVEMBER = "2026-11"
SET_ON = "2026-10-27T10:00Z"
HOURS = (0, 3, 7, 11, 15, 20)


@dataclass(frozen=True)
class Move:
    """From one zone to another, and the instants of November there."""

    was: str
    now: str
    starts: str
    deadline: str
    ends: str
    noons: tuple[str, ...]

    @property
    def bounds(self) -> tuple[Any, ...]:
        return self.now, *(datetime.fromisoformat(at) for at in (self.starts, self.deadline, self.ends))


EAST = Move(
    "America/Los_Angeles", "Asia/Tokyo", "2026-10-31T15:00Z", "2026-11-06T15:00Z", "2026-11-30T15:00Z",
    ("11-03 03:00", "11-05 03:00", "11-06 03:00", "11-07 03:00"),
)  # fmt: skip
WEST = Move(
    "Asia/Tokyo", "America/Los_Angeles", "2026-11-01T07:00Z", "2026-11-07T08:00Z", "2026-12-01T08:00Z",
    ("11-03 20:00", "11-05 20:00", "11-06 20:00", "11-07 20:00"),
)  # fmt: skip
BOTH = pytest.mark.parametrize("move", [EAST, WEST], ids=["east", "west"])


async def opened(office: Office, move: Move, *, is_set: bool) -> None:
    """Sam's November, on the 27th of October in the zone that Sam is about to leave."""
    await office.rep("Sam", zone=move.was)
    await office.tick("2026-10-01T12:00Z")
    await office.at(SET_ON)
    if is_set:
        await office.set("Sam", NOVEMBER)
    else:
        await a_month(office.session, office.reps["Sam"], month=11, goal_set_at=NULL)
    await office.tick(SET_ON)
    assert (await november(office)).time_zone == move.was


async def moves(office: Office, zone: str, at: str) -> None:
    await office.at(at)
    await office.do("UPDATE users SET time_zone = :zone", zone=zone)


async def november(office: Office) -> Row[Any]:
    [row] = await office.rows("SELECT * FROM rep_monthly_goals WHERE goal_month = 11")
    return row


def bounds(month: Row[Any]) -> tuple[Any, ...]:
    return month.time_zone, month.starts_at, month.deadline, month.ends_at


async def ticked_through(office: Office) -> None:
    """Every few hours from the 30th of October to the 8th of November."""
    for day in (30, 31, *range(1, 9)):
        month = 10 if day > 29 else 11
        await office.tick(*(datetime(2026, month, day, hour, tzinfo=UTC) for hour in HOURS))


async def november_said(office: Office) -> list[str]:
    return [line for line in await office.said() if " 11-" in line]


@BOTH
async def test_who_moves_before_the_1st_takes_a_month_opened_early_along(office: Office, move: Move) -> None:
    await opened(office, move, is_set=False)
    await moves(office, move.now, "2026-10-29T10:00Z")
    await ticked_through(office)
    assert bounds(await november(office)) == move.bounds
    assert [line.split(" reminder")[0] for line in await november_said(office)] == [
        f"Sam {noon}" for noon in move.noons
    ]


@BOTH
async def test_who_has_set_it_early_is_left_in_peace_and_no_change_is_recorded(
    office: Office, move: Move
) -> None:
    await opened(office, move, is_set=True)
    await office.sent()
    await moves(office, move.now, "2026-10-29T10:00Z")
    await ticked_through(office)
    month = await november(office)
    assert bounds(month) == move.bounds
    assert (month.goal_set_at, month.set_by_deadline) == (datetime.fromisoformat(SET_ON), True)
    assert await november_said(office) == await office.edits() == []
    assert len(await office.rows("SELECT FROM goal_changes")) == 1
    assert set((await office.became("Sam", NOVEMBER)).values()) <= {"the goals were set"}


@BOTH
@pytest.mark.parametrize("is_set", [False, True], ids=["not set", "set"])
async def test_the_zone_is_settled_when_the_1st_has_come_to_where_the_rep_is(
    office: Office, move: Move, is_set: bool
) -> None:
    await opened(office, move, is_set=is_set)
    await moves(office, move.now, "2026-10-29T10:00Z")
    starts = datetime.fromisoformat(move.starts)
    await office.tick(starts.replace(hour=starts.hour - 1, minute=59))
    assert (await november(office)).time_zone == move.was
    assert await office.became("Sam", NOVEMBER) == {}
    await office.tick(starts)
    assert bounds(await november(office)) == move.bounds


async def test_who_moves_on_the_2nd_keeps_the_zone_of_the_1st(office: Office) -> None:
    await opened(office, EAST, is_set=False)
    await office.tick("2026-11-01T07:00Z")
    settled = bounds(await november(office))
    await moves(office, EAST.now, "2026-11-02T10:00Z")
    await ticked_through(office)
    assert bounds(await november(office)) == settled
    assert settled[0] == EAST.was


async def test_who_moves_there_and_back_is_where_they_were(office: Office) -> None:
    await opened(office, WEST, is_set=True)
    before = bounds(await november(office))
    await moves(office, WEST.now, "2026-10-29T10:00Z")
    await office.tick("2026-10-30T10:00Z")
    await moves(office, WEST.was, "2026-10-31T10:00Z")
    await ticked_through(office)
    assert bounds(await november(office)) == before


async def test_while_nothing_was_running_it_is_as_for_months_not_opened_yet(office: Office) -> None:
    await opened(office, EAST, is_set=False)
    await office.rep("Nia", zone=EAST.was, joined_on=LONG_AGO)
    await moves(office, EAST.now, "2026-11-04T10:00Z")
    await office.tick("2026-11-04T12:00Z")
    rows = await office.rows("SELECT * FROM rep_monthly_goals WHERE goal_month = 11")
    assert [bounds(row) for row in rows] == [EAST.bounds] * 2


async def test_a_month_typed_in_after_it_began_keeps_the_zone_it_was_given(office: Office) -> None:
    await office.rep("Sam", zone="Asia/Tokyo")
    await office.at("2026-11-02T10:00Z")
    await a_month(office.session, office.reps["Sam"], month=11, time_zone="Europe/Berlin", goal_set_at=NULL)
    await office.tick("2026-11-02T10:00Z", "2026-11-03T11:00Z")
    assert (await november(office)).time_zone == "Europe/Berlin"
    assert await november_said(office) == ["Sam 11-03 11:00 reminder goal_deadline_3days"]


async def test_many_who_moved_cost_as_many_statements_as_one(office: Office) -> None:
    zones = ("Asia/Tokyo", "Europe/Berlin", "America/Lima", "Asia/Kathmandu")

    async def cost(count: int) -> int:
        names = [f"R{count}X{number}" for number in range(count)]
        await office.at(SET_ON)
        for number, name in enumerate(names):
            await office.rep(name, zone=zones[number % 4])
            await a_month(office.session, office.reps[name], month=11, goal_set_at=NULL)
        await moves(office, "America/Los_Angeles", "2026-10-29T10:00Z")
        with counted(office.session) as statements:
            await office.tick("2026-11-01T07:00Z")
        return len(statements)

    one = await cost(1)
    # The daily sweep for achievements has run by then.
    assert await cost(40) <= one
    assert {row[0] for row in await office.rows("SELECT time_zone FROM rep_monthly_goals")} == {
        "America/Los_Angeles"
    }
    with counted(office.session) as statements:
        await office.tick("2026-11-01T07:15Z")
    assert len(statements) < one
