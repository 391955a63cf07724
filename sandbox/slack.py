"""Slack's state put together: one workspace and everything that happens in it. Speaks no HTTP."""

import secrets
from collections.abc import Callable

from sandbox.capabilities import Capabilities
from sandbox.changes import Changes
from sandbox.directory import Directory
from sandbox.errors import SlackRefusal
from sandbox.faults import Faults
from sandbox.files import Contents, Files
from sandbox.manifest import Manifest
from sandbox.model import Channel, File, Json, User, Workspace
from sandbox.posts import Posts
from sandbox.rates import Rates
from sandbox.sockets import Sockets
from sandbox.time import RealTime, Timestamps
from sandbox.traffic import Traffic
from sandbox.views import Views


class Slack:
    """A workspace with the app installed. `base_url` begins every address that it hands out.

    `app` is the app's manifest, `contents` keeps what is in files.
    """

    def __init__(
        self,
        workspace: Workspace,
        now: RealTime,
        base_url: str,
        changes: Changes | None = None,
        sockets: Sockets | None = None,
        *,
        app: Manifest,
        contents: Contents,
    ) -> None:
        self.workspace = with_secrets(workspace)
        self.app = app
        self.now = now
        self.base_url = base_url
        self.changes = changes or Changes(now)
        self.sockets = sockets or Sockets(self.changes, now)
        self.traffic = Traffic(self.changes, now)
        self.timestamps = Timestamps(now)
        for messages in workspace.messages.values():
            for message in messages[-1:]:
                self.timestamps.follow(message.ts)
        self.directory = Directory(workspace, now)
        self.capabilities = Capabilities(now)
        self.files = Files(workspace, contents, now)
        self.posts = Posts(self.directory, self.changes, self.timestamps, self.file_json)
        self.views = Views(workspace, self.changes, self.capabilities, now)
        self.faults = Faults(lambda: self.changes.tell("faults", active=self.faults.active()))
        self.rates = Rates(now)

    def response_url(self, secret: str) -> str:
        """The address at which the bot may answer an interaction later."""
        return f"{self.base_url}/response/{self.workspace.team_id}/{secret}"

    def file_json(self, file: File) -> Json:
        """Return a file as Slack describes it, with its addresses here."""
        return self.files.json(file, self.base_url)

    def user(self, user_id: str, error: str = "user_not_found") -> User:
        """Somebody by id.

        Raises:
            SlackRefusal: with `error` when there is nobody.
        """
        if user_id not in self.workspace.users:
            raise SlackRefusal(error)
        return self.workspace.users[user_id]

    def channel(self, name: str, *, by_name: bool = False) -> Channel:
        """A conversation that the bot can see.

        Raises:
            SlackRefusal: channel_not_found, also for a private channel that the bot is not in.
        """
        channel = self.directory.find_channel(name) if by_name else self.workspace.channels.get(name)
        if channel is None or (
            (channel.is_private or channel.is_im) and self.workspace.bot_user_id not in channel.members
        ):
            raise SlackRefusal("channel_not_found")
        return channel

    def destination(self, name: str) -> Channel:
        """Where the bot may post: a channel by id or name, or a person's id for their direct messages.

        Raises:
            SlackRefusal: channel_not_found, is_archived, not_in_channel, account_inactive, cannot_dm_bot,
                messages_tab_disabled.
        """
        channel = (
            self.directory.dm(name) if name in self.workspace.users else self.channel(name, by_name=True)
        )
        if channel.is_archived:
            raise SlackRefusal("is_archived")
        if channel.with_user is not None:
            refuse_unreachable(self.workspace.users[channel.with_user], "account_inactive")
            if not self.app.messages_tab:
                raise SlackRefusal("messages_tab_disabled")
        elif not self.may_post(channel):
            raise SlackRefusal("not_in_channel")
        return channel

    def may_post(self, channel: Channel) -> bool:
        """Whether the bot is in the channel or need not be."""
        public = not channel.is_private and "chat:write.public" in self.workspace.scopes
        return public or self.workspace.bot_user_id in channel.members

    def require(self, *scopes: str) -> None:
        """Refuses with missing_scope unless the bot has one of these."""
        provided = self.workspace.scopes
        if scopes and not set(scopes) & set(provided):
            raise SlackRefusal("missing_scope", needed=scopes[0], provided=",".join(provided))

    def changed(self, *people: str) -> None:
        """Tells the page that people or channels are not what they were."""
        self.changes.tell("channels", frozenset(people) if people else None)


def refuse_unreachable(user: User, inactive: str) -> None:
    """Refuse direct messages to bots and, with `inactive`, to deactivated people."""
    if user.is_bot:
        raise SlackRefusal("cannot_dm_bot")
    if user.deleted:
        raise SlackRefusal(inactive)


def with_secrets(workspace: Workspace) -> Workspace:
    """The workspace with whatever tokens it still lacks."""
    makers: dict[str, Callable[[], str]] = {
        "bot_token": lambda: f"xoxb-{secrets.randbelow(10**12)}-{secrets.token_hex(12)}",
        "app_token": lambda: f"xapp-1-{workspace.app_id}-{secrets.token_hex(24)}",
        "signing_secret": lambda: secrets.token_hex(16),
        "verification_token": lambda: secrets.token_hex(12),
    }
    for name, make in makers.items():
        if not getattr(workspace, name):
            setattr(workspace, name, make())
    return workspace
