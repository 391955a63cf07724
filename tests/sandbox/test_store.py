from pathlib import Path

from sandbox import Sandbox


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
    for kept in ('{"version": 0}', "not json", "[]", '{"version": 1, "workspace": {"users": 5}}'):
        path.write_text(kept, encoding="utf-8")
        assert Sandbox(store=path).channel("#team-west").messages() == []
