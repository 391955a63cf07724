"""`make mutate`: change the code one place at a time, and count the changes that no test notices.

Mutants of Python come from cosmic-ray, those of SQL are patches. Both are tried in copies of the project.
"""

import argparse
import os
import random
import re
import shutil
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import accumulate
from pathlib import Path
from subprocess import PIPE, Popen
from typing import TypeVar

from rich.console import Console

from tests.mutation.python import TARGETS, PythonMutant, python_mutants
from tests.mutation.records import Records, records
from tests.mutation.sql import SqlMutant, sql_mutants
from tests.mutation.tally import Tally, show
from tests.mutation.trees import ROOT, Tree
from tests.mutation.trials import Outcome, Trial, run, warm_up

_KEPT = ROOT / ".mutation"
"""What one run leaves for the next."""
_FEW, _ENOUGH = 15, 60.0
"""How many tests a mutant meets at first, and after how many seconds of tests it has survived."""
_HANGS = 60.0
_Mutant = TypeVar("_Mutant", PythonMutant, SqlMutant)


def main() -> int:
    """Print both scores and every survivor; return 1 if one of them is not explained."""
    given = _arguments()
    out = Console(width=120)
    _KEPT.mkdir(exist_ok=True)
    warm_up()
    unexplained = 0
    with _trees(given.jobs) as trees, _server() as server_url:
        if given.only != "sql":
            unexplained += _python(given, trees, server_url, out)
        if given.only != "python":
            unexplained += _sql(given, trees, server_url, out)
    return 1 if unexplained else 0


def _arguments() -> argparse.Namespace:
    arguments = argparse.ArgumentParser(prog="make mutate ARGS=…", description=__doc__)
    arguments.add_argument("paths", nargs="*", default=TARGETS, help="folders or modules to mutate")
    arguments.add_argument("--only", choices=("python", "sql"))
    arguments.add_argument("--sample", type=int, metavar="N", help="try only so many of each kind, at random")
    arguments.add_argument("--seed", type=int, default=random.randrange(10**6))
    arguments.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="how many at a time")
    arguments.add_argument("--matching", default="", help="only mutants whose names match this")
    arguments.add_argument("--survivors", action="store_true", help="only those not killed so far")
    arguments.add_argument(
        "--stale", action="store_true", help="choose tests by the last records, even old ones"
    )
    return arguments.parse_args()


def _python(given: argparse.Namespace, trees: Sequence[Tree], server_url: str, out: Console) -> int:
    record = records(_KEPT / "records.json", trees, TARGETS, server_url, stale=given.stale)
    tally = Tally("Python", _KEPT / "python.json")
    chosen = _chosen(given, list(python_mutants(tuple(given.paths))), tally, out)
    mutants = {mutant.name: mutant for mutant in chosen}
    killers: dict[str, Counter[str]] = defaultdict(Counter)
    trials = (_python_trial(mutant, record, killers[mutant.place]) for mutant in chosen)
    for number, (trial, verdict) in enumerate(run(trials, trees, server_url), 1):
        tally.add(trial.name, verdict)
        if not number % 20:
            out.print(f"{number} of {len(chosen)}")
        if verdict.outcome is Outcome.KILLED:
            killers[mutants[trial.name].place][verdict.test] += 1
    groups: dict[str, list[str]] = defaultdict(list)
    for mutant in chosen:
        groups[mutant.path].append(mutant.name)
    return show(out, tally, groups)


def _python_trial(mutant: PythonMutant, record: Records, killers: Counter[str]) -> Trial:
    """Return a trial with the tests that run the mutant's lines: its neighbours' killers, then quick ones."""
    tests = record.tests_of(mutant.path, mutant.first, mutant.last)
    tests.sort(key=lambda test: -killers[test])
    spent = accumulate(record.seconds[test] for test in tests)
    tests = [test for test, seconds in zip(tests, spent, strict=True) if seconds <= _ENOUGH]
    stages = [stage for stage in (tests[:_FEW], tests[_FEW:]) if stage]
    return Trial(mutant.name, {mutant.path: mutant.text}, stages, _HANGS + 5 * _ENOUGH)


def _sql(given: argparse.Namespace, trees: Sequence[Tree], server_url: str, out: Console) -> int:
    tally = Tally("SQL", _KEPT / "sql.json")
    chosen = _chosen(given, list(sql_mutants()), tally, out)
    trials = (
        Trial(
            mutant.name,
            mutant.texts(),
            [[tests] for tests in mutant.tests],
            _HANGS * 5,
            shares_server=not mutant.migrates,
        )
        for mutant in chosen
    )
    for trial, verdict in run(trials, trees, server_url):
        tally.add(trial.name, verdict)
    groups: dict[str, list[str]] = defaultdict(list)
    for mutant in chosen:
        groups[mutant.paths[0]].append(mutant.name)
    return show(out, tally, groups)


def _chosen(given: argparse.Namespace, mutants: list[_Mutant], tally: Tally, out: Console) -> list[_Mutant]:
    """Return the mutants to try now, in an order that does not depend on the module."""
    found = [mutant for mutant in mutants if re.search(given.matching, mutant.name)]
    if given.survivors:
        found = [mutant for mutant in found if not tally.killed(mutant.name)]
    if given.sample is not None and given.sample < len(found):
        out.print(f"{given.sample} of {len(found)} mutants of {tally.kind}, seed {given.seed}")
        found = random.Random(given.seed).sample(found, given.sample)
    return found


@contextmanager
def _trees(jobs: int) -> Iterator[list[Tree]]:
    """Copies of the project, in memory where that can be."""
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    folder = Path(tempfile.mkdtemp(prefix="goalkeeper-mutants-", dir=memory))
    try:
        yield [Tree(folder / str(job)) for job in range(jobs)]
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _server() -> Iterator[str]:
    """The URL of the server that trials share."""
    command = [sys.executable, "-m", "tests.mutation.server"]
    with Popen(command, cwd=ROOT, stdin=PIPE, stdout=PIPE, text=True) as process:
        assert process.stdout
        yield process.stdout.readline().strip()
        process.communicate()


if __name__ == "__main__":
    sys.exit(main())
