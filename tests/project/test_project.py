"""What is cheap to keep true about the project itself."""

import ast
import re
import sys
import tomllib
from collections import Counter
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from bot.settings import Settings

ROOT = Path(__file__).parents[2]


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def test_the_lock_names_hashes_and_no_place() -> None:
    lock = read("requirements.txt")
    assert not re.search(r"https?://|file:|--(extra-)?index|--find-links|^#", lock, re.MULTILINE)
    requirements = re.findall(r"^[a-z0-9].*?(?=^[a-z0-9]|\Z)", lock, re.MULTILINE | re.DOTALL)
    assert [each.split()[0] for each in requirements if "--hash=sha256:" not in each] == []


def test_everything_the_project_needs_is_locked() -> None:
    project = tomllib.loads(read("pyproject.toml"))["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    names = {re.split(r"[\[<>=; ]", each)[0].lower() for each in wanted}
    locked = set(re.findall(r"^([a-z0-9._-]+)==", read("requirements.txt"), re.MULTILINE))
    assert names - locked == set()


@pytest.mark.parametrize("target", ["run", "test", "test-sandbox", "prove", "check", "format", "lock"])
def test_make_knows_what_there_is_to_do(target: str) -> None:
    assert re.search(rf"^{target}: \$\(READY\) ## ", read("Makefile"), re.MULTILINE)


def test_ci_is_check_test_and_prove() -> None:
    script = read(".ci/run")
    assert script.startswith("#!/usr/bin/env bash\n")
    assert "set -euo pipefail" in script
    assert re.findall(r"^make .*$", script, re.MULTILINE) == ["make check", "make test", "make prove"]
    assert (ROOT / ".ci" / "run").stat().st_mode & 0o100


@pytest.mark.parametrize(
    "feature", sorted((ROOT / "bot").glob("*/listeners.py")), ids=lambda path: path.parent.name
)
def test_every_feature_of_the_bot_is_in_the_import_contract(feature: Path) -> None:
    contracts = tomllib.loads(read("pyproject.toml"))["tool"]["importlinter"]["contracts"]
    [features] = [each["modules"] for each in contracts if each["type"] == "independence"]
    assert f"bot.{feature.parent.name}" in features


def test_the_docs_tell_every_setting() -> None:
    docs = read("docs/operators.md")
    assert [name.upper() for name in Settings.model_fields if name.upper() not in docs] == []


PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_every_link_of_the_docs_leads_somewhere(page: Path) -> None:
    links = re.findall(r'(?:\]\(|src=")(?!https?:)([^)"]+)', page.read_text(encoding="utf-8"))
    assert [link for link in links if not leads_somewhere(page, link)] == []


def leads_somewhere(page: Path, link: str) -> bool:
    path, _, anchor = link.partition("#")
    target = (page.parent / path).resolve() if path else page
    if not anchor:
        return target.exists()
    headings = re.findall(r"^#+ (.+)$", target.read_text(encoding="utf-8"), re.MULTILINE)
    return anchor in {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings}


def test_the_readme_is_read_in_a_minute_and_says_how_to_run_and_test() -> None:
    readme = read("README.md")
    assert len(readme.splitlines()) <= 100
    assert "\nmake run\n" in readme
    assert "\nmake test\n" in readme


def test_no_two_classes_of_bot_and_domain_share_a_name() -> None:
    names = Counter(
        node.name
        for room in ("bot", "domain")
        for path in (ROOT / room).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    )
    assert [name for name, count in names.items() if count > 1] == []


def imported(*rooms: str) -> set[str]:
    """The distributions of every package that these rooms import, ours and Python's own left out."""
    ours = {"bench", "bot", "docs", "domain", "migrations", "sandbox", "tests"}
    known = packages_distributions()
    names = set()
    for path in (path for room in rooms for path in (ROOT / room).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                names.add(node.module.partition(".")[0])
    foreign = names - ours - set(sys.stdlib_module_names)
    return {distribution.lower().replace("_", "-") for name in foreign for distribution in known[name]}


def declared() -> tuple[set[str], set[str]]:
    project = tomllib.loads(read("pyproject.toml"))["project"]
    lists = project["dependencies"], project["optional-dependencies"]["dev"]
    product, dev = ({re.split(r"[\[<>=; ]", each)[0].lower() for each in wanted} for wanted in lists)
    return product, dev


def test_every_package_that_is_imported_is_declared() -> None:
    product, dev = declared()
    assert imported("bot", "domain", "migrations", "sandbox") - product == set()
    assert imported("tests", "docs", "bench") - product - dev == set()


def test_no_package_is_declared_for_nothing() -> None:
    product, _ = declared()
    plugged_in = {"httptools", "python-multipart", "tzdata", "websockets"}  # other packages import these
    assert product - imported("bot", "domain", "migrations", "sandbox") == plugged_in
