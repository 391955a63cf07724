"""Databases that one test after another has to itself, with connections that are warm.

A copy of a template takes a while to make, and each new connection reads the catalogue anew. So a database
that a test is done with is brought back to the template's rows, and lent again. One whose schema a test has
changed, that has grown, or that somebody still works in, is dropped.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql as names
from psycopg.pq import TransactionStatus
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.postgres import create_engine, create_owner_engine
from tests.server import Server

HANG_SECONDS = 60.0
"""After which a test that waits for something gives up: a guard against hanging, never a judgement."""
_USES = 100
"""How often one database is lent: rows that were deleted stay in its files."""
_GROWN = 40 * 8192
"""Bytes of the largest table, from which on a fresh copy is cheaper than one that is cleared."""

_SCHEMA = """
SELECT string_agg(concat_ws(' ', counted.catalogue, counted.entries, counted.newest), ',')
  FROM (SELECT 'class', count(*), max(xmin::text::bigint) FROM pg_class
        UNION ALL SELECT 'attribute', count(*), max(xmin::text::bigint) FROM pg_attribute
        UNION ALL SELECT 'proc', count(*), max(xmin::text::bigint) FROM pg_proc
        UNION ALL SELECT 'constraint', count(*), max(xmin::text::bigint) FROM pg_constraint
        UNION ALL SELECT 'trigger', count(*), max(xmin::text::bigint) FROM pg_trigger
        UNION ALL SELECT 'policy', count(*), max(xmin::text::bigint) FROM pg_policy
        UNION ALL SELECT 'rewrite', count(*), max(xmin::text::bigint) FROM pg_rewrite
        UNION ALL SELECT 'type', count(*), max(xmin::text::bigint) FROM pg_type
        UNION ALL SELECT 'namespace', count(*), max(xmin::text::bigint) FROM pg_namespace
        UNION ALL SELECT 'extension', count(*), max(xmin::text::bigint) FROM pg_extension
        UNION ALL SELECT 'setting', count(*), 0 FROM pg_db_role_setting
        WHERE setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database())
       ) AS counted (catalogue, entries, newest)
"""
"""Changes with every change of the schema; copies of a template agree on it."""
_END_OTHERS = """
SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_get_activity(NULL)
 WHERE datid = (SELECT oid FROM pg_database WHERE datname = current_database())
   AND pid <> pg_backend_pid() AND pid <> ALL (%s)
"""
_TABLES = """
SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY relname
"""
_SEQUENCES = "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public'"
_LARGEST = """
SELECT max(pg_relation_size(oid)) FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
"""


@dataclass(frozen=True)
class _State:
    """What a template holds."""

    schema: str
    rows: dict[str, bytes]
    clearing: str

    @classmethod
    def of(cls, connection: psycopg.Connection[Any]) -> "_State":
        """Read it from a fresh copy."""
        tables = [name for (name,) in connection.execute(_TABLES)]
        rows = {table: _rows(connection, table) for table in tables}
        clearing = [f'DELETE FROM "{table}"' for table in tables]
        for sequence, last in connection.execute(_SEQUENCES):
            value = "1, false" if last is None else f"{last}, true"
            clearing.append(f"SELECT setval('\"{sequence}\"', {value})")
        [[schema]] = connection.execute(_SCHEMA)
        return cls(schema, {table: copied for table, copied in rows.items() if copied}, ";".join(clearing))


def _rows(connection: psycopg.Connection[Any], table: str) -> bytes:
    with connection.cursor().copy(names.SQL("COPY {} TO STDOUT").format(names.Identifier(table))) as out:
        return b"".join(bytes(part) for part in out)


class Warm:
    """A database of one test, and the connections to it that outlast the test."""

    def __init__(self, server: Server, template: str, name: str) -> None:
        self._server = server
        self._name = name
        self._uses = 0
        self._connections: list[psycopg.AsyncConnection[Any]] = []
        self._cleaner: psycopg.Connection[Any] | None = None
        self._engine: AsyncEngine | None = None
        self._owner: AsyncConnection | None = None
        self.url = server.url(name)
        server.copy(template, name)

    def engine(self) -> AsyncEngine:
        """The bot's engine; what listens to it listens to this one alone."""
        if self._engine is None:
            self._engine = create_engine(self.url, pool_timeout=HANG_SECONDS)
            event.listen(self._engine.sync_engine, "connect", self._note)
        return self._engine.execution_options()

    async def owner(self) -> AsyncConnection:
        """The connection of the owner; every statement commits."""
        if self._owner is None:
            engine = create_owner_engine(self.url).execution_options(isolation_level="AUTOCOMMIT")
            event.listen(engine.sync_engine, "connect", self._note)
            self._owner = await engine.connect()
        return self._owner

    def _note(self, _connection: object, record: Any) -> None:
        self._connections.append(record.driver_connection)

    def cleaner(self) -> psycopg.Connection[Any]:
        """The connection that brings the rows back; no trigger sees it."""
        if self._cleaner is None:
            self._cleaner = psycopg.connect(self.url.replace("+psycopg", ""), autocommit=True)
            self._cleaner.execute("SET session_replication_role = replica")
        return self._cleaner

    async def is_as_new(self, state: _State) -> bool:
        """Bring back what the template holds; False if that can't be done."""
        self._uses += 1
        try:
            return self._uses < _USES and await self._is_let_go() and self._is_cleared(state)
        except psycopg.Error:
            return False

    async def _is_let_go(self) -> bool:
        """Whether all connections are at rest; the owner's forgets what it was told and how it planned."""
        self._connections = [one for one in self._connections if not one.closed]
        if any(one.info.transaction_status != TransactionStatus.IDLE for one in self._connections):
            return False
        if self._engine and getattr(self._engine.pool, "checkedout", int)():
            return False
        for connection in self._connections:
            # The bot's sets everything for each transaction alone.
            if connection.autocommit:
                await connection.execute("RESET ALL; RESET ROLE; SET TIME ZONE 'UTC'; DISCARD PLANS")
        return self._owner is None or not (self._owner.closed or self._owner.invalidated)

    def _is_cleared(self, state: _State) -> bool:
        cleaner = self.cleaner()
        cleaner.execute(_END_OTHERS, [[one.info.backend_pid for one in self._connections]])
        [[schema]] = cleaner.execute(_SCHEMA)
        [[largest]] = cleaner.execute(_LARGEST)
        if schema != state.schema or largest > _GROWN:
            return False
        with cleaner.transaction():
            cleaner.execute(state.clearing)
            for table, rows in state.rows.items():
                into = names.SQL("COPY {} FROM STDIN").format(names.Identifier(table))
                with cleaner.cursor().copy(into) as copying:
                    copying.write(rows)
        return True

    async def drop(self) -> None:
        """Close every connection and drop the database."""
        if self._cleaner:
            self._cleaner.close()
        if self._owner:
            await self._owner.invalidate()
            await self._owner.close()
        if self._engine:
            await self._engine.dispose()
        self._server.drop(self._name)


class Databases:
    """The databases of this process."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._states: dict[str, _State] = {}
        self._idle: dict[str, list[Warm]] = {}
        self._lent: dict[str, Warm] = {}

    @asynccontextmanager
    async def lent(self, template: str, *, fresh: bool = False) -> AsyncIterator[str]:
        """Lend a database as the template is; yields its URL. In a `fresh` one nothing is planned yet."""
        idle = self._idle.setdefault(template, []) if not fresh else []
        database = idle.pop() if idle else self._make(template)
        self._lent[database.url] = database
        yield database.url
        del self._lent[database.url]
        if not fresh and await database.is_as_new(self._states[template]):
            idle.append(database)
        else:
            await database.drop()

    def _make(self, template: str) -> Warm:
        database = Warm(self._server, template, self._server.new_name())
        if template not in self._states:
            self._states[template] = _State.of(database.cleaner())
        return database

    def at(self, url: str) -> Warm:
        """Return the database that is lent at this URL."""
        return self._lent[url]

    async def drop(self) -> None:
        """Drop all that are idle."""
        for database in [database for idle in self._idle.values() for database in idle]:
            await database.drop()
