"""The database of the tests: a server, a migrated template, and a clone or a rolled-back transaction each.

`tx` is for services: a transaction of the bot in workspace 1, rolled back. `db` is for what commits: a clone
of its own. `sql` is that clone's owner at a keyboard. `now` is what time it is; a test says otherwise with
`@pytest.mark.parametrize("now", […])` or a fixture of its own.
"""

import os
import shutil
import tempfile
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql as names
from sqlalchemy import Row, make_url, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession

from bot.postgres import create_engine, create_owner_engine, migrate, start_embedded, stop_embedded
from domain.db import Database, Transaction, WorkspaceId

_TEMPLATE = "template_goalkeeper"
_MEMORY = Path("/dev/shm")
_ROOM = 6 * 2**30
"""Bytes that the servers of all test processes may take together, with much to spare."""


@dataclass(frozen=True)
class Server:
    """An embedded server."""

    any_url: str

    def url(self, database: str, *, user: str = "postgres") -> str:
        """The URL of one of its databases."""
        url = make_url(self.any_url).set(database=database, username=user)
        return url.render_as_string(hide_password=False)

    def execute(self, statement: str, *identifiers: str, database: str = "postgres") -> None:
        """Run one statement as the superuser, with `{}` for each identifier."""
        plain = self.url(database).replace("+psycopg", "")
        with psycopg.connect(plain, autocommit=True) as connection:
            connection.execute(names.SQL(statement).format(*map(names.Identifier, identifiers)))

    @contextmanager
    def clone(self, template: str) -> Iterator[str]:
        """A database that is a copy of `template`, dropped afterwards; yields its URL."""
        name = f"test_{uuid.uuid4().hex[:12]}"
        self.execute("CREATE DATABASE {} TEMPLATE {}", name, template)
        yield self.url(name)
        self.execute("DROP DATABASE {} WITH (FORCE)", name)


def data_folder() -> Path:
    """An empty folder for a server's data: in memory where there is room, for every test makes a database.

    Not pytest's own folder: each run of pytest shuts the others' to the server's system user.
    """
    in_memory = os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free > _ROOM
    return Path(tempfile.mkdtemp(prefix="goalkeeper-", dir=_MEMORY if in_memory else None))


@contextmanager
def running_server(database: str) -> Iterator[Server]:
    """A server with this empty database, in a folder of its own; it trades safety for speed."""
    folder = data_folder()
    server = Server(start_embedded(folder, database=database))
    for setting in ("fsync", "synchronous_commit", "full_page_writes"):
        server.execute("ALTER SYSTEM SET {} = off", setting)
    server.execute("SELECT pg_reload_conf()")
    yield server
    stop_embedded(folder)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """The server of this test process, or the migrated one that `make mutate` shares among its trials."""
    if url := os.environ.get("GOALKEEPER_TEST_SERVER"):
        yield Server(url)
        return
    with running_server(_TEMPLATE) as server:
        yield server


@pytest.fixture(scope="session")
def template(server: Server) -> str:
    """The name of a migrated, empty database to clone."""
    name = make_url(server.any_url).database or _TEMPLATE
    migrate(server.url(name))
    return name


@pytest.fixture
def empty_url(server: Server) -> Iterator[str]:
    """A database that nothing has migrated."""
    with server.clone("template1") as url:
        yield url


@pytest.fixture
def database_url(server: Server, template: str) -> Iterator[str]:
    """A migrated, empty database for this test alone."""
    with server.clone(template) as url:
        yield url


@pytest.fixture
async def engine(database_url: str) -> AsyncIterator[AsyncEngine]:
    """The bot's engine on this test's own database."""
    engine = create_engine(database_url)
    yield engine
    await engine.dispose()


@pytest.fixture
def db(engine: AsyncEngine) -> Database:
    """The bot's transactions on this test's own database; they commit."""
    return Database(engine)


class Sql:
    """Somebody with a SQL client, as the owner; every statement commits."""

    def __init__(self, connection: AsyncConnection) -> None:
        self.connection = connection

    async def __call__(self, statement: str, **parameters: Any) -> list[Row[Any]]:
        """Run a statement (`:name` for parameters) and return its rows, if it gives any."""
        result = await self.connection.execute(text(statement), parameters)
        return list(result) if result.returns_rows else []

    async def value(self, statement: str, **parameters: Any) -> Any:
        """The one value that a statement returns."""
        [[value]] = await self(statement, **parameters)
        return value

    async def at(self, moment: datetime) -> None:
        """Have the following statements run at this business time."""
        await self("SELECT set_config('goalkeeper.now', :moment, false)", moment=moment.isoformat())


@pytest.fixture
async def sql(database_url: str) -> AsyncIterator[Sql]:
    """The owner at a keyboard, in this test's own database; without a scope and without pinned time."""
    engine = create_owner_engine(database_url).execution_options(isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        yield Sql(connection)
    await engine.dispose()


@pytest.fixture
def now() -> datetime:
    """What time it is in `tx`: a Tuesday noon three days before the usual deadline's last day."""
    return datetime(2026, 2, 3, 12, tzinfo=UTC)


@pytest.fixture(scope="session")
async def _shared_db(server: Server, template: str) -> AsyncIterator[Database]:
    """One database for all rolled-back transactions; it holds workspace 1 and nothing else."""
    with server.clone(template) as url:
        engine = create_engine(url)
        async with Database(engine).everywhere() as tx:
            entered = text("SELECT goalkeeper_enter_workspace('T0001', 'Acme', 'U0BOT')")
            assert (await tx.session.execute(entered)).scalar_one() == 1
        yield Database(engine)
        await engine.dispose()


class _RolledBack(Exception):
    """Ends a test's transaction without a commit."""


@pytest.fixture
async def tx(_shared_db: Database, now: datetime) -> AsyncIterator[Transaction]:
    """A transaction of the bot in workspace 1 at `now`, rolled back when the test is over."""
    with suppress(_RolledBack):
        async with _shared_db.workspace(WorkspaceId(1), at=now) as tx:
            yield tx
            raise _RolledBack


@pytest.fixture
def session(tx: Transaction) -> AsyncSession:
    """The session of `tx`."""
    return tx.session
