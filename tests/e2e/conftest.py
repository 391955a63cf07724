"""`goalkeeper` as a process of its own, as somebody starts it at a terminal."""

import asyncio
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path

import pytest

from bot.settings import Settings
from tests.conftest import HANG_SECONDS, data_folder

ROOT = Path(__file__).parents[2]


class Running:
    """A command that runs; its log is read as it comes."""

    def __init__(self, process: Process) -> None:
        self.process = process
        self.log = ""

    async def says(self, words: str) -> str:
        """The line with these words, once it has been logged."""
        assert self.process.stderr is not None
        async with asyncio.timeout(HANG_SECONDS):
            while line := (await self.process.stderr.readline()).decode():
                self.log += line
                if words in line:
                    return line
        raise AssertionError(f"ended without saying {words!r}:\n{self.log}")

    async def prints(self) -> str:
        """The next line that it prints."""
        assert self.process.stdout is not None
        async with asyncio.timeout(HANG_SECONDS):
            line = (await self.process.stdout.readline()).decode()
        assert line, f"ended without a word:\n{self.log}"
        return line.rstrip("\n")

    async def ends(self) -> int:
        """Its exit code; the log is complete then, and has no traceback in it."""
        async with asyncio.timeout(HANG_SECONDS):
            out, err = await self.process.communicate()
        self.log += out.decode() + err.decode()
        assert "Traceback" not in self.log, self.log
        assert self.process.returncode is not None
        return self.process.returncode

    async def stops(self) -> int:
        """Its exit code, when it is asked to stop."""
        self.process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(HANG_SECONDS):
            return await self.ends()


Start = Callable[..., Awaitable[Running]]


@pytest.fixture
def data_dir() -> Iterator[Path]:
    """Where the process keeps its things."""
    folder = data_folder()
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def port() -> int:
    """A port that is free."""
    return free_port()


def free_port() -> int:
    """Another one."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.fixture(scope="session")
def warm() -> Iterator[str]:
    """The socket of what starts `goalkeeper` fast (`tests.e2e.warm`)."""
    folder = tempfile.mkdtemp(prefix="goalkeeper-warm-")
    path = f"{folder}/socket"
    order = [sys.executable, "-m", "tests.e2e.warm", "serve", path]
    # The width of what is printed is settled when it is imported.
    with subprocess.Popen(
        order, cwd=ROOT, env={**os.environ, "COLUMNS": "200"}, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        yield path
        process.kill()
    shutil.rmtree(folder)


@pytest.fixture
async def start(data_dir: Path, port: int, warm: str) -> AsyncIterator[Start]:
    """Starts `goalkeeper` with these arguments (`run`), and of its variables with these alone."""
    started: list[Running] = []
    ours = {name.upper() for name in Settings.model_fields}
    inherited = {name: value for name, value in os.environ.items() if name.upper() not in ours}
    settings = {"GOALKEEPER_DATA_DIR": str(data_dir), "PORT": str(port), "COLUMNS": "200"}

    async def start(*arguments: str, **variables: str) -> Running:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-S",
            str(Path(__file__).with_name("warm.py")),
            "ask",
            warm,
            *(arguments or ["run"]),
            cwd=ROOT,
            env={**inherited, **settings, **variables},
            stdout=PIPE,
            stderr=PIPE,
        )
        started.append(Running(process))
        return started[-1]

    yield start
    for running in started:
        if running.process.returncode is None:
            running.process.kill()
            await running.process.communicate()
