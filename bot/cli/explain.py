"""`goalkeeper explain REP [MONTH]`: what became of each reminder of somebody's month."""

import asyncio
import re
from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from rich.table import Table

from bot.cli.console import Stopped, out
from bot.cli.database import check_current, opened, url_of, workspaces
from bot.settings import Settings
from domain.people import queries as people
from domain.periods import Period, local_month
from domain.reminders import queries
from domain.reminders.queries import Explained


def explain(
    rep: Annotated[str, typer.Argument(help="Slack id, email or name")],
    month: Annotated[str | None, typer.Argument(help="E.g. 2026-12; this month unless given")] = None,
) -> None:
    """Show for each reminder of a rep's month when it was sent, or why it was skipped."""
    if month is not None and not re.fullmatch(r"20\d\d-(0[1-9]|1[0-2])", month):
        raise Stopped(f"{month} isn't a month. Write it like 2026-12.")
    settings = Settings.load()
    url = url_of(settings)
    check_current(url)
    found = asyncio.run(_explained(url, rep, Period.parse(month) if month else None))
    if not found:
        raise Stopped(f"Nobody who carries goals is called {rep}, or no month of theirs is open.")
    for name, reminders in found:
        _show(name, reminders)


async def _explained(url: str, called: str, month: Period | None) -> list[tuple[str, list[Explained]]]:
    found = []
    async with opened(url) as database:
        for home in await workspaces(url):
            async with database.workspace(home.id) as tx:
                for person in await people.called(tx.session, called):
                    if person.rep is None:
                        continue
                    meant = month or local_month(tx.now, person.zone)
                    reminders = await queries.explain(tx.session, person.rep.id, meant)
                    if reminders:
                        found.append((f"{person.name} ({person.slack_id}) in {home}, {meant}", reminders))
    return found


def _show(name: str, reminders: list[Explained]) -> None:
    out.print(name, style="bold")
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("reminder", "due", "what became of it"):
        table.add_column(column, overflow="fold")
    for one in reminders:
        table.add_row(one.stage.value, _local(one.due_at, one.zone), _became(one))
    out.print(table)


def _became(one: Explained) -> str:
    if one.skip_reason is not None:
        return f"skipped: {one.skip_reason}"
    if one.sent_at is None:
        return "still to come"
    parts = [f"sent {_local(one.sent_at, one.zone)}"]
    if one.acknowledged_at is not None:
        parts.append(f"acknowledged {_local(one.acknowledged_at, one.zone)}")
    if one.snoozed_until is not None:
        parts.append(f"put off until {_local(one.snoozed_until, one.zone)}")
    return ", ".join(parts)


def _local(moment: datetime, zone: str) -> str:
    return f"{moment.astimezone(ZoneInfo(zone)):%a, %b %d, %H:%M} {zone}"
