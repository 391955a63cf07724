"""Numbers in the sample team, whose months are open, as the tick of the 1st has left them."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest

from bot.app import Bot
from bot.ticker import Ticker
from bot.tryout import read_manifest
from domain.db import Database
from sandbox import Manifest, Message, Person, Sandbox
from tests.slack.conftest import Clock
from tests.slack.reading import seen

Presses = Callable[[Person, str, Message | None], Awaitable[str]]
"""Presses a button and returns what the person is told then."""
Whispered = Callable[[Person, str], Awaitable[str]]
"""Returns what somebody is told when a form has closed, from the answer that begins so."""


@pytest.fixture(autouse=True)
async def _open_months(bot: Bot, db: Database, clock: Clock) -> None:
    """The months are open, and nobody has been reminded yet."""
    await clock.at(2026, 2, 2, 9)
    await Ticker(db).tick()
    await clock.at(2026, 2, 3, 12)


@pytest.fixture(autouse=True)
def _shortcuts(sandbox: Sandbox) -> None:
    """The app has the shortcuts of its manifest."""
    app = sandbox.slack.app
    sandbox.slack.app = replace(app, shortcuts=Manifest.read(read_manifest() or {}).shortcuts)


@pytest.fixture
def presses(sandbox: Sandbox) -> Presses:
    """Answers to buttons come behind the acknowledgement."""

    async def press(person: Person, action_id: str, message: Message | None) -> str:
        answer = await person.presses(action_id, message)
        assert answer.error is None
        return seen(str(await sandbox.wait_for(lambda: answer.text)))

    return press


@pytest.fixture
def whispered(sandbox: Sandbox) -> Whispered:
    """Answers to forms come behind the acknowledgement."""

    async def wait(person: Person, begins: str) -> str:
        def found() -> list[Any]:
            mine = [message for message in person.dms() if message.only_for]
            return [message for message in mine if seen(message.plain).startswith(begins)]

        return seen((await sandbox.wait_for(found))[-1].plain)

    return wait
