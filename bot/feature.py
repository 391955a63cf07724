"""A feature of the bot as one object, and all features together for the composition root."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from fastapi import APIRouter

from bot.slack.asking import Window
from bot.slack.commands import Command, Commands
from bot.slack.conversation import MessageHandler
from bot.slack.edge import ActionHandler, Edge, EventHandler, FormHandler
from bot.slack.rendering import Renderer, Sample

SLASH_COMMAND = "/goals"

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Feature:
    """Everything that one feature brings to the bot; features never import one another.

    Attributes:
        name: Its name in errors.
        commands: The words that may follow `/goals`, in the order in which help lists them.
        actions: Handlers of buttons and menus, by `action_id`.
        forms: Handlers of submitted forms, by `callback_id`.
        events: Handlers of Slack's events, by type. `manifest.yml` subscribes to the same types.
        messages: Handlers of what people write to Goalkeeper, by the message's subtype (empty for words).
        windows: Modals that other features may update, by name (`Asked.refresh`).
        renderers: How each kind of intent becomes a message, by kind.
        samples: The same messages with made-up figures, for previews, by kind (or `kind:variant`).
        routes: Routes of the HTTP API, in the order in which they are matched.
    """

    name: str
    commands: tuple[Command, ...] = ()
    actions: Mapping[str, ActionHandler] = field(default_factory=dict)
    forms: Mapping[str, FormHandler] = field(default_factory=dict)
    events: Mapping[str, EventHandler] = field(default_factory=dict)
    messages: Mapping[str, MessageHandler] = field(default_factory=dict)
    windows: Mapping[str, Window] = field(default_factory=dict)
    renderers: Mapping[str, Renderer[Any]] = field(default_factory=dict)
    samples: Mapping[str, Sample] = field(default_factory=dict)
    routes: APIRouter | None = None


class Features:
    """All features together.

    Raises:
        ValueError: Two features claim the same id.
    """

    def __init__(self, *features: Feature) -> None:
        commands = _united(features, lambda one: {command.word: command for command in one.commands})
        self.commands = Commands(commands.values())
        buttons = Feature("commands", actions=dict.fromkeys(self.commands.button_ids, self.commands.press))
        self.actions = _united((*features, buttons), lambda one: one.actions)
        self.forms = _united(features, lambda one: one.forms)
        self.events = _united(features, lambda one: one.events)
        self.messages = _united(features, lambda one: one.messages)
        self.windows = _united(features, lambda one: one.windows)
        self.renderers = _united(features, lambda one: one.renderers)
        self.samples = _united(features, lambda one: one.samples)
        self.routers = tuple(one.routes for one in features if one.routes is not None)

    def register(self, edge: Edge) -> None:
        """Have the edge answer every command, button, form, event and message."""
        edge.command(SLASH_COMMAND, self.commands)
        for action_id, act in self.actions.items():
            edge.action(action_id, act)
        for callback_id, save in self.forms.items():
            edge.form(callback_id, save)
        for kind, take_in in self.events.items():
            edge.event(kind, take_in)
        edge.conversation(self.messages, self.commands)


def _united(features: Iterable[Feature], part: Callable[[Feature], Mapping[str, T]]) -> dict[str, T]:
    united: dict[str, T] = {}
    for feature in features:
        brought = part(feature)
        if taken := united.keys() & brought.keys():
            raise ValueError(f"{feature.name} claims what another feature has: {', '.join(sorted(taken))}")
        united |= brought
    return united
