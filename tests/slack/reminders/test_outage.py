"""Slack is away for days while Goalkeeper runs: then only what still makes sense is said, by day."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from bot.app import Bot
from sandbox import Person, Sandbox
from sandbox import faults as fault
from sandbox.faults import Fault
from tests.conftest import HANG_SECONDS, Sql
from tests.slack.conftest import Clock, Told
from tests.slack.reminders.conftest import Day

LA = "America/Los_Angeles"
LATER = "a later one was due as well"
OVER = "its day is over"
BECAME = """
SELECT g.reminder_type, coalesce(g.skip_reason, g.sent::text) FROM goal_deadline_reminders g
  JOIN sales_reps r ON r.id = g.sales_rep_id AND r.name = 'Ana Souza' ORDER BY g.due_at
"""
DIGESTS = """
SELECT o.facts ->> 'stage', o.status, o.reason FROM outbox o
  JOIN users u ON o.audience = 'user:' || u.id AND u.name = 'Marisol Peña'
 WHERE o.kind = 'reminders.digest' ORDER BY o.id
"""
SAID_TO = """
EXISTS (SELECT FROM outbox JOIN users u ON audience = 'user:' || u.id WHERE u.name = '{}' AND {})
"""
Until = Callable[[str], Awaitable[None]]
Back = Callable[[], Awaitable[None]]


@pytest.fixture(
    params=[fault.http_error(503), fault.error("message_limit_exceeded")], ids=["lost", "refused"]
)
def away(request: pytest.FixtureRequest, sandbox: Sandbox) -> None:
    """Slack takes no message; of the first kind nobody knows whether it did."""
    trouble: Fault = request.param
    for method in ("chat.postMessage", "conversations.history"):
        sandbox.faults.always(method, trouble)


@pytest.fixture
def until(bot: Bot, sql: Sql) -> Until:
    """Waits until the database says so, with a courier that is called all the time."""

    async def until(condition: str) -> None:
        async with asyncio.timeout(HANG_SECONDS):
            while not await sql.value(f"SELECT {condition}"):
                bot.courier.wake()
                await bot.courier.until_idle()

    return until


@pytest.fixture
def back(sandbox: Sandbox, sql: Sql, until: Until) -> Back:
    """Slack works again, and the patience of the courier is over."""

    async def back() -> None:
        # Everything has been tried, and was to be tried again.
        await until("NOT EXISTS (SELECT FROM outbox WHERE attempts = 0 OR status = 'sending')")
        sandbox.faults.clear()
        await sql("UPDATE outbox SET not_before = NULL")

    return back


async def rows(sql: Sql, statement: str) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in await sql(statement)]


async def test_of_several_stages_that_waited_the_newest_alone_is_sent(
    away: None, ana: Person, day: Day, back: Back, told: Told, sql: Sql
) -> None:
    for date in (3, 5, 6):
        await day(2026, 2, date, 12, zone=LA, sending=False)
    await back()
    [reminder] = await told(ana)
    assert reminder.text.startswith(
        "⏰ Please set your *February goals* by Fri, Feb 6, 11:59 PM: 8 hours left."
    )
    assert await rows(sql, BECAME) == [
        ("goal_deadline_3days", LATER),
        ("goal_deadline_1day", LATER),
        ("goal_deadline_day", "true"),
        ("goal_overdue", "false"),
    ]
    assert await rows(sql, DIGESTS) == [("day_before", "cancelled", OVER), ("last_day", "sent", None)]


async def test_what_has_waited_wakes_nobody_up(
    away: None, ana: Person, day: Day, back: Back, clock: Clock, until: Until, sql: Sql
) -> None:
    for date in (3, 5):
        await day(2026, 2, date, 12, zone=LA, sending=False)
    await clock.at(2026, 2, 5, 22, zone=LA)
    await back()
    await until("EXISTS (SELECT FROM outbox WHERE due_at = '2026-02-06T08:00-05:00' AND status = 'pending')")
    assert [one for one in ana.dms() if one.is_bot] == []
    await clock.at(2026, 2, 6, 8)
    await until(SAID_TO.format("Ana Souza", "status = 'sent'"))
    [reminder] = [one for one in ana.dms() if one.is_bot]
    assert "15 hours left" in reminder.text
    # What speaks of tonight is not said in the next morning.
    await clock.at(2026, 2, 6, 8, zone=LA)
    await until(SAID_TO.format("Marisol Peña", "status IN ('sent', 'cancelled') AND kind ~ 'digest'"))
    assert await rows(sql, DIGESTS) == [("day_before", "cancelled", OVER)]
