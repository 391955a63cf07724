"""`goalkeeper migrate`: the database to its newest revision, or another."""

import sys
from typing import Annotated

import typer

from bot import postgres
from bot.cli.console import out
from bot.cli.database import url_of
from bot.settings import Settings


def migrate(
    to: Annotated[
        str, typer.Option(help="A revision; `base` is before the first, and empties the database.")
    ] = "head",
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before going down.")] = False,
) -> None:
    """Bring the database up to date, or to a revision."""
    url = url_of(Settings.load())
    before = postgres.current_revision(url)
    if not yes and sys.stdin.isatty() and postgres.goes_down(url, to):
        typer.confirm("Going down drops tables with what is in them. Go on?", abort=True)
    after = postgres.migrate(url, to)
    if before == after:
        out.print(f"The database is at {after or 'base'} already.")
    else:
        out.print(f"The database is at {after or 'base'} now (it was at {before or 'base'}).")
