"""Modals, stacked at most three deep for each person, and published App Homes."""

import json
from dataclasses import dataclass, field
from typing import Any

from sandbox.capabilities import Capabilities
from sandbox.changes import Changes
from sandbox.errors import SlackRefusal, invalid
from sandbox.forms import Values, state
from sandbox.ids import slack_id, view_hash
from sandbox.limits import view_problems
from sandbox.limits.surfaces import LARGEST_VIEW
from sandbox.model import Json, Workspace
from sandbox.posts import with_ids
from sandbox.time import RealTime

DEEPEST = 3


@dataclass
class View:
    """An open modal."""

    id: str
    user: str
    payload: Json
    hash: str
    root_id: str
    previous_id: str | None
    values: Values = field(default_factory=dict)

    @property
    def blocks(self) -> list[Json]:
        """Its blocks, each with an id."""
        blocks: list[Json] = self.payload["blocks"]
        return blocks


def checked_view(view: Any, kind: str) -> Json:
    """A view of this kind that Slack would take.

    Raises:
        SlackRefusal: view_too_large, or invalid_arguments with where and what.
    """
    if len(json.dumps(view, separators=(",", ":")).encode()) > LARGEST_VIEW:
        raise SlackRefusal("view_too_large")
    if problems := view_problems(view):
        raise invalid("invalid_arguments", problems)
    if view["type"] != kind:
        raise invalid("invalid_arguments", [f"[ERROR] must be {kind} [json-pointer:/view/type]"])
    body: Json = view
    return body


class Views:
    """Every open modal, and the Home tabs."""

    def __init__(
        self, workspace: Workspace, changes: Changes, capabilities: Capabilities, now: RealTime
    ) -> None:
        self._workspace = workspace
        self._changes = changes
        self._capabilities = capabilities
        self._now = now
        self._stacks: dict[str, list[View]] = {}

    def stack(self, user: str) -> list[View]:
        """The open views of a person, bottom first."""
        return self._stacks.setdefault(user, [])

    def find(self, view_id: str | None = None, external_id: str | None = None) -> View | None:
        """An open view by its id or the id that the bot gave it."""
        for stack in self._stacks.values():
            for view in stack:
                if view.id == view_id or (external_id and view.payload.get("external_id") == external_id):
                    return view
        return None

    def open(self, trigger_id: str, payload: Json) -> View:
        """Opens a modal for who did what the trigger_id stands for; what was open closes."""
        self._refuse_duplicate(payload)
        interaction = self._capabilities.exchange(trigger_id)
        view = self._new(interaction.user, payload, below=None)
        self._stacks[interaction.user] = [view]
        interaction.opened = self.json(view)
        self._tell(interaction.user)
        return view

    def push(self, trigger_id: str, payload: Json) -> View:
        """Puts a modal on top of those that are open."""
        self._refuse_duplicate(payload)
        interaction = self._capabilities.exchange(trigger_id)
        if not self.stack(interaction.user) or interaction.from_view is None:
            raise SlackRefusal("invalid_arguments")
        view = self.pushed(interaction.user, payload)
        interaction.opened = self.json(view)
        return view

    def pushed(self, user: str, payload: Json) -> View:
        """As `push`, in answer to a submission."""
        stack = self.stack(user)
        if len(stack) >= DEEPEST:
            raise SlackRefusal("push_limit_reached")
        view = self._new(user, payload, below=stack[-1] if stack else None)
        stack.append(view)
        self._tell(user)
        return view

    def update(self, view: View, payload: Json, expected_hash: str | None = None) -> None:
        """Replaces what a view shows; inputs that stay keep what was typed.

        Raises:
            SlackRefusal: hash_conflict when the bot knew an older version.
        """
        if expected_hash and expected_hash != view.hash:
            raise SlackRefusal("hash_conflict")
        if payload.get("external_id") != view.payload.get("external_id"):
            self._refuse_duplicate(payload)
        view.payload = {**payload, "blocks": with_ids(payload["blocks"])}
        view.values = state(view.blocks, view.values)
        view.hash = view_hash(self._now())
        self._tell(view.user)

    def fill(self, view: View, values: Values) -> None:
        """Keeps what somebody typed."""
        for block_id, actions in values.items():
            view.values.setdefault(block_id, {}).update(actions)

    def close(self, view: View, *, whole_stack: bool = False) -> list[View]:
        """Closes a view and those above it, or all; returns what closed, topmost first."""
        stack = self.stack(view.user)
        cut = 0 if whole_stack else stack.index(view)
        closed = stack[cut:][::-1]
        del stack[cut:]
        self._tell(view.user)
        return closed

    def publish(self, user: str, payload: Json, expected_hash: str | None = None) -> Json:
        """Replaces a person's App Home."""
        old = self._workspace.homes.get(user)
        if expected_hash and (old is None or expected_hash != old["hash"]):
            raise SlackRefusal("hash_conflict")
        view = View(
            old["id"] if old else slack_id("V"),
            user,
            {**payload, "blocks": with_ids(payload["blocks"])},
            view_hash(self._now()),
            "",
            None,
        )
        view.root_id = view.id
        view.values = state(view.blocks, old["state"]["values"] if old else None)
        home = self._workspace.homes[user] = self.json(view)
        self._changes.tell("home", frozenset({user}), home=home)
        return home

    def fill_home(self, user: str, values: Values) -> Json:
        """Keep what somebody chose or typed in their Home tab; return the tab."""
        home = self._workspace.homes[user]
        known = state(home["blocks"], home["state"]["values"])
        for block_id, actions in values.items():
            known.setdefault(block_id, {}).update(actions)
        home["state"]["values"] = known
        return home

    def json(self, view: View) -> Json:
        """A view as Slack's payloads have it."""
        workspace, payload = self._workspace, view.payload
        return {
            "id": view.id,
            "team_id": workspace.team_id,
            "type": payload["type"],
            "blocks": view.blocks,
            "private_metadata": payload.get("private_metadata", ""),
            "callback_id": payload.get("callback_id", ""),
            "state": {"values": view.values},
            "hash": view.hash,
            "title": payload.get("title"),
            "clear_on_close": payload.get("clear_on_close", False),
            "notify_on_close": payload.get("notify_on_close", False),
            "close": payload.get("close"),
            "submit": payload.get("submit"),
            "previous_view_id": view.previous_id,
            "root_view_id": view.root_id,
            "app_id": workspace.app_id,
            "external_id": payload.get("external_id", ""),
            "app_installed_team_id": workspace.team_id,
            "bot_id": workspace.bot_id,
        }

    def _new(self, user: str, payload: Json, below: View | None) -> View:
        view_id = slack_id("V")
        body = {**payload, "blocks": with_ids(payload["blocks"])}
        root = below.root_id if below else view_id
        view = View(view_id, user, body, view_hash(self._now()), root, below.id if below else None)
        view.values = state(view.blocks)
        return view

    def _refuse_duplicate(self, payload: Json) -> None:
        if payload.get("external_id") and self.find(external_id=payload["external_id"]):
            raise SlackRefusal("duplicate_external_id")

    def _tell(self, user: str) -> None:
        stack = [self.json(view) for view in self.stack(user)]
        self._changes.tell("views", frozenset({user}), views=stack)
