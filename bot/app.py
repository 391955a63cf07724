"""The composition root: the only place where things are constructed and wired."""

import asyncio
import logging
import signal
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from pydantic import SecretStr
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot import calls, postgres, tryout
from bot.activity.feature import FEATURE as ACTIVITY
from bot.clock import BusinessClock, elapsed, real_seconds
from bot.courier.courier import Courier
from bot.courier.feature import FEATURE as COURIER
from bot.courier.timing import Timing
from bot.direct.feature import FEATURE as DIRECT
from bot.feature import Features
from bot.goals.feature import FEATURE as GOALS
from bot.http.api.app import add_api
from bot.http.app import SlackDoor, create_http
from bot.http.health import Readiness, add_health
from bot.http.server import listen, serving
from bot.imports.feature import FEATURE as IMPORTS
from bot.leaderboards.feature import FEATURE as LEADERBOARDS
from bot.progress.feature import FEATURE as PROGRESS
from bot.recognition.feature import FEATURE as RECOGNITION
from bot.reminders.feature import FEATURE as REMINDERS
from bot.reports.feature import FEATURE as REPORTS
from bot.settings import Settings
from bot.setup.feature import FEATURE as SETUP
from bot.setup.previews import previewing
from bot.slack.app import create_bolt, ignore_the_rest
from bot.slack.edge import Edge
from bot.slack.environment import EnvironmentGrants
from bot.slack.installations import Installation, Installations, connections
from bot.slack.people import Directory
from bot.slack.socket_mode import SocketLink
from bot.slack.tasks import Tasks
from bot.teams.feature import FEATURE as TEAMS
from bot.ticker import Ticker, ticking
from bot.workspace.feature import FEATURE as WORKSPACE
from domain import flow
from domain.db import Database, WorkspaceId

log = logging.getLogger(__name__)

_FEATURES = (
    GOALS,
    PROGRESS,
    ACTIVITY,
    LEADERBOARDS,
    REMINDERS,
    RECOGNITION,
    REPORTS,
    SETUP,
    TEAMS,
    DIRECT,
    IMPORTS,
    WORKSPACE,
    COURIER,
)
"""One line for each feature; help lists their commands in this order."""
FEATURES = Features(*_FEATURES, previewing(_FEATURES))
FINISH_SECONDS = 10.0
"""Time for unfinished work at shutdown."""


@dataclass(frozen=True, slots=True)
class SlackAccess:
    """How one app reaches Slack."""

    bot_token: str
    """The bot token of the first workspace that the app is installed in."""
    signing_secret: str | None
    """Checks requests over HTTP; without it Slack cannot call us."""
    api_url: str
    app_token: str | None = None
    """The app-level token, for Socket Mode."""
    further_tokens: tuple[str, ...] = ()
    """Bot tokens of other workspaces that the same app is installed in."""


@dataclass(frozen=True, slots=True)
class Bot:
    """The running bot."""

    installations: tuple[Installation, ...]
    """One for each bot token, in order."""
    courier: Courier
    link: SocketLink | None
    """Socket Mode, with an app token."""

    @property
    def workspace_id(self) -> WorkspaceId:
        """The workspace of the first bot token."""
        return self.installations[0].workspace_id

    @property
    def directory(self) -> Directory:
        """The people of that workspace."""
        return self.installations[0].directory


async def serve(settings: Settings) -> None:
    """Run everything until SIGINT or SIGTERM; with no Slack configured, with a Slack of its own."""
    stopped = _when_stopped()
    listening = listen(settings.host, settings.port)
    port = listening.getsockname()[1]
    async with AsyncExitStack() as stack:
        url = await asyncio.to_thread(_ready_database, settings)
        database = await stack.enter_async_context(connected(url))
        door = SlackDoor(real_seconds)
        readiness = Readiness(database, postgres.head_revision())
        http = create_http(door)
        add_health(http, readiness)
        add_api(http, database, FEATURES.routers, elapsed)
        ticker = Ticker(database)
        sandbox = None
        if settings.sandboxed:
            clock = await stack.enter_async_context(business_clock(url, settings))
            shown = tryout.ClockOnThePage(clock, database, ticker)
            sandbox = await stack.enter_async_context(tryout.sandboxed(settings, http, port, shown))
            await stack.enter_async_context(tryout.serving_both(http, listening, sandbox))
            access = SlackAccess(sandbox.bot_token, sandbox.signing_secret, sandbox.api_url)
        else:
            await stack.enter_async_context(serving(http, listening))
            access = _access(settings)
        bot = await stack.enter_async_context(running(database, access, door))
        readiness.courier_silent_for = bot.courier.silent_for
        readiness.socket = bot.link.state if bot.link else None
        if sandbox:
            shown.workspace_id = bot.workspace_id
            await tryout.begin(sandbox, url, database, bot.workspace_id, bot.directory, ticker)
            log.info("Goalkeeper is ready to be tried: open http://localhost:%s in a browser", port)
        else:
            for one in bot.installations:
                await stack.enter_async_context(_in_background(one.directory.meet_everyone()))
            log.info("Goalkeeper answers Slack, and operators at port %s", port)
        await stack.enter_async_context(_in_background(ticker.listen()))
        await stack.enter_async_context(ticking(ticker))
        await stopped.wait()
        log.info("stopping")


async def serve_sandbox(
    settings: Settings, request_url: str, tell: Callable[[Mapping[str, str]], None]
) -> None:
    """Run the sandbox alone, for a bot that is another process, until SIGINT or SIGTERM.

    `tell` is called once, with the environment in which the bot finds this Slack.
    """
    settings.goalkeeper_data_dir.mkdir(parents=True, exist_ok=True)
    store = settings.goalkeeper_data_dir / "sandbox.json"
    stopped = _when_stopped()
    await tryout.serve_alone(
        settings.port,
        request_url,
        store,
        up=lambda _, env: tell(env),
        stopped=stopped,
        manifest=tryout.read_manifest(),
    )


@asynccontextmanager
async def business_clock(url: str, settings: Settings) -> AsyncIterator[BusinessClock]:
    """Yield the business clock of the database at `url`; it can be moved if `settings` say so."""
    engine = postgres.create_owner_engine(url)
    try:
        yield BusinessClock(engine, movable=settings.rehearsal)
    finally:
        await engine.dispose()


@asynccontextmanager
async def connected(url: str) -> AsyncIterator[Database]:
    """Yield the migrated database at `url`, with the bot's rights."""
    engine = postgres.create_engine(url)
    try:
        yield Database(engine, settle=flow.settle)
    finally:
        await engine.dispose()


@asynccontextmanager
async def running(
    database: Database,
    access: SlackAccess,
    door: SlackDoor,
    timing: Timing | None = None,
    features: Features = FEATURES,
) -> AsyncIterator[Bot]:
    """Run the bot in the workspaces that `access` has tokens of: it answers at `door`, its courier delivers.

    With an app token it answers over Socket Mode as well.

    Raises:
        SlackApiError: Slack refuses a bot token.
        AppTokenRefused: Slack refuses the app token.
    """
    timing = timing or Timing()
    async with AsyncExitStack() as stack:
        slack = await stack.enter_async_context(connections(access.api_url, timing.send))
        grants = EnvironmentGrants(database, slack, (access.bot_token, *access.further_tokens))
        installations = Installations(grants, slack, database)
        begun = [installations.keep(grant) for grant in await grants.begin()]
        tasks = Tasks()
        bolt = create_bolt(slack.answering(None), installations)
        features.register(Edge(bolt, database, installations, tasks, features.windows))
        ignore_the_rest(bolt)
        courier = Courier(database, installations, features.renderers, timing)
        await stack.enter_async_context(_going_round(courier))
        called = calls.listen_for_calls(database, calls.OUTBOX, courier.wake)
        await stack.enter_async_context(_in_background(called))
        stack.push_async_callback(tasks.finish, FINISH_SECONDS)
        link = None
        if access.app_token is not None:
            link = SocketLink(access.app_token, access.api_url, bolt, tasks)
            await stack.enter_async_context(_linked(link))
        if access.signing_secret is not None:
            door.open(access.signing_secret, _Tracked(bolt, tasks))
            stack.callback(door.close)
        # Stopped first, so that the courier finishes its work while requests are still being answered.
        stack.callback(courier.stop)
        yield Bot(tuple(begun), courier, link)


class _Tracked:
    """Bolt, with its running answers counted, so that shutdown waits for them."""

    def __init__(self, bolt: AsyncApp, tasks: Tasks) -> None:
        self._bolt = bolt
        self._tasks = tasks

    async def async_dispatch(self, req: AsyncBoltRequest) -> BoltResponse:
        """Answer one request."""
        return await self._tasks.spawn(self._bolt.async_dispatch(req), quiet=True)


@asynccontextmanager
async def _going_round(courier: Courier) -> AsyncIterator[None]:
    """Run the courier while the block lasts, then let it finish the work it has begun."""
    rounds = asyncio.create_task(courier.run())
    try:
        yield
    finally:
        courier.stop()
        await asyncio.wait([rounds], timeout=FINISH_SECONDS)
        rounds.cancel()


@asynccontextmanager
async def _linked(link: SocketLink) -> AsyncIterator[None]:
    """Hold the Socket Mode connection while the block lasts."""
    async with _in_background(link.run()):
        try:
            await link.begun()
            yield
        finally:
            await link.close()


def _ready_database(settings: Settings) -> str:
    """Return the address of a migrated database; blocks."""
    if settings.database_url is not None:
        url = postgres.normalise_url(settings.database_url.get_secret_value())
    else:
        url = postgres.start_embedded(settings.database_dir)
    postgres.migrate(url)
    return url


def _access(settings: Settings) -> SlackAccess:
    def plain(secret: SecretStr | None) -> str | None:
        return None if secret is None else secret.get_secret_value()

    assert settings.slack_bot_token is not None
    return SlackAccess(
        settings.slack_bot_token.get_secret_value(),
        plain(settings.slack_signing_secret),
        settings.slack_api_url,
        plain(settings.slack_app_token),
    )


@asynccontextmanager
async def _in_background(work: object) -> AsyncIterator[None]:
    """Run `work` beside the block, and end it with the block."""
    task = asyncio.ensure_future(work)  # type: ignore[call-overload]
    task.add_done_callback(_log_failure)
    try:
        yield
    finally:
        task.cancel()


def _log_failure(task: asyncio.Task[object]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        log.error("work in the background failed", exc_info=error)


def _when_stopped() -> asyncio.Event:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopped.set)
    return stopped
