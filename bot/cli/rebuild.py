"""`goalkeeper rebuild`: recompute every total and actual from the ledger, and report differences."""

import asyncio
import json
from dataclasses import asdict
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from bot.cli.console import out
from bot.cli.database import check_current, chosen, opened, url_of, workspaces
from bot.settings import Settings
from domain.activity.rebuilding import Difference
from domain.activity.rebuilding import rebuild as rebuilt

_PATIENCE = "600s"
"""Timeout of a statement over the whole ledger of a workspace."""


def rebuild(
    workspace: Annotated[str | None, typer.Option(help="Slack id or name, where there are several.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON array, for machines.")] = False,
) -> None:
    """Compute all totals and actuals from the ledger again, and say which of them differed.

    Entries wait while this runs. Closed months keep what they say.
    """
    settings = Settings.load()
    url = url_of(settings)
    check_current(url)
    found = asyncio.run(_rebuilt(url, workspace))
    if as_json:
        out.print(json.dumps([asdict(each) for each in found], default=str, indent=2), soft_wrap=True)
    else:
        _show(found)


async def _rebuilt(url: str, workspace: str | None) -> list[Difference]:
    home = chosen(await workspaces(url), workspace)
    async with opened(url) as database, database.workspace(home.id, patience=_PATIENCE) as tx:
        return await rebuilt(tx.session)


def _show(found: list[Difference]) -> None:
    if not found:
        out.print("Every figure is what the ledger says.")
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("figure", "rep", "metric", "day or month", "was", "is now"):
        table.add_column(column, overflow="fold")
    for each in found:
        figures = (f"{each.was:,}", f"{each.now:,}")
        table.add_row(each.what, Text(each.rep_name), each.metric, str(each.starts_on), *figures)
    out.print(table)
