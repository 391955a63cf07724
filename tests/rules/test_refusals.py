"""Refusals: a stable code for programs, a sentence for people, and nothing that belongs to one channel."""

import re
from collections import Counter
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from domain.errors import GoalLocked, Refusal

ROOT = Path(__file__).parents[2]


def kinds(of: type[Refusal] = Refusal) -> Iterator[type[Refusal]]:
    for kind in of.__subclasses__():
        yield kind
        yield from kinds(kind)


def refused_anywhere() -> list[type[Refusal]]:
    """Every kind of refusal, in whatever module it stands."""
    for room in ("bot", "domain"):
        for path in sorted((ROOT / room).rglob("*.py")):
            if "Refusal" in path.read_text(encoding="utf-8"):
                import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
    return [Refusal, *dict.fromkeys(kinds())]


def test_each_kind_of_refusal_has_a_code_of_its_own() -> None:
    codes = Counter(kind.code for kind in refused_anywhere())
    assert [code for code, count in codes.items() if count > 1] == []
    assert [code for code in codes if not re.fullmatch(r"[a-z]+(_[a-z]+)*", code)] == []


def test_a_refusal_carries_code_sentence_field_and_facts() -> None:
    refusal = GoalLocked("Locked.", field="signup_goal", year=2026, next_month=None)
    assert (refusal.code, str(refusal), refusal.field) == ("goal_locked", "Locked.", "signup_goal")
    assert refusal.facts == {"year": 2026, "next_month": None}


def test_whatever_is_refused_is_of_some_kind() -> None:
    sources = [*(ROOT / "bot").rglob("*.py"), *(ROOT / "domain").rglob("*.py")]
    assert [path for path in sources if "raise Refusal(" in path.read_text(encoding="utf-8")] == []


def test_the_domain_names_no_slash_command() -> None:
    sources = (ROOT / "domain").rglob("*.py")
    assert [path for path in sources if "/goals" in path.read_text(encoding="utf-8")] == []
