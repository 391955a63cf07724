"""Block Kit, as far as Goalkeeper uses it: plain dicts, within the limits that Slack sets."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.slack.text import Mrkdwn

Block = dict[str, Any]

SECTION_MAX = 3000
LABEL_MAX = 75
TEXT_MAX = 4000


@dataclass(frozen=True, slots=True)
class Message:
    """A message: `text` is complete by itself, for notifications and screen readers; `blocks` show it."""

    text: Mrkdwn
    blocks: Sequence[Block] = field(default_factory=list)
    without_chart: Sequence[Block] = ()
    """For a message with a chart: its blocks with text instead, for a Slack that refuses the chart."""

    def as_arguments(self) -> dict[str, Any]:
        """Return the arguments of `chat.postMessage` and similar methods."""
        return {"text": shorten(self.text, TEXT_MAX), "blocks": list(self.blocks)}

    @property
    def plainly(self) -> "Message":
        """The same message without its chart."""
        return Message(self.text, self.without_chart)


def shorten(text: str, most: int) -> str:
    """Return `text`, cut with an ellipsis if it is longer than Slack accepts."""
    return text if len(text) <= most else text[: most - 1] + "…"


def plain(text: str, most: int = SECTION_MAX) -> Block:
    """Return text that Slack shows as it is; the right object for what people wrote."""
    return {"type": "plain_text", "text": shorten(text, most), "emoji": True}


def marked(text: Mrkdwn) -> Block:
    """Return text with markup; verbatim, so that Slack adds no links or pings of its own."""
    return {"type": "mrkdwn", "text": shorten(text, SECTION_MAX), "verbatim": True}


def section(text: Mrkdwn, accessory: Block | None = None) -> Block:
    """Return a paragraph, with a control beside it if there is one."""
    block: Block = {"type": "section", "text": marked(text)}
    return block if accessory is None else {**block, "accessory": accessory}


def context(*texts: Mrkdwn) -> Block:
    """Return small print."""
    return {"type": "context", "elements": [marked(text) for text in texts]}


def actions(*elements: Block) -> Block:
    """Return a row of controls."""
    return {"type": "actions", "elements": list(elements)}


def button(label: str, action_id: str, value: str, *, style: str | None = None) -> Block:
    """Return a button; `style` is `primary` or `danger`."""
    element: Block = {
        "type": "button",
        "text": plain(label, LABEL_MAX),
        "action_id": action_id,
        "value": value,
    }
    return element if style is None else {**element, "style": style}


def option(label: str, value: str) -> Block:
    """Return one choice of a menu."""
    return {"text": plain(label, LABEL_MAX), "value": value}


def select(action_id: str, options: Iterable[Block], chosen: str | None = None) -> Block:
    """Return a menu; `chosen` is the value shown at first."""
    choices = list(options)
    element: Block = {"type": "static_select", "action_id": action_id, "options": choices}
    for choice in choices:
        if choice["value"] == chosen:
            element["initial_option"] = choice
    return element


def field_input(
    block_id: str,
    label: str,
    element: Block,
    *,
    hint: str | None = None,
    optional: bool = False,
    dispatches: bool = False,
) -> Block:
    """Return an input of a form; `dispatches` reports each change at once."""
    block: Block = {
        "type": "input",
        "block_id": block_id,
        "label": plain(label),
        "element": element,
        "optional": optional,
    }
    if hint:
        block["hint"] = plain(hint)
    if dispatches:
        block["dispatch_action"] = True
    return block


def modal(
    callback_id: str, title: str, blocks: Sequence[Block], *, submit: str, close: str = "Cancel", memo: str
) -> Block:
    """Return a form; `memo` comes back with everything that happens in it."""
    return {
        "type": "modal",
        "callback_id": callback_id,
        "title": plain(title, 24),
        "submit": plain(submit, 24),
        "close": plain(close, 24),
        "private_metadata": memo,
        "blocks": list(blocks),
    }
