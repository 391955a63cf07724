"""The database for the domain: the mapped base, tenants, and transactions with a business time."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Any, ClassVar, NewType

import sqlalchemy.exc
from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Connection,
    DateTime,
    Enum,
    ForeignKeyConstraint,
    Identity,
    MetaData,
    Numeric,
    PrimaryKeyConstraint,
    Text,
    TextClause,
    event,
    text,
)
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column

WorkspaceId = NewType("WorkspaceId", int)

MONEY = Numeric(17, 2)
PERCENT = Numeric(17, 2)

APP_ROLE = "goalkeeper_app"
"""The bot's role in transactions of one workspace; row-level security applies to it."""
EVERYWHERE_ROLE = "goalkeeper_everywhere"
"""The bot's role for finding due work in all workspaces; it sees only tables with a policy for it."""
DATABASE_AWAY = (sqlalchemy.exc.OperationalError, sqlalchemy.exc.InterfaceError, sqlalchemy.exc.TimeoutError)
"""Errors raised while the database can't be reached or doesn't answer in time; they are temporary."""

PATIENCE = "2s"
"""Time limit of a statement, and of waiting for a lock, while a person waits for the answer."""

_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Every mapped class of the domain."""

    metadata = MetaData(naming_convention=_NAMES)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: DateTime(timezone=True),
        int: BigInteger,
        str: Text,
        # Statuses are text under a check constraint: a new one is then an ordinary migration.
        StrEnum: Enum(
            StrEnum,
            native_enum=False,
            length=16,
            values_callable=lambda kinds: [kind.value for kind in kinds],
        ),
    }


class ClockOffset(Base):
    """How far business time is from real time: one row, in no tenant; only a rehearsal moves it."""

    __tablename__ = "business_clock"
    __table_args__ = (CheckConstraint('"only"', name="only"),)

    only: Mapped[bool] = mapped_column(primary_key=True, server_default=text("true"))
    clock_offset: Mapped[timedelta] = mapped_column(server_default=text("'0'"))
    moved_at: Mapped[datetime | None]
    """Real time of the last move."""


class Tenant:
    """Rows of one workspace; the transaction's scope is the default of `workspace_id`.

    The primary key is `(workspace_id, id)` and every key carries `workspace_id`, so that no row can point
    into another workspace.
    """

    workspace_id: Mapped[int] = mapped_column(server_default=text("goalkeeper_workspace()"), sort_order=-20)
    id: Mapped[int] = mapped_column(Identity(), sort_order=-10)

    @declared_attr.directive
    @classmethod
    def __table_args__(cls) -> tuple[Any, ...]:
        """Return the keys of a tenant's table, then those that the table adds in `__keys__`."""
        return (
            PrimaryKeyConstraint("workspace_id", "id"),
            ForeignKeyConstraint(["workspace_id"], ["workspaces.id"]),
            *getattr(cls, "__keys__", ()),
        )


def belongs_to(column: str, table: str, ondelete: str | None = None) -> ForeignKeyConstraint:
    """Return a foreign key to a row of `table` in the same workspace."""
    return ForeignKeyConstraint(
        ["workspace_id", column], [f"{table}.workspace_id", f"{table}.id"], ondelete=ondelete
    )


@dataclass(frozen=True, slots=True)
class Transaction:
    """One open transaction: its session, and the business time that rules all of it, SQL included."""

    session: AsyncSession
    now: datetime
    clock_moved: bool = False
    """True if business time differs from real time: in a rehearsal, or in a question about another time."""


@dataclass
class Commits:
    """The commits of some work, and whether their results are known."""

    in_doubt: bool = False
    """True if a commit was sent and its answer never came, so its changes may or may not be saved."""


_commits: ContextVar[Commits | None] = ContextVar("commits", default=None)


@contextmanager
def watched_commits() -> Iterator[Commits]:
    """Watch the commits of the work in this block, tasks that it starts included."""
    commits = Commits()
    token = _commits.set(commits)
    try:
        yield commits
    finally:
        _commits.reset(token)


async def _commit(session: AsyncSession) -> None:
    """Commit. Only an answer from the server, even a refusal, tells whether it has."""
    commits = _commits.get() or Commits()
    commits.in_doubt = True
    try:
        await session.commit()
    except sqlalchemy.exc.DBAPIError as error:
        commits.in_doubt = getattr(error.orig, "sqlstate", None) is None
        raise
    commits.in_doubt = False


Settle = Callable[[AsyncSession, datetime], Awaitable[None]]

# Which statements may announce changes, by their text: asking the database would cost each transaction a
# statement more. What is on its way to Slack announces nothing. Were a statement missed, a tick would find
# its announcement.
_WRITES = re.compile(
    r"\b(?:INSERT\s+INTO|DELETE\s+FROM|MERGE\s+INTO|(?<!FOR\s)(?<!KEY\s)(?<!DO\s)UPDATE)\s+(?!outbox|job_runs)",
    re.IGNORECASE,
)
_WRITTEN = "goalkeeper.written"


@lru_cache(maxsize=1024)
def _may_announce(statement: str) -> bool:
    return _WRITES.search(statement) is not None


def _forget_writing(connection: Connection) -> None:
    connection.info.pop(_WRITTEN, None)


def _note_writing(connection: Connection, _cursor: object, statement: str, *_: object) -> None:
    if _may_announce(statement):
        connection.info[_WRITTEN] = True


def _has_written(session: AsyncSession) -> bool:
    return _WRITTEN in session.sync_session.connection().info


class Database:
    """Opens the transactions of the bot; each commits when its block ends without an error."""

    def __init__(self, engine: AsyncEngine, patience: str = PATIENCE, settle: Settle | None = None) -> None:
        """Open transactions on `engine`; `patience` is theirs where a caller asks for no other.

        `settle` is called before the commit of a workspace's transaction that may have announced changes.
        Without it, they are left to the next tick.
        """
        self.engine = engine
        self._settle = settle
        event.listen(engine.sync_engine, "begin", _forget_writing)
        event.listen(engine.sync_engine, "before_cursor_execute", _note_writing)
        self._patience = patience
        self._sessions = async_sessionmaker(engine, expire_on_commit=False, autoflush=False)

    @asynccontextmanager
    async def workspace(
        self, workspace_id: WorkspaceId, *, at: datetime | None = None, patience: str | None = None
    ) -> AsyncIterator[Transaction]:
        """Open a transaction that sees one workspace alone, at business time `at` (default: now).

        `patience` is for one statement, and for one lock.
        """
        async with self._sessions() as session:
            tx = await self._enter(
                session,
                _ENTER_WORKSPACE,
                at=at,
                workspace=str(workspace_id),
                patience=patience or self._patience,
            )
            yield tx
            if self._settle is not None and _has_written(session):
                await self._settle(session, tx.now)
            await _commit(session)

    @asynccontextmanager
    async def everywhere(self, *, at: datetime | None = None) -> AsyncIterator[Transaction]:
        """Open a transaction that sees every workspace, but only the tables with work to claim."""
        async with self._sessions() as session:
            yield await self._enter(session, _ENTER_EVERYWHERE, at=at, patience=self._patience)
            await _commit(session)

    async def _enter(
        self, session: AsyncSession, statement: TextClause, *, at: datetime | None, **scope: str
    ) -> Transaction:
        entered = await session.execute(statement, {"at": at.isoformat() if at else "", **scope})
        return Transaction(session, *entered.one())


# One statement a transaction. Role and timeouts are set again although the connection has them already:
# behind a pooler that hands out another server connection for each transaction, those are lost. The time
# is then written back, so that triggers, defaults and views agree with `now` to the microsecond.
_ENTER = """
WITH entered AS MATERIALIZED (
    SELECT set_config('role', '{role}', true),
           set_config('statement_timeout', :patience, true),
           set_config('lock_timeout', :patience, true),
           set_config('goalkeeper.workspace', {workspace}, true),
           set_config('goalkeeper.now', :at, true)
)
SELECT set_config('goalkeeper.now', goalkeeper_now()::text, true)::timestamptz,
       :at <> '' OR EXISTS (SELECT FROM business_clock WHERE clock_offset <> interval '0')
  FROM entered
"""
_ENTER_WORKSPACE = text(_ENTER.format(role=APP_ROLE, workspace=":workspace"))
_ENTER_EVERYWHERE = text(_ENTER.format(role=EVERYWHERE_ROLE, workspace="''"))
