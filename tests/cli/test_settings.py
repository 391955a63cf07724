from pathlib import Path

import pytest

from bot.cli.database import url_of
from bot.settings import Settings, SettingsError

BOT = "xoxb-1-2-secret"


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def problems() -> list[str]:
    with pytest.raises(SettingsError) as refused:
        Settings.load()
    return list(refused.value.problems)


def test_nothing_set_is_the_sandbox_on_this_machine() -> None:
    settings = Settings.load()
    assert settings.sandboxed
    assert settings.rehearsal
    assert (settings.host, settings.port) == ("127.0.0.1", 8000)
    assert settings.slack_api_url == "https://slack.com/api/"


def test_an_empty_variable_counts_as_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "")
    monkeypatch.setenv("PORT", "")
    assert Settings.load().sandboxed


@pytest.mark.parametrize(
    ("variable", "value", "told"),
    [
        ("PORT", "http", "PORT should be a port to listen on"),
        ("PORT", "70000", "PORT should be a port to listen on"),
        ("LOG_FORMAT", "xml", "LOG_FORMAT should be text"),
        ("LOG_LEVEL", "loud", "LOG_LEVEL should be one of DEBUG, INFO"),
        ("GOALKEEPER_REHEARSAL", "maybe", "GOALKEEPER_REHEARSAL should be 1 or 0"),
        ("SLACK_API_URL", "slack.com/api", "SLACK_API_URL should be the http(s) address"),
        (
            "DATABASE_URL",
            "mysql://root:hunter2@db/goals",
            "DATABASE_URL should be an address such as postgresql://",
        ),
        ("SLACK_BOT_TOKEN", "xoxp-hunter2", "SLACK_BOT_TOKEN should be the"),
        ("SLACK_APP_TOKEN", "hunter2", "SLACK_APP_TOKEN should be an app-level token"),
    ],
)
def test_a_wrong_value_is_named_with_what_was_expected(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, told: str
) -> None:
    monkeypatch.setenv(variable, value)
    [problem] = problems()
    assert problem.startswith(told)
    assert "hunter2" not in problem


def test_all_mistakes_are_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "x")
    monkeypatch.setenv("LOG_FORMAT", "x")
    assert len(problems()) == 2


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ({"SLACK_BOT_TOKEN": BOT}, "SLACK_SIGNING_SECRET"),
        ({"SLACK_SIGNING_SECRET": "s"}, "SLACK_BOT_TOKEN is missing"),
        ({"SLACK_APP_TOKEN": "xapp-1"}, "SLACK_BOT_TOKEN is missing"),
    ],
)
def test_half_a_way_to_slack_is_refused(
    monkeypatch: pytest.MonkeyPatch, given: dict[str, str], missing: str
) -> None:
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    [problem] = problems()
    assert missing in problem
    assert BOT not in problem


def test_slack_is_reached_over_http_or_by_socket_mode(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", BOT)
    monkeypatch.setenv("SLACK_SIGNING_SECRET", "s")
    over_http = Settings.load()
    monkeypatch.setenv("SLACK_APP_TOKEN", "xapp-1")
    by_socket = Settings.load()
    assert not over_http.sandboxed
    assert (over_http.socket_mode, by_socket.socket_mode) == (False, True)


def test_secrets_do_not_show(monkeypatch: pytest.MonkeyPatch) -> None:
    given = {
        "SLACK_BOT_TOKEN": BOT,
        "SLACK_SIGNING_SECRET": "0123456789abcdef",
        "SLACK_APP_TOKEN": "xapp-secret",
        "DATABASE_URL": "postgres://me:hunter2@db/goals",
    }
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    settings = Settings.load()
    shown = f"{settings!r} {settings}"
    assert not [value for value in given.values() if value in shown]
    assert set(settings.secrets) == {BOT, "0123456789abcdef", "xapp-secret"}


def test_values_are_taken_in_any_case(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOG_FORMAT", "JSON")
    monkeypatch.setenv("LOG_LEVEL", "debug")
    monkeypatch.setenv("SLACK_API_URL", "http://localhost:9/api")
    settings = Settings.load()
    assert (settings.log_format, settings.log_level) == ("json", "DEBUG")
    assert settings.slack_api_url == "http://localhost:9/api/"


def test_what_is_tried_has_a_database_apart_from_what_is_real(monkeypatch: pytest.MonkeyPatch) -> None:
    tried = Settings.load().database_dir
    monkeypatch.setenv("SLACK_BOT_TOKEN", BOT)
    monkeypatch.setenv("SLACK_SIGNING_SECRET", "1")
    real = Settings.load().database_dir
    assert tried != real


def test_a_command_without_a_token_says_that_it_is_about_the_sandbox(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    occupied = tmp_path / "occupied"
    occupied.touch()
    monkeypatch.setenv("GOALKEEPER_DATA_DIR", str(occupied / "below"))
    for more, said in (({}, True), ({"SLACK_BOT_TOKEN": BOT, "SLACK_SIGNING_SECRET": "1"}, False)):
        for name, value in more.items():
            monkeypatch.setenv(name, value)
        with pytest.raises(NotADirectoryError):
            url_of(Settings.load())
        assert ("about the sandbox" in capsys.readouterr().err) is said
