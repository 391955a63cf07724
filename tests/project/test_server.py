"""The guard of the tests' server: no run leaves one behind, however it ends."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from time import sleep

import pytest

from tests.conftest import HANG_SECONDS
from tests.server import guarded

# A shell has what it starts in the background ignore interrupts, and whatever that starts in turn.
OWNER = """
import signal, sys, time
from pathlib import Path
from tests.server import guarded
signal.signal(signal.SIGINT, signal.default_int_handler)
with guarded(Path(sys.argv[1])):
    print("ready", flush=True)
    time.sleep(600)
"""

# Postgres, too, sees to it itself that it can be told to quit.
ORPHAN = """
import signal, subprocess
signal.signal(signal.SIGQUIT, signal.SIG_DFL)
print(subprocess.Popen(["sleep", "600"], stdout=subprocess.DEVNULL).pid)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder as the server leaves it while it runs."""
    (tmp_path / "run" / "postgres").mkdir(parents=True)
    return tmp_path / "run"


@pytest.fixture
def postmaster(folder: Path) -> int:
    """A process that passes for the server."""
    # An orphan, as the server is.
    started = subprocess.run([sys.executable, "-c", ORPHAN], stdout=subprocess.PIPE, text=True, check=True)
    (folder / "postgres" / "postmaster.pid").write_text(f"{started.stdout}/folder\n")
    return int(started.stdout)


def has_ended(pid: int) -> bool:
    """Return True once the process has ended, be it collected by anybody or not."""
    for _ in range(round(HANG_SECONDS / 0.05)):
        try:
            os.kill(pid, 0)
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return True
        except ProcessLookupError:
            return True
        except FileNotFoundError:
            pass  # There is no /proc here, or it has just ended.
        sleep(0.05)
    return False


def test_the_server_ends_with_the_block(folder: Path, postmaster: int) -> None:
    with guarded(folder):
        os.kill(postmaster, 0)
    assert has_ended(postmaster)
    assert not folder.exists()


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_the_server_ends_when_its_owner_is_killed(folder: Path, postmaster: int, end: signal.Signals) -> None:
    order = [sys.executable, "-c", OWNER, str(folder)]
    with subprocess.Popen(order, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as owner:
        assert owner.stdout is not None
        assert owner.stdout.readline() == b"ready\n"
        os.kill(owner.pid, end)
    assert has_ended(postmaster)


def test_without_a_server_the_folder_goes(folder: Path) -> None:
    with guarded(folder):
        assert folder.exists()
    assert not folder.exists()
