"""`goalkeeper tick --at TIME`: the messages of that time, their recipients and reasons. It never sends."""

import asyncio
import json
from contextlib import suppress
from dataclasses import asdict
from datetime import datetime
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from bot.cli.clock import moment_of
from bot.cli.console import out
from bot.cli.database import KnownWorkspace, check_current, opened, url_of, workspaces
from bot.settings import Settings
from domain import flow
from domain.jobs import Planned


class _RolledBack(Exception):
    """Ends a transaction that is to be rolled back."""


def tick(
    at: Annotated[str, typer.Option(help="With its offset, e.g. 2026-12-03T12:00:00-05:00")],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON array, for machines.")] = False,
) -> None:
    """Say what Goalkeeper would do at a time, as things stand now; nothing is sent or changed."""
    to = moment_of(at)
    settings = Settings.load()
    url = url_of(settings)
    check_current(url)
    planned = asyncio.run(_planned(url, to))
    if as_json:
        rows = [
            {"workspace": home.name, "slack_team_id": home.slack_team_id, **asdict(each)}
            for home, of_one in planned
            for each in of_one
        ]
        out.print(json.dumps(rows, ensure_ascii=False, indent=2), soft_wrap=True)
    else:
        _show(planned)


async def _planned(url: str, at: datetime) -> list[tuple[KnownWorkspace, list[Planned]]]:
    planned = []
    async with opened(url) as database:
        for home in await workspaces(url):
            with suppress(_RolledBack):
                async with database.workspace(home.id, at=at, patience="60s") as tx:
                    planned.append((home, await flow.rehearse(tx.session, tx.now)))
                    raise _RolledBack
    return planned


def _show(planned: list[tuple[KnownWorkspace, list[Planned]]]) -> None:
    for home, of_one in planned:
        out.print(str(home), style="bold")
        table = Table(box=None, pad_edge=False, header_style="bold")
        for column in ("to", "what", "why"):
            table.add_column(column, overflow="fold")
        for each in of_one:
            why = f"skipped: {each.why}" if each.skipped else each.why
            table.add_row(Text(each.to), Text(each.what), Text(why))
        out.print(table if of_one else "nothing is due then")
    out.print("Nothing was sent.")
