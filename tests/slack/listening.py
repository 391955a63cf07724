"""What people can press and send off, what they are told to type, and what the bot listens for."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bot.app import FEATURES
from bot.feature import Features
from sandbox import Sandbox

_LINE = re.compile(r"/goals[^`\n]*(?=`)")


@dataclass(frozen=True)
class Listened:
    """The ids, words and event types that a handler is registered for."""

    actions: set[str]
    forms: set[str]
    words: set[str]
    events: set[str]


def listened(features: Features = FEATURES) -> Listened:
    """All that the bot answers."""
    words = set(features.commands.words)
    events = {*features.events, *(["message.im"] if features.messages else [])}
    return Listened(set(features.actions), set(features.forms), words, events)


class Seen:
    """What has gone between Slack and the bot so far, as far as people can press, send or type it."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._traffic = sandbox.slack.traffic
        self.actions: set[str] = set()
        self.forms: set[str] = set()
        self.lines: set[str] = set()
        """Commands that people are told to type."""
        self.pressed: set[str] = set()
        self.sent: set[str] = set()

    def read(self) -> None:
        """Read the traffic since the last time; it is kept for a while only."""
        for entry in self._traffic.entries():
            # A test that sends the very same request twice sends it as it stands.
            if entry.direction == "to_bot" and isinstance(entry.request, dict):
                self._note_sent(entry.request)
            self._note_shown(list(_walk(entry.request if entry.direction == "to_slack" else entry.response)))
        self._traffic.clear()

    def in_vain(self) -> list[str]:
        """What is shown or said to be typed, and nobody listens."""
        ours = listened()
        words = {line.split()[1] for line in self.lines if " " in line}
        return sorted((self.actions - ours.actions) | (self.forms - ours.forms) | (words - ours.words))

    def _note_sent(self, request: Any) -> None:
        self.pressed |= {action["action_id"] for action in request.get("actions") or ()}
        if request.get("type") == "view_submission":
            self.sent.add(request["view"]["callback_id"])

    def _note_shown(self, objects: list[dict[str, Any]]) -> None:
        silent = [one for one in objects if one.get("type") == "input" and not one.get("dispatch_action")]
        inputs = {id(one["element"]) for one in silent}
        self.actions |= {one["action_id"] for one in objects if "action_id" in one and id(one) not in inputs}
        self.forms |= {
            one["callback_id"] for one in objects if one.get("type") == "modal" and "submit" in one
        }
        texts = [one["text"] for one in objects if isinstance(one.get("text"), str)]
        self.lines |= {line.strip() for text in texts for line in _LINE.findall(text)}


def _walk(value: Any) -> Iterator[dict[str, Any]]:
    """Every object within a JSON value."""
    if isinstance(value, dict):
        yield value
        for item in value.values():
            yield from _walk(item)
    elif isinstance(value, list):
        for item in value:
            yield from _walk(item)
