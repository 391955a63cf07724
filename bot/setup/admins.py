"""The form that names admins: built and read back, pure functions."""

import json
from collections.abc import Collection
from dataclasses import dataclass

from bot.slack.blocks import Block, context, field_input, modal, plain
from bot.slack.forms import came_first, filled_in
from bot.slack.text import say
from domain.people.changes import ChangedMeanwhile
from domain.setup.service import ADMINS, Named

SAVE = "setup.admins.submit"
_SHOWN = 20
_MOST = 100
"""People that fit into one input, as Slack limits it."""
_ROOM = 2_500
"""Characters of ids that fit into the memo, of the 3,000 that Slack takes."""


@dataclass(frozen=True, slots=True)
class SubmittedAdmins:
    """The Slack ids that were chosen, and those of the admins when the form was drawn."""

    opened_with: frozenset[str]
    chosen: frozenset[str]
    drawn: int


def form(admins: Named) -> Block:
    """Return the form, with the people who are named admins now."""
    return _form(admins, admins.named, drawn=0)


def form_again(submitted: SubmittedAdmins, changed: ChangedMeanwhile[Named]) -> Block:
    """Return the form after somebody else came first, with the people this admin added and took out."""
    added = submitted.chosen - submitted.opened_with
    taken_out = submitted.opened_with - submitted.chosen
    chosen = (changed.now.named | added) - taken_out
    kept = _length(chosen ^ changed.now.named) <= _ROOM
    if not kept:
        chosen = changed.now.named
    view = _form(changed.now, chosen, drawn=submitted.drawn + 1)
    notice = came_first(changed.changes, dict.fromkeys(changed.changes, say("who is an admin")), kept=kept)
    return {**view, "blocks": [notice, *view["blocks"]]}


def read(view: Block) -> SubmittedAdmins:
    """Return what was chosen; the people shown at first come back with the form, so the memo stays short."""
    memo = json.loads(view["private_metadata"])
    held = filled_in(view)
    menus = [block["element"] for block in view["blocks"] if block["type"] == "input"]
    shown = frozenset(slack_id for menu in menus for slack_id in menu.get("initial_users", ()))
    chosen = frozenset(slack_id for menu in menus for slack_id in held.get(menu["action_id"]) or ())
    return SubmittedAdmins(shown ^ frozenset(memo["changed"]), chosen, memo["drawn"])


def _form(admins: Named, chosen: frozenset[str], drawn: int) -> Block:
    ordered = sorted(chosen)
    # The last input always has room for more.
    blocks = [
        _input(nth, ordered[start : start + _MOST], drawn)
        for nth, start in enumerate(range(0, len(ordered) + 1, _MOST), start=1)
    ]
    if admins.by_slack:
        names = ", ".join(admin.name for admin in admins.by_slack[:_SHOWN])
        blocks.append(context(say("Slack's owners and admins are admins anyway: {names}", names=names)))
    memo = json.dumps({"changed": sorted(chosen ^ admins.named), "drawn": drawn})
    return modal(SAVE, "Admins", blocks, submit="Save", close="Back", memo=memo)


def _input(nth: int, people: list[str], drawn: int) -> Block:
    name = ADMINS if nth == 1 else f"{ADMINS}_{nth}"
    menu: Block = {
        "type": "multi_users_select",
        "action_id": name,
        "placeholder": plain("Choose people", 150),
        "max_selected_items": _MOST,
    }
    if people:
        menu["initial_users"] = people
    label = "Admins besides Slack's own" if nth == 1 else f"More admins ({nth})"
    hint = "They set Goalkeeper up, and see and set everybody's goals." if nth == 1 else None
    return field_input(f"{name}:{drawn}", label, menu, hint=hint, optional=True)


def _length(slack_ids: Collection[str]) -> int:
    """Return the characters that these take in the memo, with quotes, comma and space."""
    return sum(len(slack_id) + 4 for slack_id in slack_ids)
