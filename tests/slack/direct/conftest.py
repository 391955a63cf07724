"""Writing to Goalkeeper, and reading what it answers in the conversation."""

from collections.abc import Awaitable, Callable

import pytest

from bot.app import Bot
from sandbox import Person
from tests.conftest import Sql
from tests.slack.conftest import all_said, without_footer
from tests.slack.reading import seen

Asks = Callable[[Person, str], Awaitable[str]]


@pytest.fixture
def asks(bot: Bot, sql: Sql) -> Asks:
    """Write a message, and return everything that is said in return, once all is sent."""

    async def ask(person: Person, text: str) -> str:
        before = len(person.dms())
        written = await person.writes(text)
        assert written.error is None
        await all_said(bot, sql)
        said = [without_footer(one) for one in person.dms()[before:] if one.is_bot]
        return seen("\n".join(one.plain for one in said))

    return ask
