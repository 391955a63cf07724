"""What forms have in common: reading their inputs, and telling that somebody else saved first."""

from collections.abc import Mapping
from typing import Any

from bot.slack.blocks import Block, section
from bot.slack.text import Mrkdwn, escape

_VALUES = (
    "value", "selected_date", "selected_time", "selected_conversation", "selected_user", "selected_users",
)  # fmt: skip


def filled_in(view: Block) -> dict[str, Any]:
    """Return the value of each input by action id; None or an empty list for an empty one."""
    return {
        action_id: _held(element)
        for actions in view["state"]["values"].values()
        for action_id, element in actions.items()
    }


def _held(element: Block) -> Any:
    if "selected_option" in element:
        return (element["selected_option"] or {}).get("value")
    if "selected_options" in element:
        return [option["value"] for option in element["selected_options"] or ()]
    return next((element[name] for name in _VALUES if name in element), None)


def came_first(changes: Mapping[str, str | None], words: Mapping[str, Mrkdwn], *, kept: bool = True) -> Block:
    """Return a notice of what others have changed since the form was opened.

    `words` describe each change; `kept` says that the form still holds what was typed.
    """
    by: dict[str | None, list[Mrkdwn]] = {}
    for name, who in changes.items():
        by.setdefault(who, []).append(words[name])
    told = "; ".join(
        f"*{escape(who) if who else 'Somebody'}* has changed {', '.join(what)}" for who, what in by.items()
    )
    mine = "What you typed is kept, and nothing is saved yet: look it over and save."
    if not kept:
        mine = "Nothing is saved yet, and the form shows how it stands now: please make your changes again."
    notice = f"⚠️ Meanwhile {told}. {mine}"
    return {**section(Mrkdwn(notice)), "block_id": "notice"}
