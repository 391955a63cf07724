"""`goalkeeper clock`: shown to everybody, moved in rehearsals alone."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from tests.cli.conftest import Command, answers

REFUSED = "The clock can only be moved in a rehearsal: set GOALKEEPER_REHEARSAL=1"


@pytest.fixture
def rehearsal(on_database: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """A workspace on which nothing depends."""
    monkeypatch.setenv("GOALKEEPER_REHEARSAL", "1")
    return on_database


def offset(url: str) -> timedelta:
    """How far the clock has been moved."""
    [[moved]] = answers(url, "SELECT clock_offset FROM business_clock")
    assert isinstance(moved, timedelta)
    return moved


def shown(text: str) -> tuple[datetime, datetime]:
    """The two times that were printed."""
    times = re.findall(r"\w{3}, (\w{3} \d\d, \d{4}, [\d:]{8}) UTC", text)
    business, real = (datetime.strptime(time, "%b %d, %Y, %H:%M:%S").replace(tzinfo=UTC) for time in times)
    return business, real


def test_both_clocks_are_shown(command: Command, on_database: str) -> None:
    said = command("clock", "show")
    business, real = shown(said.text)
    assert (said.code, business) == (0, real)
    assert "(moved)" not in said.text


@pytest.mark.parametrize(
    "arguments", [("set", "2026-02-03T12:00:00Z"), ("advance", "1d"), ("advance", "-1h"), ("real",)]
)
def test_outside_a_rehearsal_nothing_moves_it(
    arguments: tuple[str, ...], command: Command, on_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-1")
    monkeypatch.setenv("SLACK_SIGNING_SECRET", "s")
    said = command("clock", *arguments)
    assert said.code == 1
    assert REFUSED in said.text
    assert offset(on_database) == timedelta()


def test_it_is_set_and_goes_on_from_there(command: Command, rehearsal: str) -> None:
    said = command("clock", "set", "2026-12-03T12:00:00-05:00")
    business, real = shown(said.text)
    assert said.code == 0
    assert timedelta() <= business - datetime(2026, 12, 3, 17, tzinfo=UTC) < timedelta(seconds=30)
    assert "(moved)" in said.text
    assert abs(business - real - offset(rehearsal)) < timedelta(seconds=2)


@pytest.mark.parametrize(
    ("span", "moved"),
    [
        ("1d", timedelta(days=1)),
        ("3h30m", timedelta(hours=3, minutes=30)),
        ("2w", timedelta(weeks=2)),
        ("-1h", timedelta(hours=-1)),
        ("90s", timedelta(seconds=90)),
    ],
)
def test_it_is_advanced_by_a_span(span: str, moved: timedelta, command: Command, rehearsal: str) -> None:
    assert command("clock", "advance", span).code == 0
    assert command("clock", "advance", span).code == 0
    assert offset(rehearsal) == 2 * moved


def test_it_shows_real_time_again(command: Command, rehearsal: str) -> None:
    command("clock", "advance", "1d")
    said = command("clock", "real")
    assert (said.code, offset(rehearsal)) == (0, timedelta())
    assert "(moved)" not in said.text


@pytest.mark.parametrize(
    "arguments",
    [
        ("set", "yesterday"),
        ("set", "2026-12-03T12:00:00"),
        ("advance", "soon"),
        ("advance", "1"),
        ("advance", "1y"),
        ("advance", "--1d"),
        ("advance", "9" * 30 + "w"),
        ("set", "9999-12-31T23:59:59Z"),
        ("set", "0001-01-01T00:00:00Z"),
        ("advance", "99999w"),
        ("advance", "-99999w"),
    ],
)
def test_what_is_no_time_is_refused_in_words(
    arguments: tuple[str, ...], command: Command, rehearsal: str
) -> None:
    said = command("clock", *arguments)
    assert said.code == 1
    assert re.search(
        r"isn't a time with|isn't a span of time|longer than any calendar|within the years 2000 to 2099",
        said.text,
    )
    assert offset(rehearsal) == timedelta()


def test_a_database_that_is_not_migrated(
    command: Command, empty_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", empty_url.replace("+psycopg", ""))
    said = command("clock", "show")
    assert said.code == 1
    assert "Run `goalkeeper migrate` first." in said.text
