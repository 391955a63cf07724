"""The mistakes of a file that wasn't taken in, as a table."""

from collections.abc import Sequence

from rich.table import Table
from rich.text import Text

from bot.cli.console import err
from domain.csv_files import Problem

SHOWN_MAX = 100
"""Mistakes that a terminal shows."""


def show_problems(problems: Sequence[Problem]) -> None:
    """Print the mistakes by line and column, the first hundred of them."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("line", justify="right")
    table.add_column("column")
    table.add_column("what is the matter", overflow="fold")
    for problem in problems[:SHOWN_MAX]:
        table.add_row(str(problem.line), Text(problem.column), Text(problem.message))
    err.print(table)
    if len(problems) > SHOWN_MAX:
        err.print(f"These are the first {SHOWN_MAX}.")
    count = "1 mistake" if len(problems) == 1 else f"{len(problems):,} mistakes"
    err.print(f"\n{count}: nothing was taken in.", style="red")
