import socket

import pytest

from tests.cli.conftest import Command


def test_a_port_that_is_taken_is_told_in_words(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        monkeypatch.setenv("PORT", port)
        said = command("run")
    assert said.code == 1
    assert f"Cannot listen on 127.0.0.1:{port}" in said.text
