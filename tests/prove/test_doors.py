"""Four copies on one database, two over HTTP and two over Socket Mode (issue 3)."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from itertools import cycle
from pathlib import Path

import pytest

from sandbox import Message, Sandbox, SandboxServer
from sandbox.interactions import Answer
from sandbox.model import User
from sandbox.sample import sample_workspace
from tests.conftest import HANG_SECONDS, Sql
from tests.prove.campaign import FIRST
from tests.prove.copies import Order
from tests.prove.fleet import Crew, Fleet

REPS = 200
AT_A_TIME = 8
"""Reps who type at the same moment."""


class Doors:
    """Slack's side of four copies: each request goes to the next of them, whichever door that has."""

    def __init__(self, sandbox: Sandbox, ports: list[int]) -> None:
        self._sandbox = sandbox
        # Twice over sockets, since the sandbox takes its connections in turn.
        self._turns = cycle([*ports, 0, 0])
        self.typed: list[int] = []

    async def types(self, slack_id: str, words: str) -> Answer:
        """Somebody types a command; where it goes is settled before anybody else types."""
        port = next(self._turns)
        self._sandbox.socket_mode = port == 0
        self._sandbox.request_url = f"http://127.0.0.1:{port}/slack/events"
        self.typed.append(port)
        return await self._sandbox.person(slack_id).types(words)


@pytest.fixture
def slack_ids() -> list[str]:
    return [f"U0REP{n:06}" for n in range(REPS)]


@pytest.fixture
async def sandbox(slack_ids: list[str]) -> AsyncIterator[Sandbox]:
    """A company of two hundred reps."""
    workspace = sample_workspace()
    workspace.users |= {one: User(one, f"rep{n}", f"Rep {n}") for n, one in enumerate(slack_ids)}
    sandbox = Sandbox(workspace, retry_after=(), ack_seconds=HANG_SECONDS)
    async with SandboxServer(sandbox):
        yield sandbox


@pytest.fixture
async def copies(
    database_url: str, sandbox: Sandbox, folder: Path, fleet: Fleet
) -> AsyncIterator[list[Crew]]:
    """Two that take requests over HTTP, two over Socket Mode."""
    log = str(folder / "doors.log")
    timing = {"pace": 0.0}
    http = Order(
        database_url, sandbox.api_url, sandbox.bot_token, sandbox.signing_secret, timing=timing, log=log
    )
    over_socket = replace(http, signing_secret=None, app_token=sandbox.app_token)
    copies = [await fleet.starts(order) for order in (http, http, over_socket, over_socket)]
    for copy in copies:
        assert await copy.until_up(), copy.log.read_text()
    await sandbox.wait_for(lambda: sandbox.sockets.connected == 2)
    yield copies
    for copy in copies:
        await copy.stops()


async def test_each_goal_is_saved_once_and_confirmed_once(
    sandbox: Sandbox, copies: list[Crew], slack_ids: list[str], sql: Sql
) -> None:
    doors = Doors(sandbox, [copy.port for copy in copies if copy.port])
    await _hired(sql, sandbox, slack_ids)
    desks = asyncio.Semaphore(AT_A_TIME)

    async def sets(slack_id: str, signups: int) -> str:
        async with desks:
            answer = await doors.types(slack_id, f"/goals set yearly {signups}")
            return answer.text if answer.error is None else answer.error

    said = await asyncio.gather(*(sets(one, FIRST + n) for n, one in enumerate(slack_ids)))
    assert [words for n, words in enumerate(said) if f"{FIRST + n:,} signups" not in words] == []
    assert sorted(doors.typed.count(port) for port in set(doors.typed)) == [50, 50, 100]

    def confirmed() -> list[list[Message]]:
        seen = [[one for one in sandbox.person(rep).dms() if not one.only_for] for rep in slack_ids]
        return seen if all(seen) else []

    seen = await sandbox.wait_for(confirmed)
    for copy in copies:
        await copy.stops()
    assert [len(messages) for messages in confirmed()] == [1] * REPS
    assert [n for n, [one] in enumerate(seen) if f"{FIRST + n:,} signups" not in one.text] == []
    assert await sql.value("SELECT count(*) FROM goal_changes") == REPS
    assert await sql.value("SELECT count(DISTINCT sales_rep_id) FROM goal_changes") == REPS
    assert await sql("SELECT status, count(*) FROM outbox GROUP BY status") == [("sent", REPS)]


async def _hired(sql: Sql, sandbox: Sandbox, slack_ids: list[str]) -> None:
    """The copies have entered the workspace; the reps are written in as an import would."""
    await sql(
        "INSERT INTO users (workspace_id, slack_id, name)"
        " SELECT w.id, s.slack_id, s.slack_id"
        "   FROM workspaces w, unnest(CAST(:ids AS text[])) AS s (slack_id)",
        ids=slack_ids,
    )
    await sql(
        "INSERT INTO sales_reps (workspace_id, user_id, name, joined_on)"
        " SELECT workspace_id, id, name, '2024-01-01' FROM users WHERE slack_id LIKE 'U0REP%'"
    )
