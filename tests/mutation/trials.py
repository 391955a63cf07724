"""Trials: a mutant, the tests that should notice it, and what came of running them.

A trial forks a process that has imported the libraries but none of the code under test, so it starts within
milliseconds and leaves nothing behind. Only a failed test kills a mutant: an error in a fixture, a module
that cannot be imported and a run that hangs kill nothing.
"""

import importlib
import multiprocessing
import os
import signal
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from enum import StrEnum
from multiprocessing.connection import Connection, wait
from pathlib import Path
from time import monotonic  # noqa: TID251 - how long tests take is real time
from typing import Any

import pytest

from tests.mutation.trees import ROOT, Tree

SERVER = "GOALKEEPER_TEST_SERVER"
"""The environment's name for a server that tests/conftest.py is to use instead of starting its own."""
_OURS = {"bench", "bot", "docs", "domain", "migrations", "tests"}
_LIBRARIES = """
aiohttp alembic.command alembic.config apscheduler.schedulers.asyncio babel.dates babel.numbers fastapi
httpx hypothesis.strategies jsonschema psycopg psycopg.types.json pydantic_settings
pytest_asyncio.plugin rich.table slack_bolt.async_app slack_sdk.socket_mode.aiohttp
slack_sdk.web.async_client sqlalchemy.dialects.postgresql.psycopg sqlalchemy.ext.asyncio sqlalchemy.orm
typer uvicorn uvloop websockets
"""
_TIMED = ("tests/courier", "tests/slack", "tests/workspace")
"""Tests with time limits, which may fail on a busy machine: these have to fail twice."""
_FORK = multiprocessing.get_context("fork")


class Outcome(StrEnum):
    """What came of a trial."""

    KILLED = "killed"
    SURVIVED = "survived"
    ERROR = "error"
    TIMEOUT = "timeout"


@dataclass(frozen=True)
class Trial:
    """A mutant and its tests."""

    name: str
    texts: Mapping[str, str]
    """The changed files, by path."""
    stages: Sequence[Sequence[str]]
    """Ids of tests, or paths. A stage runs if the one before has killed nothing."""
    patience: float
    """Seconds after which a stage counts as hanging."""
    shares_server: bool = True
    """False for a mutant of the migrations: it needs a server that nothing has migrated."""


@dataclass(frozen=True)
class Verdict:
    """What came of a trial."""

    outcome: Outcome
    test: str = ""
    """The test that decided it."""
    message: str = ""
    seconds: float = 0.0


def warm_up() -> None:
    """Import the libraries that the project stands on, so that no trial has to."""
    for name in _LIBRARIES.split():
        with suppress(ImportError):
            importlib.import_module(name)


def run(trials: Iterator[Trial], trees: Sequence[Tree], server_url: str) -> Iterator[tuple[Trial, Verdict]]:
    """Run as many trials at a time as there are trees; yield each with its verdict as it ends."""
    hands = [_Hand(tree, server_url) for tree in trees]
    idle, busy = list(hands), dict[Connection, tuple[_Hand, Trial]]()
    try:
        while True:
            while idle and (trial := next(trials, None)):
                hand = idle.pop()
                hand.connection.send(trial)
                busy[hand.connection] = hand, trial
            if not busy:
                return
            for connection in wait(list(busy)):
                assert isinstance(connection, Connection)
                hand, trial = busy.pop(connection)
                idle.append(hand)
                yield trial, connection.recv()
    finally:
        for hand in hands:
            hand.process.terminate()
            hand.process.join()


class _Hand:
    """A process that tries one mutant after the other in a tree of its own."""

    def __init__(self, tree: Tree, server_url: str) -> None:
        self.connection, theirs = _FORK.Pipe()
        self.process = _FORK.Process(target=_try_each, args=(tree, server_url, theirs))
        self.process.start()
        theirs.close()


def _try_each(tree: Tree, server_url: str, trials: Connection) -> None:
    while True:
        trials.send(_judge(tree, server_url, trials.recv()))


def _judge(tree: Tree, server_url: str, trial: Trial) -> Verdict:
    """Return the first verdict other than survival; a test with time limits has to confirm it."""
    began = monotonic()
    verdict = Verdict(Outcome.SURVIVED)
    environment = {SERVER: server_url} if trial.shares_server else {}

    def attempt(tests: Sequence[str]) -> Verdict:
        found = Fork(_test, tree.folder, tests, environment).result(trial.patience)
        return found if isinstance(found, Verdict) else Verdict(Outcome(found[0]), *found[1:])

    with tree.changed(trial.texts):
        for tests in trial.stages:
            verdict = attempt(tests)
            if verdict.outcome is Outcome.KILLED and verdict.test.startswith(_TIMED):
                verdict = attempt([verdict.test])
            if verdict.outcome is not Outcome.SURVIVED:
                break
    return replace(verdict, seconds=monotonic() - began)


class Fork:
    """Work done by a fork of this process that finds the project in `folder`."""

    def __init__(self, work: Callable[..., Any], folder: Path, *arguments: Any) -> None:
        self._folder = folder
        self._result, theirs = _FORK.Pipe(duplex=False)
        self._process = _FORK.Process(target=_forked, args=(theirs, work, folder, arguments))
        self._process.start()
        theirs.close()

    def result(self, patience: float) -> Any:
        """Wait for what the work returns; a Verdict when it ends without, or not in time."""
        try:
            if not self._result.poll(patience):
                return Verdict(Outcome.TIMEOUT)
            return self._result.recv()
        except EOFError:
            return Verdict(Outcome.ERROR, message=_log_of(self._folder).read_text(errors="replace")[-2000:])
        finally:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid or 0, signal.SIGKILL)
            self._process.join()
            self._result.close()


def _forked(result: Connection, work: Callable[..., Any], folder: Path, arguments: tuple[Any, ...]) -> None:
    """Become a process of its own group that imports the project from `folder`, and work."""
    os.setsid()
    log = os.open(_log_of(folder), os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.chdir(folder)
    sys.dont_write_bytecode = True
    sys.path[:] = [str(folder), *(each for each in sys.path if each and Path(each) != ROOT)]
    for name in [name for name in sys.modules if name.partition(".")[0] in _OURS]:
        del sys.modules[name]
    importlib.invalidate_caches()
    result.send(work(*arguments))
    result.close()
    # Exit handlers are the parent's, and the group is killed anyway.
    os._exit(0)


def _log_of(folder: Path) -> Path:
    return folder.with_suffix(".log")


def run_pytest(tests: Sequence[str], plugin: object) -> int:
    """Run these tests in this process; `plugin` sees how they fare."""
    options = ["--assert=plain", "--tb=short", "-p", "no:cacheprovider"]
    return int(pytest.main([*options, *tests], plugins=[plugin]))


def _test(tests: Sequence[str], environment: Mapping[str, str]) -> tuple[str, str, str]:
    """Return outcome, test and message: plain values, for the classes here are not those of the parent."""
    os.environ.pop(SERVER, None)
    os.environ.update(environment)
    witness = _Witness()
    code = run_pytest(tests, witness)
    if witness.failed:
        return "killed", *witness.failed
    if witness.errors or code not in (0, 5):
        return "error", *(witness.errors or [("", f"pytest ended with {code}")])[0]
    return "survived", "", ""


class _Witness:
    """A plugin that ends the run with the first test that fails, and remembers what went wrong elsewhere."""

    def __init__(self) -> None:
        self.failed: tuple[str, str] | None = None
        self.errors: list[tuple[str, str]] = []
        self._session: pytest.Session | None = None

    def pytest_sessionstart(self, session: pytest.Session) -> None:
        self._session = session

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.errors.append((report.nodeid, str(report.longrepr)[-500:]))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if not report.failed:
            return
        found = report.nodeid, str(report.longrepr)[-500:]
        if report.when == "call":
            self.failed = found
            assert self._session
            self._session.shouldfail = "a mutant is dead"
        else:
            self.errors.append(found)
