"""Team West in mid-February: goals are set, numbers have come in, and boards are posted on Mondays."""

from collections.abc import Awaitable, Callable

import pytest

from bot.app import Bot
from domain.db import Database
from sandbox import Person, Sandbox
from tests.conftest import Sql
from tests.slack.conftest import Clock, Told
from tests.slack.reminders.conftest import Day
from tests.slack.reminders.conftest import day as day

_SETS = """
INSERT INTO rep_monthly_goals (workspace_id, sales_rep_id, goal_year, goal_month, signup_goal, revenue_goal)
SELECT workspace_id, id, 2026, 2, 20, 10000 FROM sales_reps
    ON CONFLICT (workspace_id, sales_rep_id, goal_year, goal_month)
    DO UPDATE SET signup_goal = 20, revenue_goal = 10000, goal_set_at = now()
"""
_LOGS = """
INSERT INTO activity (workspace_id, sales_rep_id, metric, amount, currency, occurred_on)
SELECT r.workspace_id, r.id, :metric, :amount, CASE WHEN :metric = 'revenue' THEN 'USD' END,
       make_date(2026, 2, :day)
  FROM sales_reps r WHERE r.name = :name
"""

Makes = Callable[..., Awaitable[None]]
"""Enters so much of a metric for a rep, by name."""


@pytest.fixture
def makes(bot: Bot, sql: Sql) -> Makes:
    """Enters numbers for a rep."""

    async def enter(name: str, amount: int, metric: str = "signups", *, day: int = 10) -> None:
        await sql(_LOGS, name=name, amount=amount, metric=metric, day=day)

    return enter


@pytest.fixture
async def floor(bot: Bot, clock: Clock, sql: Sql, makes: Makes, db: Database) -> Makes:
    """Thursday, February 12: everybody has set 20 signups and $10,000, and most have made some of it."""
    await clock.at(2026, 2, 12, 12)
    await sql(_SETS)
    await sql("UPDATE workspaces SET boards_since = '2026-02-11', time_zone = 'America/New_York'")
    for name, signups, revenue in (
        ("Ana Souza", 12, 4000),
        ("DeShawn Carter", 20, 10000),
        ("Noah Bergström", 12, 4000),
        ("Leilani Kealoha", 3, 0),
        ("Priya Raghunathan", 16, 9000),
    ):
        await makes(name, signups)
        if revenue:
            await makes(name, revenue, "revenue")
    return makes


Posts = Callable[[], Awaitable[list[str]]]


@pytest.fixture
def west(sandbox: Sandbox, told: Told, adaeze: Person) -> Posts:
    """The boards in team West's channel, as people read them."""

    async def read() -> list[str]:
        await told(adaeze)
        channel = sandbox.channel("#team-west")
        boards = [one.text for one in channel.messages() if one.text.startswith(("🏆", "🏁"))]
        return [text.rpartition("\n")[0] for text in boards]

    return read


__all__ = ["Day"]
