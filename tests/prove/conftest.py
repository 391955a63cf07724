"""The process from which copies of the bot are forked, once for all tests."""

import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.prove.fleet import Fleet, a_fleet


@pytest.fixture(scope="session")
def folder() -> Iterator[Path]:
    """For sockets, whose paths must be short, bullets and logs."""
    folder = Path(tempfile.mkdtemp(prefix="goalkeeper-prove-"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
async def fleet(folder: Path) -> AsyncIterator[Fleet]:
    """Starts copies."""
    async with a_fleet(folder) as fleet:
        yield fleet
