"""Boards in a team's channel, as the month goes by."""

import asyncio

from bot.app import Bot
from bot.ticker import Ticker
from domain.db import Database
from sandbox import Person, Sandbox
from tests.conftest import Sql
from tests.slack.conftest import Clock, Told
from tests.slack.leaderboards.conftest import Day, Makes, Posts


async def test_mondays_board_shows_who_moved(floor: Makes, day: Day, west: Posts) -> None:
    await day(2026, 2, 16, 8, 59)
    assert await west() == []
    await day(2026, 2, 16, 9)
    [first] = await west()
    assert first.splitlines()[:4] == [
        "🏆 *West: February so far*",
        "🥇 *DeShawn Carter* 100% · goal made · ahead",
        "🥈 *Ana Souza* 50% · 8 signups and $6,000 to go · behind",
        "🥈 *Noah Bergström* 50% · 8 signups and $6,000 to go · behind",
    ]
    await floor("Leilani Kealoha", 37, day=17)
    await floor("Leilani Kealoha", 20000, "revenue", day=17)
    await day(2026, 2, 23, 9)
    second = (await west())[1]
    assert second.splitlines()[1:3] == [
        "🥇 *Leilani Kealoha* 200% new · 20 signups and $10,000 over · ahead",
        "🥈 *DeShawn Carter* 100% ▼1 · goal made · ahead",
    ]


async def test_the_final_board_comes_once_the_month_is_over_and_is_edited_when_it_is_frozen(
    floor: Makes, day: Day, west: Posts, sql: Sql
) -> None:
    await sql("UPDATE workspaces SET board_time = '02:00'")
    await day(2026, 3, 1, 2)
    assert await west() == [], "it's still February in Los Angeles"
    await day(2026, 3, 2, 2)
    [final] = await west()
    assert final.splitlines()[:2] == [
        "🏁 *West: February, final board*",
        "🥇 *DeShawn Carter* 100% · goal made",
    ]
    assert final.splitlines()[-1] == "Corrections still count for a week."
    await floor("Ana Souza", 18, day=27)
    await sql("UPDATE rep_monthly_goals SET frozen_at = goalkeeper_now() WHERE goal_month = 2")
    await day(2026, 3, 9, 9)
    [final] = [post for post in await west() if "final" in post]
    assert final.splitlines()[1].startswith("🥇 *DeShawn Carter* 100%")
    assert final.splitlines()[2].startswith("🥈 *Ana Souza* 95%")
    assert "Corrections" not in final


async def test_four_copies_and_a_fortnight_of_downtime_post_one_board(
    floor: Makes, bot: Bot, clock: Clock, db: Database, sql: Sql, west: Posts
) -> None:
    await clock.at(2026, 2, 25, 12)
    await sql("UPDATE workspaces SET tick_at = '-infinity'")
    await asyncio.gather(*(Ticker(db).tick() for _ in range(4)))
    [board] = await west()
    assert board.startswith("🏆 *West: February so far*")
    assert await sql.value("SELECT count(*) FROM leaderboard_snapshots WHERE team_id IS NOT NULL") == 2


async def test_a_board_that_waited_for_the_channel_gives_way_to_the_next(
    floor: Makes, day: Day, sandbox: Sandbox, marisol: Person, west: Posts, told: Told, sql: Sql
) -> None:
    await sandbox.archive("#team-west")
    await day(2026, 2, 16, 9, sending=False)
    await day(2026, 2, 23, 9, sending=False)
    channel = sandbox.channel("#team-west").channel
    await sandbox.events.archived(channel, marisol.id, archived=False)
    [board] = await west()
    assert "new" not in board
    reasons = await sql(
        "SELECT reason FROM outbox WHERE kind = 'leaderboards.board' AND status = 'cancelled'"
    )
    assert [row.reason for row in reasons] == ["a newer board has been posted"]
