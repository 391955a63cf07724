import pytest

from bot.postgres import goes_down, head_revision
from tests.cli.conftest import Command, answers


@pytest.fixture
def url(command: Command, empty_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    plain = empty_url.replace("+psycopg", "")
    monkeypatch.setenv("DATABASE_URL", plain)
    return plain


def test_a_database_goes_up_and_down_and_says_where_it_is(command: Command, url: str) -> None:
    head = head_revision()
    assert command("migrate").text == f"The database is at {head} now (it was at base)."
    assert command("migrate").text == f"The database is at {head} already."
    assert answers(url, "SELECT count(*) FROM users") == [(0,)]
    assert command("migrate", "--to", "base").text == f"The database is at base now (it was at {head})."
    assert command("migrate", "--to", head).code == 0


def test_only_the_way_down_is_asked_about(command: Command, url: str) -> None:
    assert not goes_down(url, "base")
    assert not goes_down(url, "s03")
    command("migrate", "--to", "s02")
    assert not goes_down(url, "s03")
    assert not goes_down(url, "head")
    assert goes_down(url, "s01")
    assert goes_down(url, "base")


def test_a_revision_that_is_none_is_refused_in_words(command: Command, url: str) -> None:
    said = command("migrate", "--to", "9999")
    assert said.code == 1
    assert "9999" in said.text


def test_a_database_that_is_not_there_is_told_without_its_password(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://me:hunter2@127.0.0.1:9/goals")
    said = command("migrate")
    assert said.code == 1
    assert "The database cannot be reached" in said.text
    assert "hunter2" not in said.text


def test_a_wrong_setting_is_told_in_words(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOG_LEVEL", "loud")
    said = command("migrate")
    assert (said.code, said.text.split()[0]) == (1, "LOG_LEVEL")
