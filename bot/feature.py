"""What a feature adds to the bot, and the sum of all features, which the composition root wires up."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from fastapi import APIRouter

from bot.slack.asking import Window
from bot.slack.commands import Command, Commands, Opening
from bot.slack.conversation import MessageHandler
from bot.slack.edge import ActionHandler, Edge, EventHandler, FormHandler, ShortcutHandler
from bot.slack.rendering import Renderer, Sample

SLASH_COMMAND = "/goals"

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Feature:
    """Everything that a feature adds to the bot. Features never import each other.

    Attributes:
        name: Its name in errors.
        commands: The words that may follow `/goals`, in the order in which help lists them.
        opening: What `/goals` alone says before the commands; one feature at most has it.
        actions: Handlers of buttons and menus, by `action_id`.
        forms: Handlers of submitted forms, by `callback_id`.
        shortcuts: Handlers of message shortcuts, by `callback_id`. `manifest.yml` names the same ones.
        events: Handlers of Slack's events, by type. `manifest.yml` subscribes to the same types.
        messages: Handlers of messages to Goalkeeper, by Slack's subtype (empty for plain text).
        windows: Modals that other features may redraw with `Asked.refresh`, by name.
        renderers: How each kind of intent becomes a message, by kind.
        samples: Example messages for previews, with made-up figures, by kind (or `kind:variant`).
        routes: Routes of the HTTP API, in the order in which they are matched.
    """

    name: str
    commands: tuple[Command, ...] = ()
    opening: Opening | None = None
    actions: Mapping[str, ActionHandler] = field(default_factory=dict)
    forms: Mapping[str, FormHandler] = field(default_factory=dict)
    shortcuts: Mapping[str, ShortcutHandler] = field(default_factory=dict)
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
        commands = _merged(features, lambda feature: {command.word: command for command in feature.commands})
        openings = _merged(
            features, lambda feature: {} if feature.opening is None else {"opening": feature.opening}
        )
        self.commands = Commands(commands.values(), openings.get("opening"))
        buttons = Feature("commands", actions=dict.fromkeys(self.commands.button_ids, self.commands.press))
        self.actions = _merged((*features, buttons), lambda feature: feature.actions)
        self.forms = _merged(features, lambda feature: feature.forms)
        self.shortcuts = _merged(features, lambda feature: feature.shortcuts)
        self.events = _merged(features, lambda feature: feature.events)
        self.messages = _merged(features, lambda feature: feature.messages)
        self.windows = _merged(features, lambda feature: feature.windows)
        self.renderers = _merged(features, lambda feature: feature.renderers)
        self.samples = _merged(features, lambda feature: feature.samples)
        self.routers = tuple(feature.routes for feature in features if feature.routes is not None)

    def register(self, edge: Edge) -> None:
        """Register all handlers of commands, buttons, forms, shortcuts, events and messages with the edge."""
        edge.command(SLASH_COMMAND, self.commands)
        for action_id, act in self.actions.items():
            edge.action(action_id, act)
        for callback_id, save in self.forms.items():
            edge.form(callback_id, save)
        for callback_id, use in self.shortcuts.items():
            edge.shortcut(callback_id, use)
        for kind, handle in self.events.items():
            edge.event(kind, handle)
        edge.conversation(self.messages, self.commands)


def _merged(features: Iterable[Feature], part: Callable[[Feature], Mapping[str, T]]) -> dict[str, T]:
    united: dict[str, T] = {}
    for feature in features:
        brought = part(feature)
        if taken := united.keys() & brought.keys():
            raise ValueError(
                f"{feature.name} uses ids that another feature has already: {', '.join(sorted(taken))}"
            )
        united |= brought
    return united
