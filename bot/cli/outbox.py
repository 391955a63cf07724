"""`goalkeeper outbox`: messages that don't get to Slack, why, and trying them again or dropping them."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Annotated, TypeVar

import typer
from rich.table import Table
from rich.text import Text
from sqlalchemy.ext.asyncio import AsyncSession

from bot.cli.console import Stopped, out
from bot.cli.database import check_current, opened, url_of, workspaces
from bot.settings import Settings
from domain.outbox import lanes, queries, releasing
from domain.outbox.model import IntentId
from domain.people import queries as people
from domain.people.model import UserId

outbox = typer.Typer(help="What does not get to Slack: see it, try it again, drop it.", no_args_is_help=True)

T = TypeVar("T")
Ids = Annotated[list[int], typer.Argument(metavar="ID…", show_default=False)]
Row = tuple[str, ...]


@outbox.command()
def show() -> None:
    """List destinations that messages don't reach, and messages that were set aside or have failed."""
    found = _everywhere(_looked_at)
    places: list[Row] = [row for of_one, _ in found.values() for row in of_one]
    messages = [row for _, of_one in found.values() for row in of_one]
    if places:
        _print("Nothing gets to these; each is tried again every quarter of an hour:")
        _table(("to", "since", "why", "waiting"), places)
    if messages:
        _print("These are not tried again by themselves (`goalkeeper outbox release ID`, or `drop ID`):")
        _table(("id", "to", "what", "", "since", "why"), messages)
    if not places and not messages:
        out.print("Nothing is stuck.")


@outbox.command()
def release(
    ids: Annotated[list[int] | None, typer.Argument(metavar="ID…", show_default=False)] = None,
    anew: Annotated[
        bool, typer.Option("--anew", help="Post what Slack may have already: somebody has looked.")
    ] = False,
) -> None:
    """Try these messages again or, without an ID, every destination that messages don't reach."""
    if not ids:
        _everywhere(lanes.try_parked)
        out.print("Every destination that messages don't reach is tried again now.")
        return
    wanted = [IntentId(each) for each in ids]
    _account(ids, _everywhere(lambda session: releasing.release(session, wanted, anew=anew)), "on the way")


@outbox.command()
def drop(ids: Ids) -> None:
    """End these messages: they are never sent."""
    wanted = [IntentId(each) for each in ids]
    _account(ids, _everywhere(lambda session: releasing.drop(session, wanted)), "dropped")


def _account(ids: list[int], done: dict[str, list[IntentId]], what: str) -> None:
    found = {each for of_one in done.values() for each in of_one}
    for each in ids:
        out.print(f"{each}: {what if each in found else 'neither set aside nor failed; left alone'}")
    if not found:
        raise Stopped("`goalkeeper outbox show` lists those that are.")


def _everywhere(step: Callable[[AsyncSession], Awaitable[T]]) -> dict[str, T]:
    """Return the step's result for each workspace, by the workspace's name."""
    url = url_of(Settings.load())
    check_current(url)
    return asyncio.run(_each(url, step))


async def _each(url: str, step: Callable[[AsyncSession], Awaitable[T]]) -> dict[str, T]:
    done = {}
    async with opened(url) as database:
        for home in await workspaces(url):
            async with database.workspace(home.id) as tx:
                done[f"{home.name} ({home.slack_team_id})"] = await step(tx.session)
    return done


async def _looked_at(session: AsyncSession) -> tuple[list[Row], list[Row]]:
    places: list[Row] = [
        (await _whom(session, one.lane), _when(one.since), one.reason, str(one.waiting))
        for one in await lanes.parked(session)
    ]
    messages: list[Row] = [
        (str(one.id), await _whom(session, one.audience), one.kind, one.status, _when(one.since), one.reason)
        for one in await queries.stuck(session)
    ]
    return places, messages


async def _whom(session: AsyncSession, audience: str) -> str:
    kind, _, address = audience.partition(":")
    if kind == "user":
        return await people.name(session, UserId(int(address))) or audience
    return "the whole workspace" if audience == lanes.WHOLE_WORKSPACE else audience


def _when(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"


def _print(heading: str) -> None:
    out.print(heading, style="bold", soft_wrap=True)


def _table(columns: tuple[str, ...], rows: list[Row]) -> None:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*map(Text, row))
    out.print(table)
