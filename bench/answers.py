"""What an answer costs: `/goals help` beside a bare answer of Bolt's, a save beside that and one INSERT."""

import asyncio
import resource
import sys
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass

from fastapi import FastAPI, Request, Response
from rich.table import Table
from slack_bolt.adapter.fastapi.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

from bench.caller import SECRET, TEAM
from bench.ground import Ground
from bench.ticks import _ENTER, _PEOPLE
from bot.app import FEATURES
from bot.clock import real_seconds
from bot.http.app import SlackDoor, create_http
from bot.http.server import listen, serving
from bot.slack.app import create_bolt, ignore_the_rest
from bot.slack.edge import Edge
from bot.slack.installations import Grant, Installations, connections
from bot.slack.tasks import Tasks
from domain.db import WorkspaceId

_TIMES, _WARM_UP = 500, 50
_INSERT = text("INSERT INTO plain (word) VALUES (:word)")
_NOWHERE = "http://127.0.0.1:9/"


@dataclass(frozen=True, slots=True)
class Cost:
    """CPU seconds of one answer, in the process that answers and in Postgres."""

    own: float
    postgres: float


class _Granted:
    """The one workspace that the bot is installed in."""

    def __init__(self, grant: Grant) -> None:
        self._grant = grant

    async def of_team(self, team_id: str) -> Grant | None:
        return self._grant if team_id == self._grant.team_id else None

    async def of_workspace(self, workspace_id: WorkspaceId) -> Grant | None:
        return self._grant if workspace_id == self._grant.workspace_id else None

    async def workspaces(self) -> Collection[WorkspaceId]:
        return [self._grant.workspace_id]


async def answers(ground: Ground) -> Table:
    """Measure help and a save by line over HTTP, as Slack calls; messages stay in the outbox."""
    [[home]] = await ground.sql(_ENTER, team=TEAM)
    await ground.sql(_PEOPLE, home=home, reps=50)
    await ground.sql("CREATE TABLE plain (id bigint GENERATED ALWAYS AS IDENTITY, word text)")
    await ground.vacuum()
    async with _bot(ground, WorkspaceId(home)) as port:
        helped = await _cost(ground, port, "help")
        saved = await _cost(ground, port, "set {n}")
    engine = create_async_engine(ground.url)
    async with _bare(async_sessionmaker(engine)) as port:
        bolted = await _cost(ground, port, "help")
        inserted = await _cost(ground, port, "save")
    await engine.dispose()
    return _table(
        [
            ("/goals help", helped, "bare Bolt", bolted),
            ("/goals set 20", saved, "bare Bolt and one INSERT", inserted),
        ]
    )


@asynccontextmanager
async def _bot(ground: Ground, home: WorkspaceId) -> AsyncIterator[int]:
    """Serve the bot as it runs, without its courier; yields the port."""
    grant = Grant(home, TEAM, "U0BOT", "B0BOT", frozenset(), "xoxb-bench")
    door, listening = SlackDoor(real_seconds), listen("127.0.0.1", 0)
    async with connections(_NOWHERE, 1.0) as slack:
        installations = Installations(_Granted(grant), slack, ground.db)
        bolt = create_bolt(slack.answering(None), installations)
        FEATURES.register(Edge(bolt, ground.db, installations, Tasks(), FEATURES.windows))
        ignore_the_rest(bolt)
        door.open(SECRET, bolt)
        async with serving(create_http(door), listening):
            yield listening.getsockname()[1]


@asynccontextmanager
async def _bare(sessions: async_sessionmaker[AsyncSession]) -> AsyncIterator[int]:
    """Serve Bolt with one command, as its documentation begins; on `save` it inserts a row."""

    async def authorize() -> AuthorizeResult:
        return AuthorizeResult(
            enterprise_id=None, team_id=TEAM, bot_user_id="U0BOT", bot_id="B0BOT", bot_token="xoxb-bench"
        )

    bolt = AsyncApp(
        name="bare",
        client=AsyncWebClient(),
        signing_secret=SECRET,
        authorize=authorize,
        process_before_response=True,
    )

    async def answer(ack: AsyncAck, body: dict[str, str]) -> None:
        if body["text"] == "save":
            async with sessions.begin() as session:
                await session.execute(_INSERT, {"word": "saved"})
        await ack("Hello!")

    bolt.command("/goals")(answer)
    handler, http, listening = AsyncSlackRequestHandler(bolt), FastAPI(), listen("127.0.0.1", 0)

    async def take(request: Request) -> Response:
        return await handler.handle(request)

    http.add_api_route("/slack/events", take, methods=["POST"], response_model=None)
    async with serving(http, listening):
        yield listening.getsockname()[1]


async def _cost(ground: Ground, port: int, line: str) -> Cost:
    """Return what one answer costs, by many, after a warm-up; the caller is another process."""
    await _called(port, line, 1, _WARM_UP)
    own, server = _own_cpu(), ground.server_cpu()
    await _called(port, line, 1 + _WARM_UP, _TIMES)
    return Cost((_own_cpu() - own) / _TIMES, (ground.server_cpu() - server) / _TIMES)


async def _called(port: int, line: str, first: int, times: int) -> None:
    caller = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.caller", str(port), line, str(first), str(times)
    )
    assert await caller.wait() == 0


def _own_cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _table(rows: list[tuple[str, Cost, str, Cost]]) -> Table:
    title = "Answers over HTTP, in CPU time"
    shown = Table(title=title, title_justify="left", header_style="bold", box=None, pad_edge=False)
    for column in ("answer", "the bot's", "Postgres'", "floor", "its own", "Postgres'", "ratio"):
        shown.add_column(column, justify="left" if column in ("answer", "floor") else "right")
    for what, cost, floor, least in rows:
        bot, server, own, beside = map(_ms, (cost.own, cost.postgres, least.own, least.postgres))
        shown.add_row(what, bot, server, floor, own, beside, f"{cost.own / least.own:.1f} ×")
    return shown


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.2f} ms"
