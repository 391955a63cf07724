"""The ground for measuring: a database of its own, its owner, and the bot's transactions."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import psutil
from psycopg import AsyncConnection
from rich.table import Table
from sqlalchemy import PoolProxiedConnection, text

from bot.clock import elapsed
from bot.postgres import create_engine, create_owner_engine
from domain import flow
from domain.db import Database


class Ground:
    """The database: `db` with the bot's rights, `sql` with its owner's."""

    def __init__(self, url: str, folder: Path) -> None:
        self._app, self._owner = create_engine(url), create_owner_engine(url)
        self.db = Database(self._app, settle=flow.settle)
        self.url, self._folder = url, folder

    async def sql(self, statement: str, **values: Any) -> list[Any]:
        """Run a statement as the owner, in a transaction of its own."""
        async with self._owner.begin() as connection:
            done = await connection.execute(text(statement), values)
            return list(done) if done.returns_rows else []

    async def copy_out(self, query: str) -> bytes:
        """Return the rows of a query as COPY writes them."""
        async with self._owner.begin() as connection:
            driver = _driver(await connection.get_raw_connection())
            async with driver.cursor() as cursor, cursor.copy(f"COPY ({query}) TO STDOUT") as copy:
                return b"".join([bytes(block) async for block in copy])

    async def copy_in(self, name: str, rows: bytes) -> None:
        """COPY these rows into a table, in a transaction of its own."""
        async with self._owner.begin() as connection:
            driver = _driver(await connection.get_raw_connection())
            async with driver.cursor() as cursor, cursor.copy(f"COPY {name} FROM STDIN") as copy:
                await copy.write(rows)

    async def vacuum(self) -> None:
        """Leave the tables as autovacuum would a minute later."""
        engine = self._owner.execution_options(isolation_level="AUTOCOMMIT")
        async with engine.connect() as connection:
            await connection.execute(text("VACUUM ANALYZE"))

    def server_cpu(self) -> float:
        """Return the CPU seconds of the server's processes so far."""
        postmaster = int((self._folder / "postgres" / "postmaster.pid").read_text().split()[0])
        server = psutil.Process(postmaster)
        return sum(sum(process.cpu_times()[:2]) for process in (server, *server.children()))

    async def close(self) -> None:
        """Close the connections."""
        await self._app.dispose()
        await self._owner.dispose()


def _driver(connection: PoolProxiedConnection) -> AsyncConnection[Any]:
    driver = connection.driver_connection
    assert isinstance(driver, AsyncConnection)
    return driver


@dataclass(frozen=True, slots=True)
class Measured:
    """A job and its floor, in seconds."""

    what: str
    seconds: float
    floor: str
    floor_seconds: float


async def timed(work: Callable[[], Awaitable[object]]) -> float:
    """Return the seconds of one run."""
    begun = elapsed()
    await work()
    return elapsed() - begun


async def usual(work: Callable[[], Awaitable[object]], times: int = 200) -> float:
    """Return the usual seconds: the median, after a warm-up."""
    for _ in range(10):
        await work()
    return median([await timed(work) for _ in range(times)])


def table(title: str, rows: list[Measured]) -> Table:
    """Return a table of each job beside its floor."""
    shown = Table(title=title, title_justify="left", header_style="bold", box=None, pad_edge=False)
    for column in ("job", "time", "floor", "its time", "ratio"):
        shown.add_column(column, justify="right" if "time" in column or column == "ratio" else "left")
    for row in rows:
        ratio = f"{row.seconds / row.floor_seconds:.1f} ×"
        shown.add_row(row.what, _time(row.seconds), row.floor, _time(row.floor_seconds), ratio)
    return shown


def _time(seconds: float) -> str:
    return f"{seconds:.2f} s" if seconds >= 1 else f"{seconds * 1000:.2f} ms"
