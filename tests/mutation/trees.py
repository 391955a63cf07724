"""Copies of the project in which mutants are tried; the checkout itself is never changed."""

import compileall
import itertools
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]
_COPIED = ("bench", "bot", "domain", "migrations", "sandbox", "tests", "manifest.yml", "pyproject.toml")


class Tree:
    """One copy of the project, in which one trial runs at a time."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._ticks = itertools.count(1)
        for path in tracked():
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / path, target)
        compileall.compile_dir(folder, quiet=1)

    @contextmanager
    def changed(self, texts: Mapping[str, str]) -> Iterator[None]:
        """Hold these texts, by path, while the block lasts."""
        before = {path: (self.folder / path).read_text(encoding="utf-8") for path in texts}
        self._write(texts)
        yield
        self._write(before)

    def _write(self, texts: Mapping[str, str]) -> None:
        """Write files with a time of their own.

        Python compares whole seconds and sizes to see if compiled code is out of date: `<` for `>` would not
        be noticed within a second.
        """
        for path, text in texts.items():
            target = self.folder / path
            target.write_text(text, encoding="utf-8")
            when = (ROOT / path).stat().st_mtime + next(self._ticks)
            os.utime(target, (when, when))


def tracked() -> list[str]:
    """Return the paths of the files that belong to the project, committed or not."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", *_COPIED],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [path for path in listed.stdout.splitlines() if (ROOT / path).is_file()]
