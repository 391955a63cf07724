"""Admins at `/goals setup`."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from bot.app import Bot
from sandbox import Person, Sandbox
from tests.conftest import Sql
from tests.slack.reading import Form

History = Callable[[], Awaitable[list[tuple[Any, ...]]]]
"""Who changed what, from what, to what."""
Shows = Callable[[Person, str], Awaitable[None]]
"""Waits until the window under a form that was saved has this line."""


@pytest.fixture
async def second(bot: Bot, sandbox: Sandbox, sql: Sql) -> Person:
    """Another admin, named by the first: Tomasz, who manages team East."""
    await sql("UPDATE users SET named_admin = true WHERE name = 'Tomasz Wójcik'")
    return sandbox.person("Tomasz Wójcik")


@pytest.fixture
def history(sql: Sql) -> History:
    """The history of settings."""

    async def rows() -> list[tuple[Any, ...]]:
        found = await sql(
            "SELECT u.name, c.subject, c.name, c.from_value, c.to_value FROM settings_changes c"
            " JOIN users u ON u.workspace_id = c.workspace_id AND u.id = c.changed_by ORDER BY c.id"
        )
        return [tuple(row) for row in found]

    return rows


@pytest.fixture
def shows(sandbox: Sandbox) -> Shows:
    """The window comes up to date behind the answer."""

    async def wait(person: Person, line: str) -> None:
        await sandbox.wait_for(lambda: line in "\n".join(Form.of(person).lines).splitlines())

    return wait


async def opens(person: Person, part: str) -> Form:
    """The form of a part (`settings`, `tiers`, `admins`), on top of the window."""
    assert (await person.types("/goals setup")).error is None
    assert (await person.presses(f"setup.{part}.open")).error is None
    return Form.of(person)
