"""`goalkeeper import roster`: people, teams and default goals from a CSV file, all of it or nothing."""

import asyncio
from pathlib import Path
from typing import Annotated

import aiohttp
import typer
from slack_sdk.errors import SlackApiError

from bot.cli.console import Stopped, out
from bot.cli.database import check_current, chosen, opened, url_of, workspaces
from bot.cli.problems import show_problems
from bot.cli.slack import client_of, look_up
from bot.settings import Settings
from bot.slack.errors import slack_error
from domain import flow
from domain.csv_files import Problem
from domain.people.roster.plan import ChangeKind, Plan, RosterChange
from domain.people.roster.rows import Row, read
from domain.people.roster.service import plan_roster, unknown
from domain.people.roster.table import BadRoster

_PATIENCE = "60s"
"""Time for one statement about thousands of people, or for another import to end."""


def roster(
    file: Annotated[
        Path,
        typer.Argument(metavar="FILE.csv", exists=True, dir_okay=False, readable=True, show_default=False),
    ],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would change; write nothing.")] = False,
    workspace: Annotated[str | None, typer.Option(help="Slack id or name, where there are several.")] = None,
) -> None:
    """Add and change people, teams and their default goals.

    Columns: slack_id or email, name, team, manager, channel, title, monthly_signup_goal, yearly_signup_goal,
    time_zone, role. Empty cells change nothing.
    """
    try:
        reading = read(file.read_bytes())
        settings = Settings.load()
        url = url_of(settings)
        check_current(url)
        plan = asyncio.run(_taken_in(settings, url, *reading, workspace=workspace, dry_run=dry_run))
    except BadRoster as bad:
        show_problems(bad.problems)
        raise typer.Exit(1) from None
    _show(plan, dry_run=dry_run)


async def _taken_in(
    settings: Settings,
    url: str,
    rows: list[Row],
    problems: list[Problem],
    *,
    workspace: str | None,
    dry_run: bool,
) -> Plan:
    client = client_of(settings)
    known = await workspaces(url)
    try:
        if client and workspace is None:
            workspace = str((await client.auth_test())["team_id"])
        home = chosen(known, workspace)
        async with opened(url) as database:
            found = None
            if client:
                async with database.workspace(home.id) as asking:
                    strangers = await unknown(asking.session, rows)
                found = await look_up(client, home.slack_team_id, strangers)
            async with database.workspace(home.id, patience=_PATIENCE) as taking:
                step = plan_roster if dry_run else flow.import_roster
                return await step(taking.session, taking.now, rows, found, problems)
    except (aiohttp.ClientError, TimeoutError) as error:
        raise Stopped(f"Slack cannot be reached ({type(error).__name__}). Try `goalkeeper doctor`.") from None
    except SlackApiError as error:
        raise Stopped(f"Slack refused: {slack_error(error)}. `goalkeeper doctor` says more.") from None


def _show(plan: Plan, *, dry_run: bool) -> None:
    for heading, changes in (("Teams", plan.teams), ("People", plan.people)):
        if any(change.kind is not ChangeKind.UNCHANGED for change in changes):
            out.print(heading, style="bold")
        for change in changes:
            if change.kind is not ChangeKind.UNCHANGED:
                out.print("  " + _line(change), soft_wrap=True)
    people, teams = _count(plan.people, "person", "people"), _count(plan.teams, "team", "teams")
    out.print(f"{people}. {teams}. Put into a team: {len(plan.moves)}.", soft_wrap=True)
    if dry_run:
        out.print("This was a dry run: nothing was written.")


def _line(change: RosterChange) -> str:
    sign = "+" if change.kind is ChangeKind.ADDED else "~"
    fields = [
        f"{each.field} {each.after or 'nothing'}"
        if each.before is None
        else f"{each.field} {each.before} → {each.after or 'nothing'}"
        for each in change.fields
        if each.field != "name" or each.before is not None
        if each.before is not None or each.after is not None
    ]
    return f"{sign} {change.name}" + (f": {', '.join(fields)}" if fields else "")


def _count(changes: tuple[RosterChange, ...], one: str, many: str) -> str:
    kinds = [change.kind for change in changes]
    parts = ", ".join(f"{kinds.count(kind)} {kind}" for kind in ChangeKind)
    return f"{len(kinds)} {one if len(kinds) == 1 else many}: {parts}"
