"""Mutants of Python: made by cosmic-ray, with one operator of our own for what it lacks, dropped calls."""

import difflib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import cosmic_ray.plugins
from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.ast.ast_query import ASTQuery
from cosmic_ray.mutating import mutate_code
from cosmic_ray.operators.operator import Operator
from parso.python.tree import Keyword
from parso.tree import search_ancestor

from tests.mutation.trees import ROOT

TARGETS = ("domain/outbox", "bot/courier", "domain/reminders", "domain/goals")
"""The folders whose code is mutated."""
_SWAPS = {
    "ReplaceComparisonOperator": "Eq_NotEq NotEq_Eq Is_IsNot IsNot_Is"
    " Lt_LtE Lt_Gt LtE_Lt LtE_GtE Gt_GtE Gt_Lt GtE_Gt GtE_LtE",
    # Not the bitwise ones: here they stand in annotations, and between sets and sentences.
    "ReplaceBinaryOperator": "Add_Sub Sub_Add Mul_Div Mul_Add Div_Mul FloorDiv_Mul FloorDiv_Add Mod_Mul",
    "ReplaceUnaryOperator": "USub_UAdd Delete_USub Delete_Not",
}
_OPERATORS = (
    *(f"{kind}_{swap}" for kind, swaps in _SWAPS.items() for swap in swaps.split()),
    "AddNot",
    "ReplaceTrueWithFalse",
    "ReplaceFalseWithTrue",
    "ReplaceAndWithOr",
    "ReplaceOrWithAnd",
    "ReplaceBreakWithContinue",
    "ReplaceContinueWithBreak",
    "ExceptionReplacer",
    "NumberReplacer",
    "ZeroIterationForLoop",
)
"""Cosmic-ray's, but for those that only break the import (RemoveDecorator) and far-fetched swaps."""


class DropCall(Operator):  # type: ignore[misc]
    """An operator that replaces a statement that is only a call, awaited or not, by `pass`."""

    def mutation_positions(self, node: Any) -> Iterator[tuple[Any, Any]]:
        """Yield where the call stands."""
        if node.type == "atom_expr" and node.parent.type == "simple_stmt":
            yield node.start_pos, node.end_pos

    def mutate(self, node: Any, index: int) -> Any:
        """Return what stands there instead."""
        return Keyword("pass", node.start_pos, node.get_first_leaf().prefix)

    @classmethod
    def examples(cls) -> tuple[()]:
        """Return none: they are for cosmic-ray's own tests."""
        return ()


@dataclass(frozen=True)
class PythonMutant:
    """One change of one place."""

    path: str
    function: str
    operator: str
    first: int
    last: int
    text: str
    """The whole module as changed."""
    was: str
    """The changed lines as they are, without indentation."""
    becomes: str
    repeated: int
    """How many mutants of the same words stand before it in the function."""

    @property
    def place(self) -> str:
        """Where it is."""
        return f"{self.path} {self.function}".strip()

    @property
    def name(self) -> str:
        """What tells it from the others, and stays the same when lines move."""
        place = f"{self.place} ({self.repeated + 1})" if self.repeated else self.place
        return f"{place}: {self.was} → {self.becomes}"


@cache
def operators() -> dict[str, Operator]:
    """Return the operators by name."""
    core = {name: cosmic_ray.plugins.get_operator(f"core/{name}")() for name in _OPERATORS}
    return {**core, "DropCall": DropCall()}


def python_mutants(targets: tuple[str, ...] = TARGETS) -> Iterator[PythonMutant]:
    """Yield all mutants of the modules in these folders (or of these modules)."""
    for target in targets:
        for path in sorted((ROOT / target).rglob("*.py")) or [ROOT / target]:
            yield from _of_module(path)


def _of_module(path: Path) -> Iterator[PythonMutant]:
    source = path.read_text(encoding="utf-8")
    nodes = list(ast_nodes(get_ast(source)))
    repeated = Counter[tuple[str, str, str]]()
    for name, operator in operators().items():
        places = ((node, *place) for node in nodes for place in operator.mutation_positions(node))
        for occurrence, (node, start, end) in enumerate(places):
            if _declares(node) or not _compiles(text := mutate_code(source, operator, occurrence)):
                continue
            words = ASTQuery(node).get_definition_name() or "", *_changed_lines(source, text)
            yield PythonMutant(
                str(path.relative_to(ROOT)),
                words[0],
                name,
                start[0],
                end[0],
                text,
                *words[1:],
                repeated[words],
            )
            repeated[words] += 1


def _declares(node: Any) -> bool:
    """Return True for what the type checker finds: what decorators forbid, and the `*` of signatures."""
    bare = node.type == "operator" and node.parent.type in ("parameters", "param")
    return bool(bare or node.type == "decorator" or search_ancestor(node, "decorator"))


def _compiles(text: str) -> bool:
    """Return False for the `*` and `**` of signatures, which cosmic-ray takes for products and powers."""
    try:
        compile(text, "mutant", "exec")
    except SyntaxError:
        return False
    return True


def _changed_lines(source: str, text: str) -> tuple[str, str]:
    """Return the lines before and after, in one line each."""
    changes = list(difflib.unified_diff(source.splitlines(), text.splitlines(), n=0))[2:]
    was, becomes = (
        " ".join(" ".join(line[1:] for line in changes if line.startswith(mark)).split()) for mark in "-+"
    )
    return was, becomes
