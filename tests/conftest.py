"""The tests' database: one server a run, a migrated template, a clone or a rolled-back transaction each.

`tx` is for services: a transaction of the bot in workspace 1, rolled back. `db` is for what commits: a clone
of its own. `sql` is that clone's owner at a keyboard. `now` is what time it is; a test says otherwise with
`@pytest.mark.parametrize("now", […])` or a fixture of its own.
"""

import gc
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, suppress
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Row, make_url, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession

from bot.postgres import create_engine, migrate
from domain import flow
from domain.db import Database, Transaction, WorkspaceId
from tests.databases import HANG_SECONDS as HANG_SECONDS
from tests.databases import Databases as Databases
from tests.server import Server as Server
from tests.server import Shared, close_keyboard, guarded
from tests.server import data_folder as data_folder
from tests.server import running_server as running_server

_TEMPLATE = "template_goalkeeper"
_SLOW = ("browser", "e2e", "prove", "courier")
_FOLDER = pytest.StashKey[Path]()
MUTATION_SERVER = "GOALKEEPER_TEST_SERVER"
"""Names the migrated template, by its URL, that trials of `make mutate` clone."""

BLOCKED = """
SELECT count(*) FROM pg_locks, (SELECT pg_sleep(0.005)) AS look
 WHERE NOT granted AND pid IN (SELECT pid FROM pg_stat_activity WHERE datname = current_database())
"""
"""How many transactions wait for another one in this database; other tests' are on the same server."""
PATIENCE = "60s"
"""For statements and locks: a guard as well."""


def pytest_configure(config: pytest.Config) -> None:
    """Have a folder for the server of this run, which ends with the run; workers are told of theirs."""
    if (worker := getattr(config, "workerinput", None)) is not None:
        config.stash[_FOLDER] = Path(worker["server_folder"])
        return
    folder = config.stash[_FOLDER] = data_folder()
    guard = ExitStack()
    guard.enter_context(guarded(folder))
    config.add_cleanup(guard.close)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Tell the tiers apart."""
    parser.addoption("--prove", action="store_true", help="run the tests marked `prove`, and no others")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what belongs to the other tier, unless it is asked for by name."""
    wanted = bool(config.getoption("--prove"))
    others = [item for item in items if (item.get_closest_marker("prove") is not None) != wanted]
    if any("::" in argument for argument in config.args):
        return
    left_out = set(others)
    config.hook.pytest_deselected(items=others)
    items[:] = [item for item in items if item not in left_out]
    if (worker := getattr(config, "workerinput", None)) is not None:
        items[:] = _shared_out(items, worker["workercount"])


def _shared_out(items: list[pytest.Item], workers: int) -> list[pytest.Item]:
    """Begin each worker's share with a folder of slow tests, which then start its servers only once.

    Shares are equal parts of the list. A worker that is done takes over from the end of another's share, so
    what is long must not stand there.
    """
    folders = [[item for item in items if item.path.parts[-2] == name] for name in _SLOW]
    slow = {item for folder in folders for item in folder}
    quick = iter([item for item in items if item not in slow])
    ordered: list[pytest.Item] = []
    for number in range(workers):
        share = [item for folder in folders[number::workers] for item in folder]
        room = len(items) * (number + 1) // workers - len(ordered) - len(share)
        ordered += [*share, *islice(quick, max(room, 0))]
    return [*ordered, *quick]


def pytest_collection_finish() -> None:
    """Spare the collector of garbage what stays until the end: modules and tests."""
    gc.collect()
    gc.freeze()


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Say how many tests the tier has run."""
    ran = sum(len(terminalreporter.stats.get(outcome, ())) for outcome in ("passed", "failed"))
    tier = "make prove: {:,} proofs" if config.getoption("--prove") else "make test: {:,} tests of behavior"
    terminalreporter.write_line(tier.format(ran))


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell a worker where the server is."""
    node.workerinput["server_folder"] = str(node.config.stash[_FOLDER])


@pytest.fixture(scope="session")
def shared(pytestconfig: pytest.Config) -> Shared:
    """What all test processes of this run have in common."""
    return Shared(pytestconfig.stash[_FOLDER])


@pytest.fixture(scope="session")
def server(shared: Shared) -> Iterator[Server]:
    """The server of this run, or the one that `make mutate` shares among its trials."""
    shared_url = os.environ.get(MUTATION_SERVER)
    server = Server(shared_url) if shared_url else shared.server()
    yield server
    close_keyboard(server)


@pytest.fixture(scope="session")
def template(shared: Shared, server: Server) -> str:
    """The name of a migrated, empty database to clone."""
    if os.environ.get(MUTATION_SERVER):
        return make_url(server.any_url).database or _TEMPLATE
    with shared.making(_TEMPLATE) as missing:
        if missing:
            server.copy("template1", _TEMPLATE)
            migrate(server.url(_TEMPLATE))
    return _TEMPLATE


@pytest.fixture
def empty_url(server: Server) -> Iterator[str]:
    """A database that nothing has migrated."""
    with server.clone("template1") as url:
        yield url


@pytest.fixture(scope="session")
async def databases(server: Server) -> AsyncIterator[Databases]:
    """The databases that this process lends to its tests."""
    databases = Databases(server)
    yield databases
    await databases.drop()


@pytest.fixture
def fresh() -> bool:
    """Whether the test needs connections that have planned nothing yet, for few rows, as for a great many."""
    return False


@pytest.fixture
async def database_url(databases: Databases, template: str, fresh: bool) -> AsyncIterator[str]:
    """A migrated, empty database for this test alone."""
    async with databases.lent(template, fresh=fresh) as url:
        yield url


@pytest.fixture
def engine(databases: Databases, database_url: str) -> AsyncEngine:
    """The bot's engine on this test's own database."""
    return databases.at(database_url).engine()


@pytest.fixture
def db(engine: AsyncEngine) -> Database:
    """The bot's transactions on this test's own database; they commit.

    They have the patience of a busy machine; tests about the product's own open a `Database` of their own.
    """
    return Database(engine, PATIENCE, settle=flow.settle)


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
async def sql(databases: Databases, database_url: str) -> Sql:
    """The owner at a keyboard, in this test's own database; without a scope and without pinned time."""
    return Sql(await databases.at(database_url).owner())


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
        yield Database(engine, PATIENCE, settle=flow.settle)
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
