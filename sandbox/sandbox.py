"""The local Slack as one thing: what the composition root runs and what tests talk to."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any, TypeVar

from sandbox.clock import ClockControl, clock_json
from sandbox.delivery import ACK_SECONDS, Ack, Delivery
from sandbox.events import RETRY_AFTER, Delay, Events
from sandbox.faults import Faults
from sandbox.files import Contents
from sandbox.interactions import Interactions
from sandbox.manifest import Command, Manifest
from sandbox.model import Channel, Json, Workspace
from sandbox.person import Person
from sandbox.room import Room
from sandbox.sample import sample_workspace
from sandbox.slack import Slack, with_secrets
from sandbox.sockets import Sockets
from sandbox.store import Store
from sandbox.time import RealTime, real_time
from sandbox.traffic import Entry

T = TypeVar("T")


class Sandbox:
    """A Slack workspace with the bot installed.

    Args:
        workspace: who and what there is; the sample team unless given.
        request_url: where the bot takes requests; may be set later.
        base_url: where the sandbox itself is served; may be set later (`SandboxServer` does).
        store: the file that keeps the state; None keeps nothing.
        now: real time.
        ack_seconds: how long Slack waits for the bot.
        delay: waits between the retries of an event.
        on_reset: called when the page goes back to the sample.
        manifest: the app's manifest, as its YAML or JSON reads; see `Manifest` for what holds without.
        clock: the business clock that the page shows and moves; None: the page has none.
        limits: whether Slack's rate limits hold.
        socket_mode: whether deliveries go over Socket Mode; None: over sockets while any is connected.
    """

    def __init__(
        self,
        workspace: Workspace | None = None,
        *,
        request_url: str = "http://127.0.0.1:8000/slack/events",
        base_url: str = "http://127.0.0.1:8000/sandbox",
        store: Path | None = None,
        now: RealTime = real_time,
        ack_seconds: float = ACK_SECONDS,
        delay: Delay = asyncio.sleep,
        retry_after: Sequence[float] = RETRY_AFTER,
        on_reset: Callable[[], Awaitable[None] | None] | None = None,
        manifest: Mapping[str, Any] | None = None,
        clock: ClockControl | None = None,
        limits: bool = False,
        socket_mode: bool | None = None,
    ) -> None:
        self.app = Manifest() if manifest is None else Manifest.read(manifest)
        self._first = deepcopy(workspace) if workspace else sample_workspace()
        if manifest is not None:
            self._first.scopes = list(self.app.scopes)
        self._store = Store(store) if store else None
        self._contents = Contents(store.with_suffix(".files") if store else None)
        self._delay, self._retry_after = delay, retry_after
        self.on_reset = on_reset
        self.clock = clock
        self.team_acts = False
        """Whether the sample team acts by itself when the page moves the clock on."""
        kept = self._store.load() if self._store else None
        self.slack = Slack(
            kept or deepcopy(self._first), now, base_url, app=self.app, contents=self._contents
        )
        if manifest is not None:
            self.grant(*self.app.scopes)
        self.limits = limits
        self.delivery = Delivery(self.slack, request_url, ack_seconds, socket_mode)
        self._connect()

    @property
    def commands(self) -> tuple[Command, ...]:
        """The slash commands that there are."""
        return self.app.commands

    @property
    def bot_token(self) -> str:
        """The bot's `xoxb-` token."""
        return self.slack.workspace.bot_token

    @property
    def app_token(self) -> str:
        """The app's `xapp-` token."""
        return self.slack.workspace.app_token

    @property
    def signing_secret(self) -> str:
        """What requests to the bot are signed with."""
        return self.slack.workspace.signing_secret

    @property
    def base_url(self) -> str:
        """Where the sandbox is served, without a slash at the end."""
        return self.slack.base_url

    @base_url.setter
    def base_url(self, url: str) -> None:
        self.slack.base_url = url.rstrip("/")

    @property
    def api_url(self) -> str:
        """The base_url for slack_sdk's clients."""
        return f"{self.base_url}/api/"

    @property
    def request_url(self) -> str:
        """Where the bot takes requests."""
        return self.delivery.request_url

    @request_url.setter
    def request_url(self, url: str) -> None:
        self.delivery.request_url = url

    @property
    def socket_mode(self) -> bool:
        """Whether deliveries go over sockets; set None to let the connections decide."""
        return self.delivery.over_sockets

    @socket_mode.setter
    def socket_mode(self, wanted: bool | None) -> None:
        self.delivery.socket_mode = wanted

    @property
    def limits(self) -> bool:
        """Whether Slack's rate limits hold."""
        return self.slack.rates.on

    @limits.setter
    def limits(self, wanted: bool) -> None:
        self.slack.rates.on = wanted

    @property
    def sockets(self) -> Sockets:
        """The Socket Mode connections."""
        return self.slack.sockets

    @property
    def faults(self) -> Faults:
        """What is to go wrong."""
        return self.slack.faults

    @property
    def calls(self) -> list[Entry]:
        """The Web API calls so far, oldest first."""
        return self.slack.traffic.entries("to_slack")

    @property
    def traffic(self) -> list[Entry]:
        """Web API calls and requests to the bot, oldest first."""
        return self.slack.traffic.entries()

    def calls_to(self, method: str) -> list[Entry]:
        """The calls of one Web API method."""
        return [call for call in self.calls if call.method == method]

    def person(self, name: str) -> Person:
        """Somebody by id or by any of their names."""
        return Person(self, self.slack.directory.user(name).id)

    def channel(self, name: str) -> Room:
        """A channel by id or `#name`."""
        return Room(self.slack, self.slack.directory.channel(name))

    async def archive(self, channel: str) -> Ack:
        """Archives a channel; the bot is told."""
        return await self.events.archived(self._channel(channel), self._owner())

    def grant(self, *scopes: str) -> None:
        """Give the bot's token further scopes, such as optional ones of the manifest."""
        workspace = self.slack.workspace
        workspace.scopes = list(dict.fromkeys([*workspace.scopes, *scopes]))

    def revoke(self, *scopes: str) -> None:
        """Take scopes from the bot's token."""
        workspace = self.slack.workspace
        workspace.scopes = [one for one in workspace.scopes if one not in scopes]

    async def deactivate(self, person: Person) -> Ack:
        """Deactivates somebody's account; the bot is told."""
        return await self.events.changed(person.user, deleted=True)

    async def move(self, person: Person, tz: str | None) -> Ack:
        """Somebody changes their time zone; the bot is told."""
        return await self.events.changed(person.user, tz=tz)

    async def remove_bot(self, channel: str) -> Ack:
        """The bot is removed from a channel, and told."""
        return await self.events.left(self._channel(channel), self.slack.workspace.bot_user_id)

    # The name is what tests read best; a deadline belongs to the wait, so no `asyncio.timeout` around it.
    async def wait_for(self, predicate: Callable[[], T], timeout: float = 60.0) -> T:  # noqa: ASYNC109
        """Waits until something is so, looking at each change in the workspace.

        Raises:
            TimeoutError: if it does not come to that in `timeout` seconds.
        """
        return await self.slack.changes.wait_for(predicate, timeout)

    async def send_raw(self, body: str, headers: Mapping[str, str]) -> Ack:
        """Sends the bot anything, with these headers and no others of Slack's; see `sign`."""
        return await self.delivery.raw(body, headers)

    def sign(self, body: str, *, at: float | None = None, secret: str | None = None) -> dict[str, str]:
        """Signature headers for a raw body; `at` (real seconds) and `secret` to make wrong ones."""
        return self.delivery.signed(body, at=at, secret=secret)

    async def read_clock(self) -> Json | None:
        """The business clock as the page has it; None without one."""
        return clock_json(await self.clock.read()) if self.clock else None

    async def tell_clock(self) -> Json | None:
        """Tells the open pages that the clock, or what is due next, is not what it was."""
        reading = await self.read_clock()
        self.slack.changes.tell("clock", clock=reading)
        return reading

    def reset(self, workspace: Workspace | None = None) -> None:
        """Back to the first workspace, or to another; tokens, addresses and open pages stay."""
        old = self.slack
        new = deepcopy(workspace or self._first)
        for name in ("bot_token", "app_token", "signing_secret", "verification_token"):
            setattr(new, name, getattr(old.workspace, name))
        old.faults.clear()
        self.team_acts = False
        old.sockets.restore()
        for file_id in old.workspace.files:
            self._contents.forget(file_id)
        self.events.stop()
        self.slack = Slack(
            with_secrets(new),
            old.now,
            old.base_url,
            old.changes,
            old.sockets,
            app=self.app,
            contents=self._contents,
        )
        self.limits = old.rates.on
        self.delivery.slack = self.slack
        self._connect()
        for user in new.users:
            self.slack.changes.tell("views", frozenset({user}), views=[])
        self.slack.changed()

    def end_streams(self) -> None:
        """Ends the pages' event streams, for which a server that shuts down would wait."""
        self.slack.changes.close()
        self.slack.faults.clear()

    async def close(self) -> None:
        """Writes the store and closes the connections to the bot."""
        self.end_streams()
        self.events.stop()
        await self.delivery.close()
        if self._store:
            self._store.save(self.slack.workspace)

    def _connect(self) -> None:
        self.interactions = Interactions(self.slack, self.delivery)
        self.events = Events(self.slack, self.delivery, self._delay, self._retry_after)
        if store := self._store:
            self.slack.changes.listener = lambda: store.later(self.slack.workspace)

    def _channel(self, name: str) -> Channel:
        return self.slack.directory.channel(name)

    def _owner(self) -> str:
        users = self.slack.workspace.users.values()
        return next((user.id for user in users if user.is_primary_owner), self.slack.workspace.bot_user_id)
