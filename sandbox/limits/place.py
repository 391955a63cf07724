"""Where in a JSON document one is, and the problems found there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

Surface = Literal["message", "modal", "home"]


@dataclass(frozen=True)
class Place:
    """A position in a document; `problems` is shared by the whole document."""

    surface: Surface
    pointer: str = ""
    problems: list[str] = field(default_factory=list)

    def at(self, key: str | int) -> Place:
        """A member of what is here."""
        return Place(self.surface, f"{self.pointer}/{key}", self.problems)

    def complain(self, problem: str) -> None:
        """Notes a problem in the form in which Slack reports it."""
        self.problems.append(f"[ERROR] {problem} [json-pointer:{self.pointer}]")


Check = Callable[[Any, Place], None]
"""Looks at a value and complains at its place."""
