"""`goalkeeper token`: making API tokens, which are shown once, listing and revoking them."""

import asyncio
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from bot.cli.console import Stopped, out
from bot.cli.database import check_current, chosen, opened, url_of, workspaces
from bot.settings import Settings
from domain.access import tokens
from domain.access.model import TokenId
from domain.access.rules import READING, Scope, read_expiry, read_name, read_scopes
from domain.access.tokens import NewToken, TokenRow
from domain.people import queries as people

token = typer.Typer(help="Tokens for the HTTP API: make them, list them, revoke them.", no_args_is_help=True)

Workspace = Annotated[str | None, typer.Option(help="Slack id or name, where there are several.")]


@token.command()
def create(
    name: Annotated[str, typer.Argument(help="What it is for, such as “CRM”.", show_default=False)],
    user: Annotated[
        str, typer.Option("--for", help="Whose rights it has: Slack id, email or name.", show_default=False)
    ],
    scopes: Annotated[
        str, typer.Option(help=f"Of {', '.join(Scope)}; several with commas, or “all”.")
    ] = ",".join(READING),
    expires: Annotated[
        str | None, typer.Option(help="When it ends, such as 90d or 2027-01-31; never unless given.")
    ] = None,
    workspace: Workspace = None,
) -> None:
    """Make a token and print it. It can't be shown again: only its hash is stored."""
    wanted = list(Scope) if scopes.strip() == "all" else scopes.split(",")
    made = asyncio.run(_created(_url(), name, user, wanted, expires, workspace))
    out.print(f"Token {made.id}. Copy it now, since it is not shown again:", soft_wrap=True)
    out.print(made.secret, soft_wrap=True, highlight=False)


@token.command("list")
def show(workspace: Workspace = None) -> None:
    """List all tokens with scopes, expiry and last use; never the tokens themselves."""
    found = asyncio.run(_listed(_url(), workspace))
    if not found:
        out.print("There are no tokens yet: `goalkeeper token create` makes one.")
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("id", "name", "ends in", "for", "scopes", "state", "expires", "last used"):
        table.add_column(column, overflow="fold")
    for each in found:
        table.add_row(*map(Text, _row(each)))
    out.print(table)


@token.command()
def revoke(
    token_id: Annotated[int, typer.Argument(metavar="ID", show_default=False)], workspace: Workspace = None
) -> None:
    """End a token at once."""
    asyncio.run(_revoked(_url(), TokenId(token_id), workspace))
    out.print(f"Token {token_id} is revoked.")


def _url() -> str:
    url = url_of(Settings.load())
    check_current(url)
    return url


async def _created(
    url: str,
    name: str,
    user: str,
    scopes: list[str] | list[Scope],
    expires: str | None,
    workspace: str | None,
) -> NewToken:
    home = chosen(await workspaces(url), workspace)
    async with opened(url) as database, database.workspace(home.id) as tx:
        found = await people.called(tx.session, user)
        if len(found) != 1:
            known = ", ".join(f"{each.name} ({each.slack_id})" for each in found) or "nobody"
            raise Stopped(f"{user} should be one person of {home}; it is {known}.")
        now = await tokens.real_now(tx.session)
        ends = None if expires is None else read_expiry(expires, now)
        return await tokens.make(tx.session, found[0], read_name(name), read_scopes(scopes), ends)


async def _listed(url: str, workspace: str | None) -> list[TokenRow]:
    home = chosen(await workspaces(url), workspace)
    async with opened(url) as database, database.workspace(home.id) as tx:
        return await tokens.listed(tx.session)


async def _revoked(url: str, token_id: TokenId, workspace: str | None) -> None:
    home = chosen(await workspaces(url), workspace)
    async with opened(url) as database, database.workspace(home.id) as tx:
        await tokens.revoke(tx.session, token_id)


def _row(each: TokenRow) -> tuple[str, ...]:
    expires = f"{each.expires_at:%Y-%m-%d %H:%M} UTC" if each.expires_at else "never"
    used = f"{each.last_used_at:%Y-%m-%d %H:%M} UTC" if each.last_used_at else "never"
    scopes = ", ".join(each.scopes)
    return (str(each.id), each.name, f"…{each.hint}", each.user_name, scopes, each.state, expires, used)
