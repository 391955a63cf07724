"""Which tests run which lines, and how long each takes: measured on the code as it is, and kept."""

import hashlib
import json
import os
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

import coverage
import pytest

from tests.mutation.trees import ROOT, Tree, tracked
from tests.mutation.trials import SERVER, Fork, Verdict, run_pytest

_SHARES = (
    ("tests/courier", "tests/rules", "tests/db/goals", "tests/db/outbox", "tests/db/reminders"),
    ("tests/slack", "tests/db/people", "tests/db/setup", "tests/workspace"),
)
"""The tests that take part, in shares that take about the same time."""
_NEAR = {"outbox": ("/outbox/", "/courier/"), "courier": ("/courier/",)}
_PATIENCE = 3600.0


class _Test(TypedDict):
    """What is kept of a test that passes."""

    seconds: float
    lines: dict[str, list[int]]


@dataclass(frozen=True)
class Records:
    """What was measured."""

    seconds: Mapping[str, float]
    """By id of a test that passes."""
    lines: Mapping[str, Mapping[int, Collection[str]]]
    """By path and line, the ids of the tests that run it."""

    def tests_of(self, path: str, first: int, last: int) -> list[str]:
        """Return the tests that run one of these lines: those of the same slice first, then the quick ones.

        Lines that run at import belong to no test: then all tests of the slice, and all that use the module.
        """
        part = path.split("/")[1]
        near = _NEAR.get(part, (f"/{part}/",))
        lines = self.lines.get(path, {})
        found = {test for line in range(first, last + 1) for test in lines.get(line, ())}
        if not found:
            found = {test for tests in lines.values() for test in tests}
            found |= {test for test in self.seconds if any(word in test for word in near)}
        return sorted(found, key=lambda test: (not any(word in test for word in near), self.seconds[test]))


def records(
    cache: Path, trees: Sequence[Tree], targets: Sequence[str], server_url: str, *, stale: bool
) -> Records:
    """Return the records of the code as it is; what has changed since they were kept in `cache` is measured.

    Where only tests have changed these are measured alone; with `stale` this is so whatever has changed.
    """
    now = _digests()
    kept = json.loads(cache.read_text(encoding="utf-8")) if cache.exists() else {"files": {}, "tests": {}}
    then: dict[str, str] = kept["files"]
    changed = {path for path in now.keys() | then.keys() if now.get(path) != then.get(path)}
    tests: dict[str, _Test] = kept["tests"]
    if any(not _is_test(path) for path in changed) and not (stale and then):
        tests = _measure(trees, _SHARES, targets, server_url)
    elif changed := {path for path in changed if _is_test(path)}:
        tests = {test: each for test, each in tests.items() if test.partition("::")[0] not in changed}
        tests |= _measure(trees[:1], [sorted(changed & now.keys())], targets, server_url)
    cache.write_text(json.dumps({"files": now, "tests": tests}), encoding="utf-8")
    return _by_line(tests)


def _is_test(path: str) -> bool:
    folders = tuple(f"{folder}/" for share in _SHARES for folder in share)
    return path.startswith(folders) and Path(path).name.startswith("test_")


def _digests() -> dict[str, str]:
    """Return the digest of each source but those of other tests."""
    taken = ("bot/", "domain/", "migrations/", "tests/builders.py", "tests/conftest.py")
    folders = tuple(f"{folder}/" for share in _SHARES for folder in share)
    return {
        path: hashlib.sha256((ROOT / path).read_bytes()).hexdigest()
        for path in tracked()
        if path.endswith((".py", ".sql")) and path.startswith((*taken, *folders))
    }


def _by_line(tests: Mapping[str, _Test]) -> Records:
    lines: dict[str, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
    for test, each in tests.items():
        for path, numbers in each["lines"].items():
            for number in numbers:
                lines[path][number].append(test)
    return Records({test: each["seconds"] for test, each in tests.items()}, lines)


def _measure(
    trees: Sequence[Tree], shares: Sequence[Sequence[str]], targets: Sequence[str], server_url: str
) -> dict[str, _Test]:
    """Run the shares, as many at a time as there are trees."""
    merged = [[test for share in shares[hand :: len(trees)] for test in share] for hand in range(len(trees))]
    forks = [
        Fork(_record, tree.folder, share, targets, server_url)
        for tree, share in zip(trees, merged, strict=True)
        if share
    ]
    tests: dict[str, _Test] = {}
    for fork in forks:
        found = fork.result(_PATIENCE)
        if isinstance(found, Verdict):
            raise SystemExit(f"The tests could not be recorded: {found.outcome}\n{found.message}")
        tests |= found
    return tests


def _record(tests: Sequence[str], targets: Sequence[str], server_url: str) -> dict[str, _Test]:
    """Run these tests in a fork; return what is kept of those that pass."""
    os.environ[SERVER] = server_url
    measure = coverage.Coverage(
        data_file=None,
        config_file=False,
        concurrency=["thread", "greenlet"],
        include=[f"{Path.cwd()}/{target}/*" for target in targets],
    )
    recorder = _Recorder(measure)
    measure.start()
    run_pytest(tests, recorder)
    measure.stop()
    found: dict[str, _Test] = {
        test: {"seconds": seconds, "lines": defaultdict(list)} for test, seconds in recorder.seconds.items()
    }
    data = measure.get_data()
    for path in data.measured_files():
        name = str(Path(path).relative_to(Path.cwd()))
        for line, ids in data.contexts_by_lineno(path).items():
            for test in found.keys() & set(ids):
                found[test]["lines"][name].append(line)
    return found


class _Recorder:
    """A plugin that names the test under way as the context of what is run."""

    def __init__(self, measure: coverage.Coverage) -> None:
        self.seconds: dict[str, float] = {}
        self._failed: set[str] = set()
        self._measure = measure

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        self._measure.switch_context(nodeid)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.seconds[report.nodeid] = self.seconds.get(report.nodeid, 0.0) + report.duration
        if report.failed:
            self._failed.add(report.nodeid)

    def pytest_runtest_logfinish(self, nodeid: str) -> None:
        self._measure.switch_context("")
        if nodeid in self._failed:
            del self.seconds[nodeid]
