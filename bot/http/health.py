"""Health checks: whether the process lives (`/healthz`), and whether it can do its work (`/readyz`)."""

import asyncio
from collections.abc import Callable

import sqlalchemy.exc
from fastapi import FastAPI, Response
from fastapi.responses import JSONResponse, PlainTextResponse
from sqlalchemy import text

from domain.db import Database

_STUCK = 10.0
"""Seconds without a look at the outbox after which the courier counts as stuck."""
_PATIENCE = 3.0
"""Seconds for the database's answer: a health check doesn't wait for long either."""
_REVISION = text("SELECT version_num FROM alembic_version")


class Readiness:
    """Checks every part that a working bot needs; each answer is `ok` or says what is wrong."""

    def __init__(self, database: Database, head: str) -> None:
        self._database = database
        self._head = head
        self.courier_silent_for: Callable[[], float] | None = None
        """Seconds; None while the bot is not connected to Slack yet."""
        self.socket: Callable[[], str] | None = None
        """The state of Socket Mode; None without it."""

    async def report(self) -> dict[str, str]:
        """Return the state of each part."""
        database, migrations = await self._database_and_migrations()
        socket = {} if self.socket is None else {"socket": self.socket()}
        return {"database": database, "migrations": migrations, "courier": self._courier(), **socket}

    async def _database_and_migrations(self) -> tuple[str, str]:
        asked = asyncio.create_task(self._revision())
        # Not `asyncio.timeout`: a driver that gives up asks the server to cancel, and it may be silent.
        await asyncio.wait({asked}, timeout=_PATIENCE)
        if not asked.done():
            asked.cancel()
            return f"has not answered for {_PATIENCE:.0f} s", "unknown"
        try:
            revision = asked.result()
        except (sqlalchemy.exc.SQLAlchemyError, OSError) as error:
            return f"cannot be reached ({type(error).__name__})", "unknown"
        if revision != self._head:
            return "ok", f"at {revision}, not at {self._head}: run goalkeeper migrate"
        return "ok", "ok"

    async def _revision(self) -> str | None:
        async with self._database.everywhere() as tx:
            revision: str | None = (await tx.session.execute(_REVISION)).scalar_one_or_none()
            return revision

    def _courier(self) -> str:
        if self.courier_silent_for is None:
            return "not connected to Slack yet"
        silent = self.courier_silent_for()
        return "ok" if silent < _STUCK else f"has not looked at the outbox for {silent:.0f} s"


def add_health(app: FastAPI, readiness: Readiness) -> None:
    """Add the health routes to the app."""

    async def readyz() -> Response:
        report = await readiness.report()
        ready = all(word == "ok" for word in report.values())
        return JSONResponse(report, 200 if ready else 503)

    async def healthz() -> Response:
        return PlainTextResponse("ok")

    app.add_api_route("/healthz", healthz, methods=["GET"], response_model=None)
    app.add_api_route("/readyz", readyz, methods=["GET"], response_model=None)
