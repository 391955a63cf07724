"""The form for who is an admin: built and read back, pure functions."""

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
"""People that Slack lets one choose in one input."""


@dataclass(frozen=True, slots=True)
class Submitted:
    """Who was chosen, and who had been when the form was opened; Slack ids."""

    opened_with: frozenset[str]
    chosen: frozenset[str]
    drawn: int


def form(admins: Named) -> Block:
    """The form, with those who are named admins now."""
    return _form(admins, admins.named, drawn=0)


def form_again(submitted: Submitted, changed: ChangedMeanwhile[Named]) -> Block:
    """The form after somebody else came first: whom one added or took out is kept."""
    added = submitted.chosen - submitted.opened_with
    taken_out = submitted.opened_with - submitted.chosen
    chosen = (changed.now.named | added) - taken_out
    view = _form(changed.now, chosen, drawn=submitted.drawn + 1)
    notice = came_first(changed.changes, dict.fromkeys(changed.changes, say("who is an admin")))
    return {**view, "blocks": [notice, *view["blocks"]]}


def read(view: Block) -> Submitted:
    """Who was chosen."""
    memo = json.loads(view["private_metadata"])
    chosen = frozenset(filled_in(view)[ADMINS] or ()).union(memo["unshown"])
    return Submitted(frozenset(memo["opened"]), chosen, memo["drawn"])


def _form(admins: Named, chosen: Collection[str], drawn: int) -> Block:
    ordered = sorted(chosen)
    menu: Block = {
        "type": "multi_users_select",
        "action_id": ADMINS,
        "placeholder": plain("Choose people", 150),
        "max_selected_items": _MOST,
    }
    if ordered:
        menu["initial_users"] = ordered[:_MOST]
    hint = "They set Goalkeeper up, and see and set everybody's goals."
    blocks = [field_input(f"{ADMINS}:{drawn}", "Admins besides Slack's own", menu, hint=hint, optional=True)]
    if admins.by_slack:
        names = ", ".join(admin.name for admin in admins.by_slack[:_SHOWN])
        blocks.append(context(say("Slack's owners and admins are admins anyway: {names}", names=names)))
    # Whom the menu has no room for, as after a roster, stays an admin.
    memo = json.dumps({"opened": sorted(admins.named), "unshown": ordered[_MOST:], "drawn": drawn})
    return modal(SAVE, "Admins", blocks, submit="Save", close="Back", memo=memo)
