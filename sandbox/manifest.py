"""What an app's manifest says about it: commands, shortcuts, tabs, events and scopes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from sandbox.model import BOT_SCOPES


@dataclass(frozen=True)
class Command:
    """A slash command of the app, as its manifest has it."""

    command: str
    description: str
    usage_hint: str = ""


@dataclass(frozen=True)
class Shortcut:
    """A shortcut of the app: on a message, or `global`, which can be used anywhere."""

    type: Literal["message", "global"]
    name: str
    callback_id: str
    description: str = ""


GOALS = Command("/goals", "Set your goals and see how you are doing", "[set | compliance | setup | help]")


@dataclass(frozen=True)
class Manifest:
    """An app as it is configured in Slack; by default without message events and shortcuts."""

    commands: tuple[Command, ...] = (GOALS,)
    shortcuts: tuple[Shortcut, ...] = ()
    home_tab: bool = True
    """Whether the app has a Home tab."""
    messages_tab: bool = True
    """Whether the app has direct messages at all."""
    read_only: bool = False
    """Whether people can't write in the app's direct messages."""
    events: frozenset[str] | None = None
    """The event types subscribed to; None: all except messages."""
    scopes: tuple[str, ...] = BOT_SCOPES
    """The scopes that the bot's token gets at installation."""

    @classmethod
    def read(cls, manifest: Mapping[str, Any]) -> Manifest:
        """Return the app that a manifest describes, without its optional scopes: an admin may add those."""
        features, settings = manifest.get("features", {}), manifest.get("settings", {})
        home = features.get("app_home", {})
        scopes = manifest.get("oauth_config", {}).get("scopes", {})
        return cls(
            commands=tuple(_commands(features.get("slash_commands", ()))),
            shortcuts=tuple(_shortcuts(features.get("shortcuts", ()))),
            home_tab=home.get("home_tab_enabled", False),
            messages_tab=home.get("messages_tab_enabled", False),
            read_only=home.get("messages_tab_read_only_enabled", True),
            events=frozenset(settings.get("event_subscriptions", {}).get("bot_events", ())),
            scopes=tuple(one for one in scopes.get("bot", ()) if one not in scopes.get("bot_optional", ())),
        )

    @property
    def closed(self) -> bool:
        """Whether people can't write in the app's direct messages."""
        return self.read_only or not self.messages_tab

    def subscribes(self, event: str) -> bool:
        """Return True if events of this type are sent; messages are named with their place (`message.im`)."""
        return not event.startswith("message.") if self.events is None else event in self.events

    def shortcut(self, callback_id: str, kind: str) -> Shortcut | None:
        """Return the shortcut of this kind with this callback_id."""
        found = (one for one in self.shortcuts if (one.type, one.callback_id) == (kind, callback_id))
        return next(found, None)


def _commands(listed: Iterable[Mapping[str, Any]]) -> Iterable[Command]:
    for one in listed:
        yield Command(one["command"], one["description"], one.get("usage_hint", ""))


def _shortcuts(listed: Iterable[Mapping[str, Any]]) -> Iterable[Shortcut]:
    for one in listed:
        yield Shortcut(one["type"], one["name"], one["callback_id"], one.get("description", ""))
