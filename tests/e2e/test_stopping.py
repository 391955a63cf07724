"""SIGTERM while something is in hand: it is finished within ten seconds, over either door (issue 3)."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from sandbox import Message, Person, Sandbox, SandboxServer, sample_roster_csv
from sandbox import faults as fault
from tests.conftest import Sql
from tests.e2e.conftest import Running, Start


@dataclass
class Desk:
    """Ana, and `goalkeeper run` with the way to start it again."""

    sandbox: Sandbox
    start: Start
    environment: dict[str, str]
    bot: Running

    @property
    def ana(self) -> Person:
        return self.sandbox.person("Ana Souza")

    def told(self) -> list[Message]:
        """What she sees in her direct messages, answers to commands aside."""
        return [one for one in self.ana.dms() if not one.only_for]

    async def again(self) -> None:
        """Start it anew."""
        self.bot = await self.start("run", **self.environment)
        await self.bot.says("Goalkeeper answers Slack")


@pytest.fixture(params=["HTTP", "Socket Mode"])
async def desk(
    request: pytest.FixtureRequest, start: Start, port: int, database_url: str, tmp_path: Path
) -> AsyncIterator[Desk]:
    """The sample team has been imported."""
    roster = tmp_path / "roster.csv"
    roster.write_bytes(sample_roster_csv())
    over_http = request.param == "HTTP"
    sandbox = Sandbox(request_url=f"http://127.0.0.1:{port}/slack/events", socket_mode=not over_http)
    async with SandboxServer(sandbox):
        environment = {
            "DATABASE_URL": database_url.replace("postgresql+psycopg://", "postgres://"),
            "SLACK_BOT_TOKEN": sandbox.bot_token,
            "SLACK_API_URL": sandbox.api_url,
            **(
                {"SLACK_SIGNING_SECRET": sandbox.signing_secret}
                if over_http
                else {"SLACK_APP_TOKEN": sandbox.app_token}
            ),
        }
        bot = await start("run", **environment)
        await bot.says("Goalkeeper answers Slack")
        imported = await start("import", "roster", str(roster), **environment)
        assert await imported.ends() == 0, imported.log
        if not over_http:
            await sandbox.wait_for(lambda: sandbox.sockets.connected == 1)
        yield Desk(sandbox, start, environment, bot)


async def test_what_is_in_hand_is_finished(desk: Desk, sql: Sql) -> None:
    # Slack opens no form and says nothing for a while: the person is told so all the same.
    desk.sandbox.faults.next("views.open", fault.hang(1.0))
    typing = asyncio.create_task(desk.ana.types("/goals set"))
    await desk.sandbox.wait_for(lambda: desk.sandbox.faults.active() == [])
    assert await desk.bot.stops() == 0
    answer = await typing
    assert answer.error is None
    assert "Slack can't show forms right now" in answer.text

    # A post that Slack has just taken is recorded.
    await desk.again()
    await connected(desk)
    assert "✅" in (await desk.ana.types("/goals set yearly 240 600k")).text
    await desk.sandbox.wait_for(desk.told)
    assert await desk.bot.stops() == 0
    assert await sql("SELECT status, attempts FROM outbox") == [("sent", 1)]


async def test_a_post_that_nobody_knows_of_is_looked_for_at_the_next_start(desk: Desk, sql: Sql) -> None:
    desk.sandbox.faults.next("chat.postMessage", fault.hang(accepted=True))
    assert "✅" in (await desk.ana.types("/goals set yearly 240 600k")).text
    await desk.sandbox.wait_for(desk.told)
    assert await desk.bot.stops() == 0
    [intent] = await sql("SELECT status, uncertain_since IS NOT NULL AS uncertain FROM outbox")
    assert (intent.status, intent.uncertain) == ("pending", True)
    desk.sandbox.faults.clear()
    await desk.again()
    await desk.bot.says("goals.confirmation had arrived")
    assert await desk.bot.stops() == 0
    assert await sql.value("SELECT status FROM outbox") == "sent"
    assert len(desk.told()) == 1


async def connected(desk: Desk) -> None:
    """Requests can come in."""
    await desk.sandbox.wait_for(lambda: not desk.sandbox.socket_mode or desk.sandbox.sockets.connected == 1)
