"""Socket Mode when connections fail in each of their ways: the bot is back within seconds (issue 3)."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.app import SlackAccess, running
from bot.clock import real_seconds
from bot.http.app import SlackDoor
from bot.http.health import Readiness
from bot.postgres import head_revision
from bot.slack.socket_mode import AppTokenRefused
from domain.db import Database
from sandbox import Sandbox, SandboxServer
from sandbox import faults as fault
from sandbox.sockets import Reason
from sandbox.traffic import Entry
from tests.conftest import HANG_SECONDS


@pytest.fixture
async def sandbox(db: Database) -> AsyncIterator[Sandbox]:
    """A Slack, and the bot connected to it by Socket Mode alone."""
    sandbox = Sandbox(socket_mode=True, retry_after=())
    async with SandboxServer(sandbox):
        access = SlackAccess(sandbox.bot_token, None, sandbox.api_url, sandbox.app_token)
        async with running(db, access, SlackDoor(real_seconds)):
            await sandbox.wait_for(lambda: sandbox.sockets.connected == 1)
            assert await answers(sandbox)
            yield sandbox
        await sandbox.wait_for(lambda: sandbox.sockets.connected == 0)


async def answers(sandbox: Sandbox) -> bool:
    """Whether the bot answers a command."""
    answer = await sandbox.person("Ana Souza").types("/goals")
    return answer.error is None and bool(answer.text)


def asked(sandbox: Sandbox) -> list[Entry]:
    """How often an address for a new connection was asked for."""
    return sandbox.calls_to("apps.connections.open")


async def is_back(sandbox: Sandbox) -> None:
    """Seconds until the bot is connected anew; it answers then."""
    await sandbox.wait_for(lambda: sandbox.sockets.connected == 0, timeout=HANG_SECONDS)
    await sandbox.wait_for(lambda: sandbox.sockets.connected == 1, timeout=HANG_SECONDS)
    assert await answers(sandbox)


async def test_dropped(sandbox: Sandbox) -> None:
    sandbox.sockets.drop()
    await is_back(sandbox)


async def test_frozen(sandbox: Sandbox) -> None:
    sandbox.sockets.freeze()
    await is_back(sandbox)


@pytest.mark.parametrize("reason", ["refresh_requested", "link_disabled"])
async def test_told_to_leave(sandbox: Sandbox, reason: Reason) -> None:
    await sandbox.sockets.disconnect(reason)
    await is_back(sandbox)


async def test_warned(sandbox: Sandbox) -> None:
    """The new connection is there before the old one goes, so that nothing falls in between."""
    await sandbox.sockets.disconnect("warning")
    await sandbox.wait_for(lambda: sandbox.sockets.connected == 2)
    for _ in range(10):
        assert await answers(sandbox)
    assert sandbox.sockets.connected == 2


async def test_refused_at_the_handshake(sandbox: Sandbox) -> None:
    """An address is good for once, so that trying the same one again leads nowhere."""
    sandbox.sockets.refusing = True
    sandbox.sockets.drop()
    tried = len(sandbox.calls_to("apps.connections.open"))
    await sandbox.wait_for(
        lambda: len(sandbox.calls_to("apps.connections.open")) > tried + 1, timeout=HANG_SECONDS
    )
    sandbox.sockets.refusing = False
    await is_back(sandbox)


@pytest.mark.parametrize(
    "trouble", [fault.http_error(503), fault.html(), fault.dropped(accepted=False), fault.rate_limited(1)]
)
async def test_no_address_is_to_be_had(sandbox: Sandbox, trouble: fault.Fault) -> None:
    sandbox.faults.next("apps.connections.open", trouble)
    sandbox.sockets.drop()
    await sandbox.wait_for(lambda: sandbox.faults.active() == [], timeout=HANG_SECONDS)
    await is_back(sandbox)


async def test_a_token_that_slack_refuses_stops_a_start_and_is_told_to_operators_later(db: Database) -> None:
    sandbox, door = Sandbox(socket_mode=True), SlackDoor(real_seconds)
    async with SandboxServer(sandbox):
        access = SlackAccess(sandbox.bot_token, None, sandbox.api_url, sandbox.app_token)
        with pytest.raises(AppTokenRefused, match="invalid_auth"):
            async with running(db, replace(access, app_token="xapp-wrong"), door):
                pass
        # What may pass by itself stops nothing.
        sandbox.faults.always("apps.connections.open", fault.http_error(503))
        async with running(db, access, door) as bot:
            readiness = Readiness(db, head_revision())
            assert bot.link is not None
            readiness.socket = bot.link.state
            assert (await readiness.report())["socket"] == "cannot connect (http_503); trying again"
            sandbox.faults.clear()
            await said(readiness, "ok")
            assert await answers(sandbox)
            sandbox.faults.always("apps.connections.open", fault.error("token_revoked"))
            sandbox.sockets.drop()
            await said(readiness, "Slack refuses SLACK_APP_TOKEN (token_revoked)")


async def said(readiness: Readiness, state: str) -> None:
    """Wait until /readyz says that the socket is so."""
    async with asyncio.timeout(HANG_SECONDS):
        while (await readiness.report())["socket"] != state:
            continue
