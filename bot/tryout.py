"""Trying the product: a sandbox Slack beside the bot, its sample team, and the clock on its page."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from socket import socket
from typing import Any

import yaml
from fastapi import FastAPI
from fastapi.responses import RedirectResponse
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot import postgres
from bot.clock import BusinessClock, ClockFixed
from bot.coming import coming
from bot.http.server import serving
from bot.settings import Settings
from bot.slack.people import Directory
from bot.ticker import Ticker
from domain import flow
from domain.db import Database, WorkspaceId
from domain.outbox import queries as outbox_queries
from domain.people import queries as people_queries
from domain.people import service as people
from domain.people.roster.rows import read as read_roster
from sandbox import Sandbox, SocketProtocol, sample_roster_csv, serve_alone
from sandbox import create_app as create_sandbox
from sandbox.clock import ClockReading, ClockRefused, NextDue
from sandbox.server import Protocol as SandboxProtocol

log = logging.getLogger(__name__)

__all__ = ["ClockOnThePage", "begin", "read_manifest", "sandboxed", "serve_alone", "serving_both"]

SAY_SECONDS = 8.0
"""Time for sending what came due when the clock was moved; a channel takes one message a second."""
COMING = 4
"""How many of the coming times the page names."""
_MANIFESTS = (Path(__file__).with_name("manifest.yml"), Path(__file__).parents[1] / "manifest.yml")
"""Where it lies once the package is installed, and in a checkout."""
_LOOKS = 320
_TRIES = 5


def read_manifest() -> dict[str, Any] | None:
    """Return the app's manifest, which the sandbox obeys; None when there is none."""
    for file in filter(Path.is_file, _MANIFESTS):
        manifest: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
        return manifest
    return None


@asynccontextmanager
async def sandboxed(
    settings: Settings, http: FastAPI, port: int, clock: "ClockOnThePage"
) -> AsyncIterator[Sandbox]:
    """Start a Slack of our own on the same port, with its page for the browser."""
    settings.goalkeeper_data_dir.mkdir(parents=True, exist_ok=True)
    here = f"http://127.0.0.1:{port}"
    sandbox = Sandbox(
        request_url=f"{here}/slack/events",
        base_url=f"{here}/sandbox",
        store=settings.goalkeeper_data_dir / "sandbox.json",
        clock=clock,
        manifest=read_manifest(),
    )
    http.mount("/sandbox", create_sandbox(sandbox))
    http.add_api_route("/", lambda: RedirectResponse("/sandbox/"), methods=["GET"], response_model=None)
    try:
        yield sandbox
    finally:
        await sandbox.close()


@asynccontextmanager
async def serving_both(http: FastAPI, listening: socket, sandbox: Sandbox) -> AsyncIterator[None]:
    """Serve the bot's routes and the sandbox, with what its faults need from the web server."""
    async with serving(http, listening, http=SandboxProtocol, ws=SocketProtocol):
        try:
            yield
        finally:
            sandbox.end_streams()


class ClockOnThePage:
    """The business clock for the sandbox's page; moving it runs the jobs that come due."""

    def __init__(self, clock: BusinessClock, database: Database, ticker: Ticker) -> None:
        self._clock = clock
        self._database = database
        self._ticker = ticker
        self.workspace_id: WorkspaceId | None = None

    async def read(self) -> ClockReading:
        """Return what the clock shows, and what is due next."""
        clocks = await self._clock.read()
        return ClockReading(clocks.business, clocks.real, clocks.moved, await self._coming())

    async def set(self, to: datetime) -> None:
        """Set the clock, and run the jobs that are due."""
        await self._moved(self._clock.set(to))

    async def advance(self, by: timedelta) -> None:
        """Move the clock forward or back, and run the jobs that are due."""
        await self._moved(self._clock.advance(by))

    async def real(self) -> None:
        """Go back to real time."""
        await self._moved(self._clock.real())

    async def _moved(self, move: Awaitable[None]) -> None:
        try:
            await move
        except ClockFixed as fixed:
            raise ClockRefused(str(fixed)) from fixed
        await self._ticker.tick()
        await self._all_said()

    async def _all_said(self) -> None:
        """Wait until everything due has been sent: messages are worded when they are sent."""
        for _ in range(_LOOKS):
            if self.workspace_id is None or not await self._is_saying(self.workspace_id):
                return
            await asyncio.sleep(SAY_SECONDS / _LOOKS)

    async def _is_saying(self, workspace_id: WorkspaceId) -> bool:
        async with self._database.workspace(workspace_id) as tx:
            return await outbox_queries.is_on_the_way(tx.session)

    async def _coming(self) -> tuple[NextDue, ...]:
        if self.workspace_id is None:
            return ()
        async with self._database.workspace(self.workspace_id) as tx:
            found = await coming(tx.session, tx.now, COMING)
        return tuple(NextDue(at, what) for at, what in found)


async def begin(
    sandbox: Sandbox,
    url: str,
    database: Database,
    workspace_id: WorkspaceId,
    directory: Directory,
    ticker: Ticker,
) -> None:
    """Set the sample team up, the first time and after each reset; its months open at once."""

    async def begin_anew() -> None:
        await _forget(url, workspace_id)
        async with database.everywhere() as tx:
            await people.enter_workspace(
                tx.session,
                sandbox.slack.workspace.team_id,
                sandbox.slack.workspace.team_name,
                sandbox.slack.workspace.bot_user_id,
            )
        await _take_in_sample(database, workspace_id, directory)
        await ticker.tick()

    sandbox.on_reset = begin_anew
    async with database.workspace(workspace_id) as tx:
        empty = not await people_queries.has_reps(tx.session)
    if empty:
        await _take_in_sample(database, workspace_id, directory)


# History is append-only; only with the sample workspace does its history go too.
_FORGET = """
DO $$
DECLARE
    guarded regclass[] := (
        SELECT coalesce(array_agg(DISTINCT tgrelid), '{{}}') FROM pg_trigger
        WHERE NOT tgisinternal AND tgtype & 32 > 0 -- on TRUNCATE
    );
    history regclass;
BEGIN
    FOREACH history IN ARRAY guarded LOOP
        EXECUTE 'ALTER TABLE ' || history || ' DISABLE TRIGGER USER';
    END LOOP;
    TRUNCATE workspaces RESTART IDENTITY CASCADE;
    FOREACH history IN ARRAY guarded LOOP
        EXECUTE 'ALTER TABLE ' || history || ' ENABLE TRIGGER USER';
    END LOOP;
END
$$;
ALTER TABLE workspaces ALTER COLUMN id RESTART WITH {id};
UPDATE business_clock SET clock_offset = interval '0';
"""


async def _forget(url: str, workspace_id: WorkspaceId) -> None:
    """Empty the sandbox's database, which holds only the sample workspace."""
    engine = postgres.create_owner_engine(url)
    try:
        for left in reversed(range(_TRIES)):
            # TRUNCATE locks every table, which deadlocks if the bot takes them in another order.
            try:
                return await _empty(engine, workspace_id)
            except OperationalError:
                if not left:
                    raise
    finally:
        await engine.dispose()


async def _empty(engine: AsyncEngine, workspace_id: WorkspaceId) -> None:
    async with engine.begin() as connection:
        others = text("SELECT count(*) FROM workspaces WHERE id <> :id")
        if (await connection.execute(others, {"id": workspace_id})).scalar_one():
            log.error("this database holds other workspaces too; it is not emptied")
        else:
            await connection.exec_driver_sql(_FORGET.format(id=int(workspace_id)))


async def _take_in_sample(database: Database, workspace_id: WorkspaceId, directory: Directory) -> None:
    """Import the sample workspace's people and teams as an admin would."""
    await directory.meet_everyone()
    rows, problems = read_roster(sample_roster_csv())
    async with database.workspace(workspace_id) as tx:
        await flow.import_roster(tx.session, tx.now, rows, problems=problems)
