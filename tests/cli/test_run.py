import socket

import pytest

from tests.cli.conftest import Command


def test_an_app_token_alone_is_refused_for_now(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-1")
    monkeypatch.setenv("SLACK_APP_TOKEN", "xapp-1")
    said = command("run")
    assert (said.code, "set SLACK_SIGNING_SECRET" in said.text) == (1, True)


def test_a_port_that_is_taken_is_told_in_words(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        monkeypatch.setenv("PORT", port)
        said = command("run")
    assert said.code == 1
    assert f"Cannot listen on 127.0.0.1:{port}" in said.text
