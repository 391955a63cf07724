"""Posting boards: every week, when the month is over, and once more when it is frozen."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import text

from domain import flow
from domain.db import Transaction
from domain.leaderboards import queries
from domain.leaderboards.jobs import boards_coming, post_boards
from domain.leaderboards.standings import ATTAINMENT
from domain.periods import Period
from tests.builders import moved_to
from tests.db.leaderboards.stage import Stage

MONDAY = datetime(2026, 11, 16, 9, tzinfo=UTC)
NEXT_MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)
DECEMBER = datetime(2026, 12, 1, 9, tzinfo=UTC)


@pytest.fixture
async def floor(stage: Stage) -> Stage:
    """North has a channel and the company one; the schedule is an old one."""
    await stage.team("North", "C0NORTH")
    await stage.sql("UPDATE workspaces SET company_channel = 'C0COMPANY', boards_since = '2025-01-01'")
    return stage


async def post(stage: Stage, at: datetime) -> int:
    """Run the job at a time."""
    moved = await moved_to(Transaction(stage.session, at), at)
    return await post_boards(moved.session, at)


async def said(stage: Stage, mode: str = "post") -> list[tuple[Any, ...]]:
    """Return what was queued: to where, about what."""
    found = await stage.session.execute(
        text(
            "SELECT audience, period, part, stage FROM outbox"
            " WHERE subject = 'board' AND mode = :mode ORDER BY id"
        ),
        {"mode": mode},
    )
    return [tuple(row) for row in found]


async def sent(stage: Stage) -> None:
    """Let all posts be sent."""
    await stage.sql(
        "UPDATE outbox SET status = 'sent', channel = 'C', ts = '1'"
        " WHERE subject = 'board' AND status = 'pending'"
    )


async def places(stage: Stage) -> list[list[tuple[int, str]]]:
    """Return places and values of every board that is written down."""
    found = await stage.session.execute(text("SELECT rows FROM leaderboard_snapshots ORDER BY id"))
    return [[(each["place"], each["value"]) for each in rows] for rows in found.scalars()]


async def test_boards_go_to_the_teams_channel_and_the_companys(floor: Stage) -> None:
    await floor.made("Ana", 10)
    await floor.made("Ben", 4, team="South")
    north = str(floor.teams["North"])
    assert await post(floor, MONDAY) == 2
    assert await said(floor) == [
        ("channel:C0NORTH", "2026-11", north, "weekly 2026-11-16"),
        ("channel:C0COMPANY", "2026-11", "company", "weekly 2026-11-16"),
    ]
    assert await post(floor, MONDAY) == 0
    assert await post(floor, datetime(2026, 11, 18, 12, tzinfo=UTC)) == 0


async def test_a_board_that_nobody_is_on_is_not_posted(floor: Stage) -> None:
    await floor.made("Ana", 0)
    assert await post(floor, MONDAY) == 0


async def test_after_a_fortnight_of_downtime_only_the_newest_is_posted(floor: Stage) -> None:
    await floor.made("Ana", 10)
    await post(floor, datetime(2026, 11, 25, 12, tzinfo=UTC))
    assert {stage for *_, stage in await said(floor)} == {"weekly 2026-11-23"}


async def test_movement_is_since_the_last_board_that_people_saw(floor: Stage) -> None:
    for name, signups in (("Ana", 4), ("Ben", 8), ("Cem", 6), ("Dee", 2)):
        await floor.made(name, signups)
    await post(floor, MONDAY)
    await sent(floor)
    await floor.log("Ana", 8, day=17)
    await post(floor, NEXT_MONDAY)
    found = await floor.session.execute(
        text("SELECT max(id) FROM leaderboard_snapshots WHERE team_id IS NOT NULL")
    )
    board = await queries.posted(floor.session, found.scalar_one())
    assert board is not None
    ana, ben, cem = (floor.reps[name] for name in ("Ana", "Ben", "Cem"))
    assert board.before == {ben: 1, cem: 2}
    assert [line.sales_rep_id for line in board.lines] == [ana, ben]


async def test_a_board_that_never_arrived_moves_nobody(floor: Stage) -> None:
    await floor.made("Ana", 4)
    await post(floor, MONDAY)
    await post(floor, NEXT_MONDAY)
    north = (floor.teams["North"], "North")
    board = await queries.current(floor.session, NEXT_MONDAY, north, ATTAINMENT, Period.of_month(2026, 11))
    assert board.before is None


async def test_the_final_board_waits_for_the_last_of_the_teams_months(floor: Stage) -> None:
    await floor.made("Ana", 10)
    await floor.team("West", "C0WEST")
    await floor.rep("Wes", "West")
    await floor.sql("UPDATE users SET time_zone = 'America/Los_Angeles' WHERE name = 'Wes'")
    await floor.made("Wes", 5)
    await floor.sql("UPDATE workspaces SET board_time = '07:00'")
    await post(floor, datetime(2026, 12, 1, 7, tzinfo=UTC))
    assert [audience for audience, *_ in await said(floor)] == ["channel:C0NORTH"]
    await post(floor, datetime(2026, 12, 2, 7, tzinfo=UTC))
    assert [(audience, stage) for audience, _, _, stage in await said(floor)] == [
        ("channel:C0NORTH", "final 2026-12-01"),
        ("channel:C0WEST", "final 2026-12-02"),
        ("channel:C0COMPANY", "final 2026-12-02"),
    ]
    assert await post(floor, datetime(2026, 12, 3, 7, tzinfo=UTC)) == 0


async def test_the_final_board_is_edited_when_the_month_is_frozen(floor: Stage) -> None:
    await floor.made("Ana", 10)
    await post(floor, DECEMBER)
    await sent(floor)
    await floor.log("Ana", 2, day=30)
    assert await post(floor, datetime(2026, 12, 5, 9, tzinfo=UTC)) == 0
    await floor.sql("UPDATE rep_monthly_goals SET frozen_at = '2026-12-08'")
    assert await post(floor, datetime(2026, 12, 8, 9, tzinfo=UTC)) == 2
    assert await post(floor, datetime(2026, 12, 8, 10, tzinfo=UTC)) == 0
    assert await places(floor) == [[(1, "60.00")], [(1, "60.00")]]
    assert [stage for *_, stage in await said(floor, "edit")] == ["final 2026-12-01"] * 2


async def test_boards_can_rank_by_any_metric_and_be_switched_off(floor: Stage) -> None:
    await floor.made("Ana", 10)
    await floor.rep("Ben")
    await floor.log("Ben", 7, "calls")
    await floor.sql("UPDATE workspaces SET board_metric = 'calls'")
    await post(floor, MONDAY)
    assert await places(floor) == [[(1, "7.00")], [(1, "7.00")]]
    await floor.sql("UPDATE workspaces SET boards_are_posted = false")
    assert await post(floor, NEXT_MONDAY) == 0


async def test_a_metric_that_is_switched_off_gives_way_to_attainment(floor: Stage) -> None:
    await floor.made("Ana", 10)
    await floor.sql("UPDATE workspaces SET board_metric = 'calls'")
    await floor.sql("UPDATE metrics SET is_on = false WHERE code = 'calls'")
    await post(floor, MONDAY)
    assert await places(floor) == [[(1, "50.00")], [(1, "50.00")]]


async def test_reps_who_opt_out_after_the_post_is_queued_are_not_named(floor: Stage) -> None:
    await floor.made("Ana", 10)
    await post(floor, MONDAY)
    await floor.sql("UPDATE sales_reps SET on_public_boards = false")
    found = await floor.session.execute(text("SELECT min(id) FROM leaderboard_snapshots"))
    board = await queries.posted(floor.session, found.scalar_one())
    assert board is not None
    assert (board.lines, board.listed) == ((), 0)


async def test_the_day_of_a_post_is_written_down(floor: Stage) -> None:
    await floor.made("Ana", 10)
    await post(floor, datetime(2026, 11, 18, 12, tzinfo=UTC))
    found = await floor.session.execute(text("SELECT DISTINCT posted_on FROM leaderboard_snapshots"))
    assert found.scalar_one() == date(2026, 11, 16)


async def test_a_rehearsal_says_which_channels_get_a_board_and_when_the_next_is_due(floor: Stage) -> None:
    await floor.made("Ana", 10)
    await moved_to(Transaction(floor.session, MONDAY), MONDAY)
    planned = [each for each in await flow.rehearse(floor.session, MONDAY) if "board" in each.what]
    assert [(each.to, each.what, each.why) for each in planned] == [
        ("channel:C0NORTH", "leaderboards.board 2026-11 North", "it's the weekday of boards"),
        ("channel:C0COMPANY", "leaderboards.board 2026-11 the company", "it's the weekday of boards"),
    ]
    [coming] = await boards_coming(floor.session, MONDAY, 3)
    assert (coming.at, coming.whom) == (NEXT_MONDAY, ("North", "the company"))
