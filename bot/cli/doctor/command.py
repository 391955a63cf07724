"""`goalkeeper doctor`: every check, in one table."""

import asyncio
import os
from collections.abc import AsyncIterator

import typer
from rich.table import Table
from rich.text import Text

from bot import postgres
from bot.cli.console import out
from bot.cli.database import url_of
from bot.cli.doctor import machine
from bot.cli.doctor.database import database, team_channels
from bot.cli.doctor.finding import Finding, Verdict, broken, fine
from bot.cli.doctor.slack import Account, connection_mode
from bot.logs import redact
from bot.settings import Settings, SettingsError

_STYLE = {
    Verdict.FINE: "green",
    Verdict.NOTE: "dim",
    Verdict.WARNING: "yellow",
    Verdict.BROKEN: "bold red",
}


def doctor() -> None:
    """Check the settings and every connection, and say how to fix problems; exit with 1 if any is fatal."""
    findings = asyncio.run(_all_findings())
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("", "", "what was found", "how to fix it"):
        table.add_column(column, overflow="fold")
    for finding in findings:
        style = _STYLE[finding.verdict]
        table.add_row(
            Text(finding.about),
            Text(finding.verdict, style=style),
            Text(redact(finding.state)),
            Text(redact(finding.mend)),
        )
    out.print(table)
    verdicts = [finding.verdict for finding in findings]
    if Verdict.BROKEN in verdicts:
        out.print("\nGoalkeeper can't work until this is fixed.", style="red")
        raise typer.Exit(1)
    warnings = verdicts.count(Verdict.WARNING)
    out.print(
        "\nGoalkeeper can work" + (f", with {warnings} warning{'s' * (warnings != 1)}." if warnings else ".")
    )


async def _all_findings() -> list[Finding]:
    findings = [machine.python(), *machine.misspelt(os.environ)]
    try:
        settings = Settings.load()
    except SettingsError as error:
        return [*findings, *(broken("Settings", problem, "Correct its value.") for problem in error.problems)]
    findings += [
        fine("Settings", "understood"),
        machine.data_dir(settings),
        machine.port(settings),
        connection_mode(settings),
    ]
    return findings + [finding async for finding in _outside(settings)]


async def _outside(settings: Settings) -> AsyncIterator[Finding]:
    """Check the database, Slack, and the teams' channels, which need both."""
    url = None
    try:
        # A check creates nothing: it doesn't start a database that isn't there yet.
        if settings.database_url or (settings.database_dir / "postgres").exists():
            url = await asyncio.to_thread(url_of, settings)
    except postgres.DatabaseUnfit as unfit:
        yield broken("Database", "not usable", str(unfit))
        return
    reached = True
    async for finding in database(settings, url):
        reached = reached and finding.verdict is not Verdict.BROKEN
        yield finding
    account = Account.of(settings)
    if account is None:
        return
    async for finding in account.findings():
        yield finding
    if account.team_id and url and reached:
        async for finding in account.channels(await team_channels(url, account.team_id)):
            yield finding
