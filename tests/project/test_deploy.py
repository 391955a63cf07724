"""Ways to run it for real: what they name exists, and says the same as the rest."""

import configparser
import re
import tomllib
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "docs" / "deploy"


def _read(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def test_the_image_has_every_package_and_the_lock() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wheel = project["tool"]["hatch"]["build"]["targets"]["wheel"]
    copied = set(re.findall(r"^COPY (?!--from)(.+) \S+$", (ROOT / "Dockerfile").read_text(), re.MULTILINE))
    files = {name for line in copied for name in line.split()}
    assert {*wheel["packages"], *wheel["force-include"], "requirements.txt", "pyproject.toml"} <= files
    assert [name for name in files if not (ROOT / name).exists()] == []


def test_compose_gives_the_bot_only_settings_that_there_are() -> None:
    services = _read(ROOT / "compose.yaml")["services"]
    known = (ROOT / "docs" / "operators.md").read_text(encoding="utf-8")
    assert [name for name in services["bot"]["environment"] if f"`{name}`" not in known] == []
    assert set(services) == {"bot", "database"}


def test_the_unit_starts_the_bot_and_gives_it_time_to_stop() -> None:
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment, method-assign]
    unit.read(DEPLOY / "goalkeeper.service")
    assert unit["Service"]["ExecStart"].endswith("goalkeeper run")
    assert int(unit["Service"]["TimeoutStopSec"]) > 10


def test_the_manifest_for_socket_mode_is_the_other_one_without_addresses() -> None:
    plain, socket_mode = _read(ROOT / "manifest.yml"), _read(DEPLOY / "manifest.socket-mode.yml")
    for command in plain["features"]["slash_commands"]:
        del command["url"]
    settings = plain["settings"]
    settings["socket_mode_enabled"] = True
    del settings["interactivity"]["request_url"], settings["event_subscriptions"]["request_url"]
    assert socket_mode == plain
