from pathlib import Path

from sandbox import Sandbox
from sandbox.store import VERSION
from tests.sandbox.manifests import manifest


async def test_what_was_said_survives_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "data" / "sandbox.json"
    first = Sandbox(store=path)
    first.person("Ana Souza").says("hello", "#team-west")
    await first.close()

    second = Sandbox(store=path)
    (message,) = second.channel("#team-west").messages()
    assert (message.text, second.bot_token) == ("hello", first.bot_token)
    later = second.person("Ana Souza").says("again", "#team-west")
    assert later.ts > message.ts
    await second.close()
    assert [one.name for one in path.parent.iterdir()] == ["sandbox.json"]


async def test_a_file_of_another_version_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "sandbox.json"
    unreadable = f'{{"version": {VERSION}, "workspace": {{"users": 5}}}}'
    for kept in ('{"version": 0}', "not json", "[]", unreadable):
        path.write_text(kept, encoding="utf-8")
        assert Sandbox(store=path).channel("#team-west").messages() == []


async def test_files_survive_a_restart_and_go_with_a_reset(tmp_path: Path) -> None:
    path = tmp_path / "sandbox.json"
    first = Sandbox(store=path)
    first.person("Ana Souza").shares("actuals.csv", b"rep,signups")
    await first.close()

    second = Sandbox(store=path)
    ana = second.person("Ana Souza")
    (file_id,) = ana.dms()[0].files
    assert second.slack.files.find(file_id).name == "actuals.csv"
    assert second.slack.files.contents.read(file_id) == b"rep,signups"
    second.reset()
    assert second.slack.files.contents.read(file_id) is None
    await second.close()


async def test_an_app_that_changed_is_installed_again(tmp_path: Path) -> None:
    path = tmp_path / "sandbox.json"
    await Sandbox(store=path, manifest=manifest()).close()
    again = Sandbox(store=path, manifest=manifest(scopes=("users:read",)))
    assert set(again.slack.workspace.scopes) == {*again.app.scopes}
    assert "users:read" in again.app.scopes
    assert "files:read" not in again.app.scopes
    await again.close()
