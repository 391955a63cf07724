"""`goalkeeper migrate`: migrate the database to the newest revision, or to a given one."""

import sys
from typing import Annotated

import typer

from bot import postgres
from bot.cli.console import out
from bot.cli.database import url_of
from bot.settings import Settings


def migrate(
    to: Annotated[
        str, typer.Option(help="The revision to migrate to; `base` drops all of Goalkeeper's tables.")
    ] = "head",
    yes: Annotated[bool, typer.Option("--yes", help="Downgrade without asking first.")] = False,
) -> None:
    """Migrate the database to the newest revision, or to the one given by `--to`."""
    url = url_of(Settings.load())
    before = postgres.current_revision(url)
    if not yes and sys.stdin.isatty() and postgres.goes_down(url, to):
        typer.confirm("Downgrading drops tables and the data in them. Continue?", abort=True)
    after = postgres.migrate(url, to)
    if before == after:
        out.print(f"The database is at {after or 'base'} already.")
    else:
        out.print(f"The database is at {after or 'base'} now (it was at {before or 'base'}).")
