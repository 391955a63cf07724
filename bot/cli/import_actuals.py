"""`goalkeeper import actuals`: numbers from a CRM's or a spreadsheet's file, all of them or nothing."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, BinaryIO

import typer
from rich.progress import BarColumn, DownloadColumn, Progress, TaskProgressColumn, TextColumn

from bot.cli.console import Stopped, err, out
from bot.cli.database import check_current, chosen, opened, url_of, workspaces
from bot.cli.problems import show_problems
from bot.settings import Settings
from domain import flow
from domain.csv_files import BadFile
from domain.imports import service
from domain.imports.service import Imported, ImportOptions

_PATIENCE = "3600s"
"""Time for one statement about a million rows."""


def actuals(
    file: Annotated[
        Path,
        typer.Argument(metavar="FILE.csv", exists=True, dir_okay=False, readable=True, show_default=False),
    ],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would change; write nothing.")] = False,
    source: Annotated[
        str | None,
        typer.Option(help="Where the numbers come from, like hubspot. It keeps its --map for the next file."),
    ] = None,
    mapped: Annotated[
        list[str] | None,
        typer.Option("--map", metavar="COLUMN=FIELD", help="What a column is: a field, a metric or ignore."),
    ] = None,
    update: Annotated[
        bool, typer.Option("--update", help="Amend rows that were imported with another amount or day.")
    ] = False,
    backfill: Annotated[
        bool, typer.Option("--backfill", help="Fill past months that Goalkeeper doesn't have, from 2024 on.")
    ] = False,
    workspace: Annotated[str | None, typer.Option(help="Slack id or name, where there are several.")] = None,
) -> None:
    """Import what reps did from a CSV file, all of it or nothing.

    Columns: rep (email or Slack id), metric, amount, day or period (then the amount is the period's total),
    external_id, share, note, currency; or a column for each metric. A known external_id counts once.
    """
    wanted = ImportOptions(source, dict(map(_pair, mapped or ())), update, backfill)
    url = url_of(Settings.load())
    check_current(url)
    try:
        with file.open("rb") as content, _progress(content, file.stat().st_size) as bar:
            imported = asyncio.run(_imported(url, content, wanted, bar, workspace=workspace, dry_run=dry_run))
    except BadFile as bad:
        show_problems(bad.problems)
        raise typer.Exit(1) from None
    _show(imported, dry_run=dry_run)


def _pair(typed: str) -> tuple[str, str]:
    column, equals, field = typed.rpartition("=")
    if not equals or not column.strip() or not field.strip():
        raise Stopped(f'“{typed}” isn\'t a mapping. Write --map "Close Date=day".')
    return column, field


async def _imported(
    url: str, file: BinaryIO, wanted: ImportOptions, bar: "_Bar", *, workspace: str | None, dry_run: bool
) -> Imported:
    home = chosen(await workspaces(url), workspace)
    step = service.preview if dry_run else flow.import_activity
    async with opened(url) as database, database.workspace(home.id, patience=_PATIENCE) as tx:
        return await step(tx.session, tx.now, None, file, wanted, bar)


class _Bar:
    """The progress of reading a file; called after each piece."""

    def __init__(self, bar: Progress, file: BinaryIO, size: int) -> None:
        self._bar, self._file, self._size = bar, file, size
        self._task = bar.add_task("Reading", total=size)

    def __call__(self) -> None:
        at = self._file.tell()
        self._bar.update(self._task, completed=at, description="Checking" if at >= self._size else "Reading")


@contextmanager
def _progress(file: BinaryIO, size: int) -> Iterator[_Bar]:
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), DownloadColumn())
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as bar:
        yield _Bar(bar, file, size)


def _show(imported: Imported, *, dry_run: bool) -> None:
    rows = "1 row" if imported.rows == 1 else f"{imported.rows:,} rows"
    counts = f"{imported.new:,} new, {imported.changed:,} changed, {imported.unchanged:,} unchanged"
    out.print(f"{rows} from {imported.source}: {counts}.", soft_wrap=True)
    if imported.ignored:
        out.print(f"Columns that weren't read: {', '.join(imported.ignored)}.", soft_wrap=True)
    if dry_run:
        out.print("This was a dry run: nothing was written.")
