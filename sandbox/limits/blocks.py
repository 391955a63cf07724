"""Blocks: which fields each has, and in which surface it may stand."""

from typing import Any

from sandbox.limits.elements import ACCESSORY, ACTION, IMAGE, INPUT
from sandbox.limits.fields import (
    ID,
    URL,
    Fields,
    boolean,
    every,
    only_in,
    record,
    several,
    string,
    tagged,
)
from sandbox.limits.figures import CHART, TABLE
from sandbox.limits.place import Check, Place
from sandbox.limits.rich_text import RICH_TEXT
from sandbox.limits.texts import mrkdwn_or_plain, plain

_TYPE: Fields = {"type": string(50)}
_ID: Fields = {"block_id": ID}


def _block(required: Fields, optional: Fields | None = None) -> Check:
    return record({**_TYPE, **required}, {**_ID, **(optional or {})})


def _text_or_fields(value: Any, place: Place) -> None:
    if not value.get("text") and not value.get("fields"):
        place.complain("a section needs text or fields")


def _dispatch_only_typed(value: Any, place: Place) -> None:
    element = value.get("element")
    kind = element.get("type") if isinstance(element, dict) else ""
    if value.get("dispatch_action") and kind == "file_input":
        place.at("dispatch_action").complain("not supported for file_input")


_CONTEXT_TEXT = mrkdwn_or_plain(3_000)
_CONTEXT_ELEMENT = tagged(
    {"image": IMAGE, "mrkdwn": _CONTEXT_TEXT, "plain_text": _CONTEXT_TEXT}, "element of a context"
)

BLOCKS: Fields = {
    "section": every(
        _block(
            {},
            {
                "text": mrkdwn_or_plain(3_000),
                "fields": several(mrkdwn_or_plain(2_000), 10),
                "accessory": ACCESSORY,
                "expand": boolean,
            },
        ),
        _text_or_fields,
    ),
    "divider": _block({}),
    "header": _block({"text": plain(150)}),
    "context": _block({"elements": several(_CONTEXT_ELEMENT, 10)}),
    "actions": _block({"elements": several(ACTION, 25)}),
    "input": every(
        _block(
            {"label": plain(2_000), "element": INPUT},
            {"hint": plain(2_000), "optional": boolean, "dispatch_action": boolean},
        ),
        _dispatch_only_typed,
    ),
    "image": _block({"image_url": URL, "alt_text": string(2_000)}, {"title": plain(2_000)}),
    "rich_text": RICH_TEXT,
    "markdown": only_in(("message",), _block({"text": string(12_000)})),
    "table": only_in(("message",), TABLE),
    "data_visualization": only_in(("message", "home"), CHART),
}
"""Those that the bot may use. Others that Slack knows (video, card …) are refused until they are needed."""

BLOCK = tagged(BLOCKS, "block")
