"""Noah of West aims at 20 signups and tier 2, and the team's channel looks on."""

from collections.abc import Awaitable, Callable
from decimal import Decimal

import pytest

from bot.app import Bot
from domain import flow
from domain.activity.recording import Entry
from domain.db import Database
from domain.people import queries as people
from domain.people.model import Door
from sandbox import Message, Person, Sandbox
from tests.conftest import Sql
from tests.slack.conftest import all_said, without_footer

WEST = "#team-west"
Logs = Callable[..., Awaitable[None]]
"""Has somebody log so much of a metric."""
Channel = Callable[[], Awaitable[list[Message]]]
"""What the team's channel shows of the bot, once all is sent."""


@pytest.fixture
def noah(sandbox: Sandbox) -> Person:
    """A rep of West."""
    return sandbox.person("Noah Bergström")


@pytest.fixture
def marisol(sandbox: Sandbox) -> Person:
    """West's manager."""
    return sandbox.person("Marisol Peña")


@pytest.fixture
def adaeze(sandbox: Sandbox) -> Person:
    """The admin."""
    return sandbox.person("Adaeze Okafor")


@pytest.fixture
async def goals(bot: Bot, noah: Person, sql: Sql) -> None:
    """Noah's goals are set, and the tiers pay."""
    await sql("UPDATE bonus_tiers SET amount = tier * 100")
    await noah.types("/goals set 20 50k 2")
    await all_said(bot, sql)


@pytest.fixture
def logs(bot: Bot, db: Database) -> Logs:
    """Records an entry by the flow, as any door does."""

    async def log(person: Person, amount: int, metric: str = "signups") -> None:
        async with db.workspace(bot.workspace_id) as tx:
            rep = (await people.by_slack_id(tx.session, [person.id]))[person.id]
            assert rep.rep is not None
            entry = Entry(rep.rep.id, metric, Decimal(amount))
            await flow.record_activity(tx.session, tx.now, rep.through(Door.COMMAND), [entry])

    return log


@pytest.fixture
def channel(bot: Bot, marisol: Person, sql: Sql) -> Channel:
    """Reads the channel."""

    async def read() -> list[Message]:
        await all_said(bot, sql)
        return [without_footer(message) for message in marisol.messages(WEST) if message.is_bot]

    return read


def label(message: Message) -> str:
    """What the button under a post says."""
    [block] = [block for block in message.blocks if block["type"] == "actions"]
    return str(block["elements"][0]["text"]["text"])
