"""Which tests run which lines, and how long each takes: measured once on the code as it is."""

import hashlib
import json
import os
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import coverage
import pytest

from tests.mutation.trees import ROOT, Tree, tracked
from tests.mutation.trials import SERVER, Fork, Verdict, run_pytest

_SHARES = (
    ("tests/courier", "tests/rules", "tests/db/goals", "tests/db/outbox", "tests/db/reminders"),
    ("tests/slack", "tests/db/people", "tests/db/setup", "tests/workspace"),
)
"""The tests that take part, in shares that take about the same time."""
_PATIENCE = 3600.0


@dataclass(frozen=True)
class Records:
    """What was measured."""

    seconds: Mapping[str, float]
    """By id of a test that passes."""
    lines: Mapping[str, Mapping[int, Sequence[str]]]
    """By path and line, the ids of the tests that run it."""

    def tests_of(self, path: str, first: int, last: int) -> list[str]:
        """Return the tests that run one of these lines, quickest first.

        Lines that run at import belong to no test: then all tests that use the module.
        """
        lines = self.lines.get(path, {})
        touched = [lines[line] for line in range(first, last + 1) if line in lines] or lines.values()
        return sorted({test for tests in touched for test in tests}, key=self.seconds.__getitem__)


def records(
    cache: Path, trees: Sequence[Tree], targets: Sequence[str], server_url: str, *, stale: bool
) -> Records:
    """Return the records of the code as it is; from `cache` if they are there, or if `stale` ones will do."""
    digest = _digest()
    if cache.exists():
        kept = json.loads(cache.read_text())
        if stale or kept["digest"] == digest:
            return _records(kept["tests"], kept["lines"])
    tests, lines = _measure(trees, targets, server_url)
    cache.write_text(json.dumps({"digest": digest, "tests": tests, "lines": lines}))
    return _records(tests, lines)


def _digest() -> str:
    """Return a digest of all sources."""
    digest = hashlib.sha256()
    for path in tracked():
        if path.endswith((".py", ".sql")) and not path.startswith("tests/mutation/"):
            digest.update(path.encode())
            digest.update((ROOT / path).read_bytes())
    return digest.hexdigest()


def _records(tests: Mapping[str, float], lines: Mapping[str, Mapping[str, Sequence[str]]]) -> Records:
    by_line = {
        path: {int(line): [test for test in ids if test in tests] for line, ids in of_path.items()}
        for path, of_path in lines.items()
    }
    return Records(tests, by_line)


def _measure(
    trees: Sequence[Tree], targets: Sequence[str], server_url: str
) -> tuple[dict[str, float], dict[str, dict[str, list[str]]]]:
    shares = [[test for share in _SHARES[hand :: len(trees)] for test in share] for hand in range(len(trees))]
    forks = [
        Fork(_record, tree.folder, share, targets, server_url)
        for tree, share in zip(trees, shares, strict=True)
        if share
    ]
    tests: dict[str, float] = {}
    lines: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for fork in forks:
        found = fork.result(_PATIENCE)
        if isinstance(found, Verdict):
            raise SystemExit(f"The tests could not be recorded: {found.outcome}\n{found.message}")
        tests.update(found[0])
        for path, of_path in found[1].items():
            for line, ids in of_path.items():
                lines[path][line] += ids
    return tests, lines


def _record(
    tests: Sequence[str], targets: Sequence[str], server_url: str
) -> tuple[dict[str, float], dict[str, dict[str, list[str]]]]:
    """Run these tests in a fork; return their seconds, and by path and line of the targets who runs it."""
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
    data = measure.get_data()
    lines = {
        str(Path(path).relative_to(Path.cwd())): {
            str(line): [test for test in ids if test]
            for line, ids in data.contexts_by_lineno(path).items()
            if any(ids)
        }
        for path in data.measured_files()
    }
    return recorder.seconds, lines


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
