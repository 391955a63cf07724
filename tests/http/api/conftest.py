"""The API at a real port, over a database of the test's own, and clients with tokens.

It is Tuesday, February 3, 2026, at noon in New York: three days before the deadline.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from bot.app import FEATURES
from bot.http.api.app import create_api
from bot.http.api.limits import RateLimit
from bot.http.server import listen, serving
from domain.access import tokens
from domain.access.rules import Scope
from domain.db import Database, WorkspaceId
from domain.goals.jobs import open_for_joiners
from domain.people import queries as people
from domain.people.model import RepId, TeamId, UserId
from tests.builders import a_rep, a_team, a_user, a_workspace
from tests.conftest import Sql

NOBODY = 987_654_321
"""An id that nothing has."""
NOON = datetime(2026, 2, 3, 12, tzinfo=ZoneInfo("America/New_York"))


@dataclass(frozen=True)
class Acme:
    """A workspace: Ana and Ben on West, which Mia manages; Cem on East; Ada is an admin."""

    id: WorkspaceId
    ana: RepId
    ben: RepId
    cem: RepId
    users: dict[str, UserId]
    west: TeamId


class Seconds:
    """The clock of the rate limit."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


@pytest.fixture
async def at(sql: Sql) -> Callable[[datetime], Awaitable[None]]:
    """Moves business time."""

    async def move(moment: datetime) -> None:
        await sql(
            "UPDATE business_clock SET clock_offset = CAST(:there AS timestamptz) - clock_timestamp()",
            there=moment,
        )

    await move(NOON)
    return move


async def a_company(db: Database, name: str) -> Acme:
    async with db.everywhere() as tx:
        home = await a_workspace(tx.session, name=name)
    async with db.workspace(home) as tx:
        await tx.session.execute(text("UPDATE workspaces SET time_zone = 'America/New_York'"))
        mia = await a_user(tx.session, name="Mia")
        ada = await a_user(tx.session, name="Ada", named_admin=True)
        west = await a_team(tx.session, name="West", manager_id=mia)
        east = await a_team(tx.session, name="East")
        reps, users = {}, {"mia": mia, "ada": ada}
        for who, team in (("ana", west), ("ben", west), ("cem", east)):
            users[who] = await a_user(tx.session, name=who.title())
            reps[who] = await a_rep(tx.session, user_id=users[who], name=who.title(), team_id=team)
        await open_for_joiners(tx.session, tx.now)
    return Acme(home, **reps, users=users, west=west)


@pytest.fixture
async def acme(db: Database, at: object) -> Acme:
    """The workspace of most tests."""
    return await a_company(db, "Acme")


@pytest.fixture
def app(db: Database, seconds: Seconds) -> FastAPI:
    """The API, of which each token may send ten requests at once and one a second."""
    return create_api(db, FEATURES.routers, RateLimit(seconds, per_second=1, burst=10))


@pytest.fixture
async def url(app: FastAPI) -> AsyncIterator[str]:
    """Where it answers."""
    http = FastAPI(openapi_url=None)
    http.mount("/api/v1", app)
    listening = listen("127.0.0.1", 0)
    port = listening.getsockname()[1]
    async with serving(http, listening):
        yield f"http://127.0.0.1:{port}/api/v1/"


@dataclass(frozen=True)
class Client:
    """A program with a token."""

    token_id: int
    secret: str
    http: httpx.AsyncClient

    async def get(self, path: str, **more: Any) -> httpx.Response:
        return await self.http.get(path, **more)

    async def post(self, path: str, body: Any = None, **more: Any) -> httpx.Response:
        return await self.http.post(path, json=body, **more)

    async def put(self, path: str, body: Any = None, **more: Any) -> httpx.Response:
        return await self.http.put(path, json=body, **more)


Clients = Callable[..., Awaitable[Client]]


@pytest.fixture
async def client(db: Database, url: str, acme: Acme) -> AsyncIterator[Clients]:
    """Makes a client with a token of one of the people, with all scopes unless it is said which."""
    opened = []

    async def make(
        who: str,
        *scopes: Scope,
        home: Acme = acme,
        expires_in: timedelta | None = None,
    ) -> Client:
        async with db.workspace(home.id) as tx:
            person = await people.by_user(tx.session, home.users[who])
            assert person is not None
            now = await tokens.real_now(tx.session)
            expires = None if expires_in is None else now + expires_in
            made = await tokens.make(tx.session, person, "test", scopes or list(Scope), expires)
        headers = {"Authorization": f"Bearer {made.secret}"}
        http = httpx.AsyncClient(base_url=url, headers=headers, timeout=60)
        opened.append(http)
        return Client(made.id, made.secret, http)

    yield make
    for http in opened:
        await http.aclose()


def refused(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """The problem details of an answer, which has this status and code."""
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    problem: dict[str, Any] = answer.json()
    assert (answer.status_code, problem["status"], problem["code"]) == (status, status, code), problem
    assert problem["type"] == f"/docs#{code}"
    assert problem["title"]
    assert problem["detail"]
    return problem
