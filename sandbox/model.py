"""What a Slack workspace is made of: people, conversations, messages; plain data that the store can keep."""

from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]

BOT_SCOPES = (
    "commands",
    "chat:write",
    "im:write",
    "im:history",
    "users:read",
    "users:read.email",
    "channels:read",
    "groups:read",
    "team:read",
)
"""What the bot's token may do unless told otherwise: the scopes that its manifest asks for."""

OPTIONAL_SCOPES = ("channels:history", "groups:history", "chat:write.public", "files:read", "files:write")
"""What an admin may grant besides."""


@dataclass
class User:
    """Somebody in the workspace, as `users.info` knows them."""

    id: str
    name: str
    """The handle, lower case and without spaces."""
    real_name: str
    display_name: str = ""
    email: str | None = None
    title: str = ""
    tz: str | None = "America/New_York"
    """IANA; None for the people of whom Slack knows none."""
    locale: str = "en-US"
    color: str = "4a6572"
    role_hint: str = ""
    """What they do in the sample team (`rep`, `manager` …), for the page; Slack knows nothing of it."""
    is_admin: bool = False
    is_owner: bool = False
    is_primary_owner: bool = False
    is_restricted: bool = False
    """A guest (of one or several channels)."""
    is_ultra_restricted: bool = False
    """A guest of a single channel."""
    is_bot: bool = False
    is_stranger: bool = False
    """Somebody of another company, seen through Slack Connect."""
    deleted: bool = False
    team_id: str | None = None
    """Another workspace's id for strangers; None for our own people."""
    updated: int = 0

    @property
    def shown(self) -> str:
        """The name that people see."""
        return self.display_name or self.real_name

    @property
    def is_guest(self) -> bool:
        """Whether this is a guest of either kind."""
        return self.is_restricted or self.is_ultra_restricted


@dataclass
class Channel:
    """A conversation: a channel, or with `with_user` the direct messages of one person and the bot."""

    id: str
    name: str = ""
    """Without the `#`."""
    members: list[str] = field(default_factory=list)
    is_private: bool = False
    is_archived: bool = False
    is_ext_shared: bool = False
    """Shared with another company by Slack Connect."""
    topic: str = ""
    with_user: str | None = None
    created: int = 0
    read: dict[str, str] = field(default_factory=dict)
    """For each person the `ts` up to which they have read."""

    @property
    def is_im(self) -> bool:
        """Whether these are direct messages."""
        return self.with_user is not None


@dataclass
class Message:
    """A message as it stands now, after all edits."""

    channel: str
    ts: str
    user: str
    text: str = ""
    blocks: list[Json] = field(default_factory=list)
    metadata: Json | None = None
    edited: Json | None = None
    is_bot: bool = False
    only_for: str | None = None
    """The only person who sees an ephemeral message."""
    thread_ts: str | None = None
    pings: list[str] = field(default_factory=list)
    """Whom it notifies by name: user ids, and `channel`, `here`, `everyone`."""
    hidden_until: float = 0.0
    """Real time before which `conversations.history` does not show it yet (Slack's history may lag)."""
    plain: str = ""
    """All that a reader sees, without markup, names in place of ids."""
    files: list[str] = field(default_factory=list)
    """The ids of the files shared in it."""


@dataclass
class File:
    """A file that somebody shared; `sandbox.files.Contents` keeps what is in it."""

    id: str
    name: str
    user: str
    size: int
    """In bytes."""
    title: str
    mimetype: str
    filetype: str
    created: int
    deleted: bool = False


@dataclass
class Workspace:
    """One Slack workspace with the app installed; everything that outlives a restart."""

    team_id: str = "T0NORTHWIND"
    team_name: str = "Northwind"
    team_domain: str = "northwind"
    bot_id: str = "B0GOALKEEPR"
    bot_user_id: str = "U0GOALKEEPR"
    app_id: str = "A0GOALKEEPR"
    users: dict[str, User] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    messages: dict[str, list[Message]] = field(default_factory=dict)
    """By channel id, oldest first; ephemeral ones among them."""
    homes: dict[str, Json] = field(default_factory=dict)
    """The published App Home of each person."""
    files: dict[str, File] = field(default_factory=dict)
    scopes: list[str] = field(default_factory=lambda: list(BOT_SCOPES))
    bot_token: str = ""
    app_token: str = ""
    signing_secret: str = ""
    verification_token: str = ""
