"""The composition root: the only place where things are constructed and wired."""

import asyncio
import logging
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import aiohttp
from fastapi import FastAPI
from fastapi.responses import RedirectResponse
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from bot import postgres
from bot.clock import real_seconds
from bot.courier.courier import Courier
from bot.goals import listeners as goal_listeners
from bot.goals import messages as goal_messages
from bot.http.app import SlackDoor, create_http
from bot.http.server import listen, serving
from bot.sandbox import SAMPLE_ROSTER, Sandbox
from bot.sandbox import create_app as create_sandbox
from bot.sandbox.server import Protocol as SandboxProtocol
from bot.settings import Settings
from bot.slack.app import create_bolt, ignore_the_rest
from bot.slack.commands import Commands
from bot.slack.edge import Edge
from bot.slack.people import Directory
from bot.slack.tasks import Tasks
from domain.db import Database, WorkspaceId
from domain.people import service as people
from domain.people.roster.rows import Row
from domain.people.roster.service import import_roster

log = logging.getLogger(__name__)

ANSWER_SECONDS = 2.0
"""Patience with Slack on the way to an answer, of the 3 s there are."""
SEND_SECONDS = 10.0
"""Patience with Slack when nobody waits."""
FINISH_SECONDS = 10.0
"""For what is in hand at shutdown."""


@dataclass(frozen=True, slots=True)
class SlackAccess:
    """The way to one Slack workspace."""

    bot_token: str
    signing_secret: str
    api_url: str


@dataclass(frozen=True, slots=True)
class Bot:
    """The running bot, for one workspace."""

    workspace_id: WorkspaceId
    directory: Directory
    courier: Courier


async def serve(settings: Settings) -> None:
    """Run everything until SIGINT or SIGTERM; with no Slack configured, with a Slack of its own."""
    stopped = _when_stopped()
    listening = listen(settings.host, settings.port)
    port = listening.getsockname()[1]
    async with AsyncExitStack() as stack:
        url = await asyncio.to_thread(_ready_database, settings)
        database = await stack.enter_async_context(connected(url))
        door = SlackDoor(real_seconds)
        http = create_http(door)
        sandbox = (
            await stack.enter_async_context(_sandbox(settings, http, port)) if settings.sandboxed else None
        )
        protocol = SandboxProtocol if sandbox else "httptools"
        await stack.enter_async_context(serving(http, listening, http=protocol))
        if sandbox:
            stack.callback(sandbox.end_streams)
        access = _access_to(sandbox) if sandbox else _access(settings)
        bot = await stack.enter_async_context(running(database, access, door))
        if sandbox:
            await _take_in_sample(database, bot)
            log.info("Goalkeeper is ready to be tried: open http://localhost:%s in a browser", port)
        else:
            await stack.enter_async_context(_in_background(bot.directory.meet_everyone()))
            log.info("Goalkeeper answers Slack at port %s", port)
        await stopped.wait()
        log.info("stopping")


@asynccontextmanager
async def connected(url: str) -> AsyncIterator[Database]:
    """The migrated database at `url`, as the bot sees it."""
    engine = postgres.create_engine(url)
    try:
        yield Database(engine)
    finally:
        await engine.dispose()


@asynccontextmanager
async def running(database: Database, access: SlackAccess, door: SlackDoor) -> AsyncIterator[Bot]:
    """The bot of the workspace that `access` leads to: it answers at `door`, and its courier goes round.

    Raises:
        SlackApiError: Slack refuses the token.
    """
    async with AsyncExitStack() as stack:
        answering = await stack.enter_async_context(_client(access, ANSWER_SECONDS))
        answering.token = None
        sending = await stack.enter_async_context(_client(access, SEND_SECONDS))
        asking = await stack.enter_async_context(_client(access, SEND_SECONDS))
        asking.retry_handlers.append(AsyncRateLimitErrorRetryHandler(max_retry_count=5))
        identity = dict((await asking.auth_test()).data)  # type: ignore[arg-type]
        async with database.everywhere() as tx:
            workspace_id = await people.enter_workspace(
                tx.session, identity["team_id"], identity["team"], identity["user_id"]
            )
        directory = Directory(database, workspace_id, identity["team_id"], asking)
        tasks = Tasks()
        bolt = create_bolt(answering, access.bot_token, identity)
        edge = Edge(bolt, database, workspace_id, directory, tasks)
        edge.command("/goals", Commands([goal_listeners.command()]))
        goal_listeners.register(edge)
        ignore_the_rest(bolt)
        courier = Courier(database, {workspace_id: sending}, {**goal_messages.RENDERERS})
        door.open(access.signing_secret, bolt)
        rounds = asyncio.create_task(courier.run())
        try:
            yield Bot(workspace_id, directory, courier)
        finally:
            door.close()
            courier.stop()
            await tasks.finish(FINISH_SECONDS)
            await asyncio.wait([rounds], timeout=FINISH_SECONDS)
            rounds.cancel()


@asynccontextmanager
async def _client(access: SlackAccess, seconds: float) -> AsyncIterator[AsyncWebClient]:
    """A client that resends nothing by itself: every retry is the courier's."""
    timeout = aiohttp.ClientTimeout(total=seconds)
    async with aiohttp.ClientSession(timeout=timeout) as session:
        yield AsyncWebClient(
            token=access.bot_token, base_url=access.api_url, session=session, retry_handlers=[]
        )


def _ready_database(settings: Settings) -> str:
    """The address of a database that is migrated; blocks."""
    if settings.database_url is not None:
        url = postgres.normalise_url(settings.database_url.get_secret_value())
    else:
        url = postgres.start_embedded(settings.goalkeeper_data_dir)
    postgres.migrate(url)
    return url


def _access(settings: Settings) -> SlackAccess:
    assert settings.slack_bot_token is not None
    assert settings.slack_signing_secret is not None
    return SlackAccess(
        settings.slack_bot_token.get_secret_value(),
        settings.slack_signing_secret.get_secret_value(),
        settings.slack_api_url,
    )


@asynccontextmanager
async def _sandbox(settings: Settings, http: FastAPI, port: int) -> AsyncIterator[Sandbox]:
    """A Slack of our own on the same port, and the browser's way to it."""
    settings.goalkeeper_data_dir.mkdir(parents=True, exist_ok=True)
    here = f"http://127.0.0.1:{port}"
    sandbox = Sandbox(
        request_url=f"{here}/slack/events",
        base_url=f"{here}/sandbox",
        store=settings.goalkeeper_data_dir / "sandbox.json",
    )
    http.mount("/sandbox", create_sandbox(sandbox))
    http.add_api_route("/", lambda: RedirectResponse("/sandbox/"), methods=["GET"], response_model=None)
    try:
        yield sandbox
    finally:
        await sandbox.close()


def _access_to(sandbox: Sandbox) -> SlackAccess:
    return SlackAccess(sandbox.bot_token, sandbox.signing_secret, sandbox.api_url)


async def _take_in_sample(database: Database, bot: Bot) -> None:
    """The sample workspace's people and teams, as an admin would import them; again is harmless."""
    await bot.directory.meet_everyone()
    rows = [
        Row(
            slack_id=member.slack_id,
            email=member.email,
            name=member.name,
            team=member.team if member.role == "rep" else None,
            manager=member.manager,
            channel=member.channel,
            title=member.title,
            monthly_signup_goal=member.monthly_signup_goal,
            yearly_signup_goal=member.yearly_signup_goal,
            time_zone=member.time_zone,
            admin=member.role == "admin",
            rep=member.role == "rep",
        )
        for member in SAMPLE_ROSTER
    ]
    async with database.workspace(bot.workspace_id) as tx:
        await import_roster(tx.session, tx.now, rows)


@asynccontextmanager
async def _in_background(work: object) -> AsyncIterator[None]:
    """`work` goes on beside the block, and is ended with it."""
    task = asyncio.ensure_future(work)  # type: ignore[call-overload]
    task.add_done_callback(_log_failure)
    try:
        yield
    finally:
        task.cancel()


def _log_failure(task: asyncio.Task[object]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        log.error("meeting the workspace failed; people are met as they turn up", exc_info=error)


def _when_stopped() -> asyncio.Event:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopped.set)
    return stopped
