"""The command line as somebody types it, on a database of the test's own."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from typer.testing import CliRunner

from bot.cli.console import err, out
from bot.cli.root import goalkeeper
from bot.settings import Settings


@pytest.fixture(autouse=True)
def logging_as_before() -> Iterator[None]:
    """Commands set logging up for the whole process."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers, root.level = handlers, level
    logging.captureWarnings(False)


@dataclass(frozen=True)
class Said:
    """What a command printed, with lines and padding run together, and how it ended."""

    code: int
    text: str


Command = Callable[..., Said]


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Command:
    """Runs `goalkeeper` with these arguments and nothing in the environment."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("GOALKEEPER_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("PORT", "0")
    for console in (out, err):
        # A width that was in the environment when the console was made counts more than one set now.
        monkeypatch.setattr(console, "width", 250)

    def run(*arguments: str) -> Said:
        result = CliRunner().invoke(goalkeeper, list(arguments))
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Said(result.exit_code, " ".join(result.output.split()))

    return run


@pytest.fixture
def on_database(command: Command, database_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """The commands work on this migrated database."""
    plain = database_url.replace("+psycopg", "")
    monkeypatch.setenv("DATABASE_URL", plain)
    return plain


@pytest.fixture
def acme(on_database: str) -> str:
    """It knows one workspace, in New York's zone."""
    answers(on_database, "SELECT goalkeeper_enter_workspace('T0001', 'Acme', 'U0BOT')")
    answers(on_database, "UPDATE workspaces SET time_zone = 'America/New_York'")
    return on_database


def answers(url: str, statement: str) -> list[tuple[object, ...]]:
    """What the database says to its owner."""
    with psycopg.connect(url, autocommit=True) as connection:
        result = connection.execute(statement)
        return list(result.fetchall()) if result.description else []
