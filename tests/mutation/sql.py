"""Mutants of SQL, which no tool makes: patches beside this module, each headed by what it breaks.

    The head of a lane is not the oldest intent.
    Tests: tests/courier/test_turns.py tests/courier

    --- a/domain/outbox/delivery.py
    +++ b/domain/outbox/delivery.py
    @@ …

The tests are run from left to right until one fails.
"""

import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.mutation.trees import ROOT

PATCHES = Path(__file__).parent / "sql"


class PatchOutdated(Exception):
    """A patch does not apply to the code as it is; the message is git's."""


@dataclass(frozen=True)
class SqlMutant:
    """One patch."""

    name: str
    breaks: str
    tests: tuple[str, ...]
    paths: tuple[str, ...]
    patch: Path

    @property
    def migrates(self) -> bool:
        """Whether databases come out different."""
        return any(path.startswith("migrations/") for path in self.paths)

    def texts(self) -> Mapping[str, str]:
        """Return the files it changes, as changed."""
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            for path in self.paths:
                (folder / path).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / path, folder / path)
            applied = subprocess.run(
                ["git", "apply", "-p1", str(self.patch)],
                cwd=folder,
                capture_output=True,
                text=True,
                check=False,
            )
            if applied.returncode:
                raise PatchOutdated(f"{self.patch.name}: {applied.stderr.strip()}")
            return {path: (folder / path).read_text(encoding="utf-8") for path in self.paths}


def sql_mutants() -> Iterator[SqlMutant]:
    """Yield all of them, in the order of their numbers."""
    for patch in sorted(PATCHES.glob("*.patch")):
        yield read(patch)


def read(patch: Path) -> SqlMutant:
    """Read a patch with its head."""
    head, _, _ = (text := patch.read_text(encoding="utf-8")).partition("\n--- ")
    breaks, _, tests = head.partition("\nTests:")
    paths = re.findall(r"^\+\+\+ b/(\S+)", text, re.MULTILINE)
    return SqlMutant(patch.stem, " ".join(breaks.split()), tuple(tests.split()), tuple(paths), patch)
