"""The embedded server stops with the last process that uses it, also when others were killed."""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

USE = """
import sys
from pathlib import Path
from bot.postgres import start_embedded, stop_embedded
start_embedded(Path(sys.argv[1]))
print("up", flush=True)
if sys.stdin.readline() == "stop\\n":
    stop_embedded(Path(sys.argv[1]))
    print("stopped", flush=True)
    sys.stdin.readline()
"""


class Users:
    """Processes that use one server."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._started: list[subprocess.Popen[str]] = []

    def start(self) -> subprocess.Popen[str]:
        """Another one; the server is up when this returns."""
        process = subprocess.Popen(
            [sys.executable, "-c", USE, str(self._folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._started.append(process)
        assert process.stdout is not None
        assert process.stdout.readline() == "up\n"
        return process

    def end(self) -> None:
        """Leave nothing behind."""
        for process in self._started:
            process.kill()
            process.communicate()
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
def users() -> Iterator[Users]:
    """Nobody uses the server yet."""
    with tempfile.TemporaryDirectory(prefix="goalkeeper-", ignore_cleanup_errors=True) as folder:
        users = Users(Path(folder))
        yield users
        users.end()


def ends(process: subprocess.Popen[str]) -> None:
    """It ends as programs do."""
    process.communicate("\n", timeout=60)
    assert process.returncode == 0


def killed(process: subprocess.Popen[str]) -> None:
    """SIGKILL: it cannot clean up."""
    process.kill()
    process.communicate(timeout=60)


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
    assert last.stdin is not None
    assert last.stdout is not None
    last.stdin.write("stop\n")
    last.stdin.flush()
    assert last.stdout.readline() == "stopped\n"
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
