import asyncio
import socket
from collections.abc import AsyncIterator

import pytest

from sandbox import Sandbox, SandboxServer, faults
from tests.cli.conftest import Command, answers


def test_with_nothing_configured_the_doctor_finds_the_sandbox_and_makes_nothing(
    command: Command, tmp_path_factory: pytest.TempPathFactory
) -> None:
    said = command("doctor")
    assert said.code == 0
    assert "Slack note the sandbox that Goalkeeper brings" in said.text
    assert "Database note embedded, not created yet" in said.text
    assert "(made on the first start)" in said.text
    assert said.text.endswith("Goalkeeper can work.")


def test_every_wrong_setting_is_told_and_no_secret(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "http")
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxp-1-hunter2")
    said = command("doctor")
    assert said.code == 1
    assert "Settings broken PORT should be a port" in said.text
    assert "Settings broken SLACK_BOT_TOKEN should be the" in said.text
    assert "hunter2" not in said.text


def test_a_variable_that_was_misspelt_is_pointed_out(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKN", "xoxb-1")
    said = command("doctor")
    assert (
        "SLACK_BOT_TOKN note is set, but Goalkeeper does not read it Did you mean SLACK_BOT_TOKEN?"
        in said.text
    )


def test_a_port_in_use_is_a_warning(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        monkeypatch.setenv("PORT", str(taken.getsockname()[1]))
        said = command("doctor")
    assert (said.code, "Port warning" in said.text) == (0, True)
    assert said.text.endswith("with 1 warning.")


def test_a_folder_that_cannot_be_written_is_broken(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOALKEEPER_DATA_DIR", "/dev/null/goalkeeper")
    said = command("doctor")
    assert (said.code, "Data folder broken" in said.text) == (1, True)


def test_a_database_that_does_not_answer_is_broken(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://me:hunter2@127.0.0.1:9/goals")
    said = command("doctor")
    assert (said.code, "Database broken cannot be reached" in said.text) == (1, True)
    assert "hunter2" not in said.text


def test_a_database_to_be_migrated_is_a_warning(
    command: Command, empty_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", empty_url.replace("+psycopg", ""))
    said = command("doctor")
    assert (said.code, "Migrations warning at nothing yet" in said.text) == (0, True)


def test_a_user_who_may_not_make_roles_gets_the_sql_for_an_administrator(
    command: Command, empty_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    superuser = empty_url.replace("+psycopg", "")
    answers(superuser, "CREATE ROLE doctors_patient LOGIN")
    try:
        monkeypatch.setenv("DATABASE_URL", superuser.replace("//postgres:@", "//doctors_patient@"))
        said = command("doctor")
        assert (said.code, "Database roles broken" in said.text) == (1, True)
        assert "GRANT goalkeeper_app, goalkeeper_everywhere TO" in said.text
    finally:
        answers(superuser, "DROP ROLE doctors_patient")


def test_what_the_roster_lacks_is_told(command: Command, acme: str) -> None:
    assert "Roster warning nobody carries goals yet" in command("doctor").text
    answers(acme, "INSERT INTO users (workspace_id, slack_id, name) VALUES (1, 'U1', 'Ana')")
    answers(acme, "INSERT INTO sales_reps (workspace_id, user_id, name) VALUES (1, 1, 'Ana')")
    answers(acme, "INSERT INTO teams (workspace_id, name) VALUES (1, 'West')")
    said = command("doctor")
    assert "Roster fine 1 active rep" in said.text
    assert "Teams without a manager warning West" in said.text
    assert "Teams without a channel warning West" in said.text
    assert "Reps without a team warning Ana" in said.text
    assert said.code == 0


@pytest.fixture
async def sandbox(on_database: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Sandbox]:
    """A Slack to look at."""
    async with SandboxServer(Sandbox()) as served:
        monkeypatch.setenv("SLACK_API_URL", served.sandbox.api_url)
        monkeypatch.setenv("SLACK_BOT_TOKEN", served.sandbox.bot_token)
        monkeypatch.setenv("SLACK_SIGNING_SECRET", served.sandbox.signing_secret)
        yield served.sandbox


async def test_slack_and_the_channels_of_teams_are_looked_at(
    command: Command, sandbox: Sandbox, on_database: str
) -> None:
    team = sandbox.slack.workspace.team_id
    answers(on_database, f"SELECT goalkeeper_enter_workspace('{team}', 'Northwind', 'U0BOT')")
    answers(on_database, "INSERT INTO teams (workspace_id, name, channel) VALUES (1, 'West', 'C0TEAMWEST1')")
    answers(on_database, "INSERT INTO teams (workspace_id, name, channel) VALUES (1, 'Gone', 'C0GONE00001')")
    said = await asyncio.to_thread(command, "doctor")
    assert "Bot token fine" in said.text
    assert "Channel of Gone warning C0GONE00001: channel_not_found" in said.text
    assert "Channel of West" not in said.text
    assert sandbox.bot_token not in said.text
    assert sandbox.signing_secret not in said.text
    assert said.code == 0


async def test_a_token_that_slack_refuses_is_broken(
    command: Command, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-not-ours")
    said = await asyncio.to_thread(command, "doctor")
    assert (said.code, "Bot token broken refused: invalid_auth" in said.text) == (1, True)


async def test_the_token_of_socket_mode_is_tried(
    command: Command, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SLACK_APP_TOKEN", sandbox.app_token)
    said = await asyncio.to_thread(command, "doctor")
    assert (said.code, "App token fine Socket Mode may connect" in said.text) == (0, True)
    monkeypatch.setenv("SLACK_APP_TOKEN", "xapp-not-ours")
    said = await asyncio.to_thread(command, "doctor")
    assert (said.code, "App token broken refused: invalid_auth" in said.text) == (1, True)


async def test_a_slack_that_answers_with_a_web_page_is_no_wrong_token(
    command: Command, sandbox: Sandbox
) -> None:
    for fault in (faults.html(), faults.http_error(503)):
        sandbox.faults.always("auth.test", fault)
        said = await asyncio.to_thread(command, "doctor")
        assert (said.code, "Slack's API broken" in said.text) == (1, True)


def test_a_slack_that_does_not_answer_is_broken(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_API_URL", "http://127.0.0.1:9/api/")
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-1")
    monkeypatch.setenv("SLACK_SIGNING_SECRET", "hunter2")
    said = command("doctor")
    assert (said.code, "Slack's API broken" in said.text) == (1, True)
    assert "Signing secret warning does not look like one of Slack's" in said.text
    assert "hunter2" not in said.text
