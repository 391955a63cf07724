"""The database that commands work on, and the workspace they are about."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from sqlalchemy import text

from bot import postgres
from bot.cli.console import Stopped, err
from bot.settings import Settings
from domain import flow
from domain.db import Database, WorkspaceId


def url_of(settings: Settings) -> str:
    """Return the database's address; start or join the embedded server if none is configured. Blocks."""
    if settings.database_url:
        return postgres.normalise_url(settings.database_url.get_secret_value())
    if settings.sandboxed:
        # Otherwise, people who forget the variables in a second terminal wonder where their workspace is.
        err.print("SLACK_BOT_TOKEN is not set, so this is about the sandbox.")
    return postgres.start_embedded(settings.database_dir)


def check_current(url: str) -> None:
    """Raise `Stopped` unless the database is migrated. Blocks."""
    current, head = postgres.current_revision(url), postgres.head_revision()
    if current != head:
        raise Stopped(
            f"The database is at {current or 'nothing yet'}, not at {head}. Run `goalkeeper migrate` first."
        )


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Database]:
    """Yield the database with the bot's rights."""
    engine = postgres.create_engine(url, application_name="goalkeeper command")
    try:
        yield Database(engine, settle=flow.settle)
    finally:
        await engine.dispose()


@dataclass(frozen=True, slots=True)
class KnownWorkspace:
    """A workspace that Goalkeeper has met."""

    id: WorkspaceId
    slack_team_id: str
    name: str

    def __str__(self) -> str:
        """Return `Acme (T0001)`: the Slack id tells workspaces with the same name apart."""
        return f"{self.name} ({self.slack_team_id})"


async def workspaces(url: str) -> list[KnownWorkspace]:
    """Return all workspaces, which only the owner can see."""
    engine = postgres.create_owner_engine(url)
    try:
        async with engine.connect() as connection:
            found = await connection.execute(
                text("SELECT id, slack_team_id, name FROM workspaces ORDER BY id")
            )
            return [KnownWorkspace(WorkspaceId(row.id), row.slack_team_id, row.name) for row in found]
    finally:
        await engine.dispose()


def chosen(known: list[KnownWorkspace], wanted: str | None) -> KnownWorkspace:
    """Return the workspace `wanted` (Slack id or name), or the only one.

    Raises:
        Stopped: there is none, or it is not clear which.
    """
    if not known:
        raise Stopped("Goalkeeper does not know any workspace yet: start it once with `goalkeeper run`.")
    names = ", ".join(map(str, known))
    if wanted is None:
        if len(known) > 1:
            raise Stopped(f"Which workspace? Say --workspace and one of: {names}.")
        return known[0]
    found = [
        each for each in known if wanted.casefold() in (each.slack_team_id.casefold(), each.name.casefold())
    ]
    if len(found) != 1:
        raise Stopped(f"There is no one workspace {wanted}; there are: {names}.")
    return found[0]
