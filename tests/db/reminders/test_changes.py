"""What is announced when goals change, who takes it, and what wakes them; real commits and real ticks."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
from sqlalchemy import text

from bot.calls import CHANGES
from bot.ticker import Ticker
from domain import flow
from domain.changes import take_all
from domain.db import Database, WorkspaceId
from tests.builders import a_workspace
from tests.conftest import HANG_SECONDS, Sql
from tests.db.reminders.office import Office

NOON = datetime(2026, 10, 5, 12, tzinfo=UTC)
BY_SQL = """
UPDATE rep_monthly_goals SET signup_goal = :goal
 WHERE goal_month = 10 AND sales_rep_id = (SELECT id FROM sales_reps WHERE name = :rep)
"""
LEFT = "SELECT count(*) FROM changes"
EDITS = "SELECT count(*) FROM outbox WHERE mode = 'edit' AND status = 'pending' AND subject = 'reminder'"


@pytest.fixture
async def acme(db: Database, sql: Sql) -> WorkspaceId:
    """Sam and Eve have been reminded, the day before the deadline's last day."""
    async with db.everywhere() as tx:
        acme = await a_workspace(tx.session)
    async with db.workspace(acme, at=NOON) as tx:
        office = Office(tx)
        for name in ("Sam", "Eve"):
            await office.rep(name)
    await sql("UPDATE business_clock SET clock_offset = :at - clock_timestamp()", at=NOON)
    await Ticker(db).tick()
    await sql("UPDATE outbox SET status = 'sent', channel = 'D1', ts = '1', sent_at = now()")
    return acme


async def set_by_form(db: Database, acme: WorkspaceId, name: str) -> None:
    async with db.workspace(acme) as tx:
        office = Office(tx)
        person = await office.person(name)
        assert person.rep is not None
        await tx.session.execute(text(BY_SQL), {"goal": 20, "rep": name})


async def test_three_commits_between_two_ticks_end_right_and_are_said_once(
    db: Database, acme: WorkspaceId, sql: Sql
) -> None:
    for goal in (10, 20, 10):
        await sql(BY_SQL, goal=goal, rep="Sam")
    assert await sql.value(LEFT) == 3
    assert await Ticker(db).tick() == 1
    assert (await sql.value(LEFT), await sql.value(EDITS)) == (0, 1)
    assert await Ticker(db).tick() == 0


async def test_a_transaction_of_the_bot_settles_what_it_has_announced(
    db: Database, acme: WorkspaceId, sql: Sql
) -> None:
    await set_by_form(db, acme, "Sam")
    assert (await sql.value(LEFT), await sql.value(EDITS)) == (0, 1)


async def test_it_leaves_to_a_tick_what_others_have_announced(
    db: Database, acme: WorkspaceId, sql: Sql
) -> None:
    await sql(BY_SQL, goal=10, rep="Eve")
    await set_by_form(db, acme, "Sam")
    assert (await sql.value(LEFT), await sql.value(EDITS)) == (1, 1)
    await Ticker(db).tick()
    assert (await sql.value(LEFT), await sql.value(EDITS)) == (0, 2)


async def test_many_statements_of_one_transaction_are_announced_once(
    db: Database, acme: WorkspaceId, sql: Sql
) -> None:
    await sql("UPDATE rep_monthly_goals SET signup_goal = 5")
    await sql("TRUNCATE changes")
    await sql(
        """
        DO $$ BEGIN
            UPDATE rep_monthly_goals SET signup_goal = 10;
            UPDATE rep_monthly_goals SET signup_goal = 20;
        END $$
        """
    )
    assert await sql.value(LEFT) == 2


async def test_a_save_by_sql_wakes_the_ticker(db: Database, acme: WorkspaceId, sql: Sql) -> None:
    ticker = Ticker(db)
    listening = asyncio.create_task(ticker.listen())
    async with asyncio.timeout(HANG_SECONDS):
        while not await sql.value(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE application_name = 'goalkeeper changes' AND query ~ 'LISTEN'"
            "   AND datname = current_database()"
        ):
            pass
        await sql(BY_SQL, goal=10, rep="Sam")
        while await sql.value(LEFT):
            pass
    listening.cancel()
    assert await sql.value(EDITS) == 1


async def test_the_bots_own_saves_wake_nobody(
    db: Database, acme: WorkspaceId, sql: Sql, database_url: str
) -> None:
    calls: list[Any] = []
    url = db.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        await connection.execute(f"LISTEN {CHANGES}")
        await set_by_form(db, acme, "Sam")
        await sql("SELECT pg_notify(:channel, 'last')", channel=CHANGES)
        async for call in connection.notifies():
            calls.append(call.payload)
            break
    assert calls == ["last"]


async def test_what_another_copy_is_at_is_taken_once_a_round(
    db: Database, acme: WorkspaceId, sql: Sql
) -> None:
    await sql(BY_SQL, goal=10, rep="Sam")
    async with db.everywhere() as tx:
        taken = await flow.claim_due(tx.session, 10)
        assert taken == [acme]
        assert await flow.claim_due(tx.session, 10, taken) == []
    async with db.workspace(acme) as tx:
        [change] = await take_all(tx.session)
    assert str(change.period) == "2026-10"
    assert change.goals_changed
