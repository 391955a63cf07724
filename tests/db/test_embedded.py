"""The embedded server stops with the last process that uses it, also when others were killed."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.conftest import HANG_SECONDS

SPAWN = """
import os, socket, sys
from pathlib import Path
from bot.postgres import start_embedded, stop_embedded

orders = socket.socket(fileno=int(sys.argv[1]))
while True:
    order, given, _, _ = socket.recv_fds(orders, 4096, 1)
    if not order:
        sys.exit()
    if not given:
        orders.send(b"%d" % os.waitstatus_to_exitcode(os.waitpid(int(order), 0)[1]))
    elif pid := os.fork():
        os.close(given[0])
        orders.send(b"%d" % pid)
    else:
        orders.close()
        break
# A process of its own from here on, which ends as programs do: with the script.
folder, talk = Path(order.decode()), socket.socket(fileno=given[0])
start_embedded(folder)
talk.send(b"up")
if talk.recv(100) == b"stop":
    stop_embedded(folder)
    talk.send(b"stopped")
    talk.recv(100)
"""
"""Forks processes that use a server, with all imported: that is most of what it takes to start one."""


@pytest.fixture(scope="module")
def spawner() -> Iterator[socket.socket]:
    """Takes orders: a folder and a socket for a process that uses the server there, or whose end to await."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with (
        ours,
        subprocess.Popen([sys.executable, "-c", SPAWN, str(theirs.fileno())], pass_fds=[theirs.fileno()]),
    ):
        theirs.close()
        yield ours
        ours.close()


class User:
    """A process that uses the server."""

    def __init__(self, spawner: socket.socket, folder: Path) -> None:
        self._spawner = spawner
        self._talk, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._talk.settimeout(HANG_SECONDS)
        with theirs:
            socket.send_fds(spawner, [str(folder).encode()], [theirs.fileno()])
        self._pid = int(spawner.recv(100))
        self._ended = False

    def tell(self, words: str) -> None:
        """Say something to it."""
        self._talk.send(words.encode())

    def says(self) -> str:
        """What it says next; nothing when it ends."""
        return self._talk.recv(100).decode()

    def kill(self) -> None:
        """SIGKILL: it cannot clean up."""
        os.kill(self._pid, signal.SIGKILL)

    def ends(self) -> int:
        """Its exit code, once it has ended."""
        assert self.says() == ""
        self._talk.close()
        self._ended = True
        self._spawner.send(b"%d" % self._pid)
        return int(self._spawner.recv(100))

    def leave_nothing(self) -> None:
        """Have it end if it has not."""
        if not self._ended:
            self.kill()
            self.ends()


class Users:
    """Processes that use one server."""

    def __init__(self, spawner: socket.socket, folder: Path) -> None:
        self._spawner = spawner
        self._folder = folder
        self._started: list[User] = []

    def start(self) -> User:
        """Another one; the server is up when this returns."""
        user = User(self._spawner, self._folder)
        self._started.append(user)
        assert user.says() == "up"
        return user

    def end(self) -> None:
        """Leave nothing behind."""
        for user in self._started:
            user.leave_nothing()
        if (pid := self.server()) is not None:
            os.kill(pid, signal.SIGINT)

    def server(self) -> int | None:
        """The server's process; None when it does not run."""
        with suppress(FileNotFoundError, ProcessLookupError):
            pid = int((self._folder / "postgres" / "postmaster.pid").read_text().split()[0])
            os.kill(pid, 0)
            return pid
        return None


@pytest.fixture
def users(spawner: socket.socket) -> Iterator[Users]:
    """Nobody uses the server yet."""
    with tempfile.TemporaryDirectory(prefix="goalkeeper-", ignore_cleanup_errors=True) as folder:
        users = Users(spawner, Path(folder))
        yield users
        users.end()


def ends(user: User) -> None:
    """It ends as programs do."""
    user.tell("end")
    assert user.ends() == 0


def killed(user: User) -> None:
    """SIGKILL: it cannot clean up."""
    user.kill()
    assert user.ends() == -signal.SIGKILL


def test_a_process_that_was_killed_is_forgotten_at_the_next_start(users: Users) -> None:
    killed(users.start())
    assert users.server() is not None
    ends(users.start())
    assert users.server() is None


def test_a_process_that_is_killed_meanwhile_is_forgotten_at_the_end(users: Users) -> None:
    first, last = users.start(), users.start()
    killed(first)
    ends(last)
    assert users.server() is None


def test_a_process_that_is_killed_meanwhile_is_forgotten_when_the_server_is_stopped(users: Users) -> None:
    first, last = users.start(), users.start()
    killed(first)
    last.tell("stop")
    assert last.says() == "stopped"
    assert users.server() is None
    ends(last)


def test_the_server_stays_while_anybody_is_left(users: Users) -> None:
    first, second, last = users.start(), users.start(), users.start()
    killed(first)
    ends(second)
    assert users.server() is not None
    ends(last)
    assert users.server() is None


def test_a_list_that_was_cut_off_stops_nobody(users: Users) -> None:
    killed(users.start())
    [listed] = users._folder.rglob(".handle_pids.json")
    listed.write_text("[12")
    ends(users.start())
    assert users.server() is None
