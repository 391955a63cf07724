"""Whole messages, modals and Home tabs: counts, sizes, and what blocks must not share."""

import json
from collections import Counter
from typing import Any

from sandbox.limits.blocks import BLOCK
from sandbox.limits.fields import Fields, anything, boolean, record, several, string, tagged
from sandbox.limits.place import Place, Surface
from sandbox.limits.texts import plain
from sandbox.model import Json
from sandbox.mrkdwn import objects

MOST_BLOCKS: dict[Surface, int] = {"message": 50, "modal": 100, "home": 100}
LONGEST_TEXT = 4_000
LONGEST_MESSAGE = 10_000
LARGEST_VIEW = 250_000
_MOST_OF_A_KIND = {"table": 1, "data_visualization": 2}
_TEXTS = {"plain_text", "mrkdwn", "raw_text", "markdown", "text"}

_IDS: Fields = {
    "private_metadata": string(3_000, 0),
    "callback_id": string(255, 0),
    "external_id": string(255, 0),
}
_BLOCKS_LATER = anything  # a place of their own: see _blocks
_MODAL = record(
    {"type": string(10), "title": plain(24), "blocks": _BLOCKS_LATER},
    {
        **_IDS,
        "submit": plain(24),
        "close": plain(24),
        "clear_on_close": boolean,
        "notify_on_close": boolean,
        "submit_disabled": boolean,
    },
)
_HOME = record({"type": string(10), "blocks": _BLOCKS_LATER}, _IDS)
_VIEW = tagged({"modal": _MODAL, "home": _HOME}, "view")


def message_problems(blocks: Any) -> list[str]:
    """What Slack would have against these blocks in a message; empty if nothing."""
    place = Place("message")
    _blocks(blocks, place.at("blocks"), least=0)
    return place.problems


def text_length(blocks: list[Json]) -> int:
    """The characters of all text in blocks."""
    return sum(len(str(item.get("text", ""))) for item in objects(blocks) if item.get("type") in _TEXTS)


def view_problems(view: Any) -> list[str]:
    """What Slack would have against this modal or Home tab; empty if nothing."""
    surface: Surface = "home" if isinstance(view, dict) and view.get("type") == "home" else "modal"
    place = Place(surface)
    _VIEW(view, place)
    if place.problems and not isinstance(view, dict):
        return place.problems
    _blocks(view.get("blocks"), place.at("blocks"))
    if surface == "modal" and not view.get("submit") and _has_inputs(view.get("blocks")):
        place.complain("missing required field: submit (the view has inputs)")
    if len(json.dumps(view, separators=(",", ":")).encode()) > LARGEST_VIEW:
        place.complain(f"view must be smaller than {LARGEST_VIEW} bytes")
    return place.problems


def metadata_problem(metadata: Any) -> str | None:
    """Slack's error for this message metadata, None if it is fine (flat payload of at most 16,000 bytes)."""
    if not isinstance(metadata, dict) or not isinstance(metadata.get("event_type"), str):
        return "invalid_metadata_format"
    payload = metadata.get("event_payload")
    if not isinstance(payload, dict) or set(metadata) - {"event_type", "event_payload"}:
        return "invalid_metadata_format"
    if any(not _flat(value) for value in payload.values()):
        return "invalid_metadata_format"
    return "metadata_too_large" if len(json.dumps(metadata).encode()) > 16_000 else None


def _flat(value: Any) -> bool:
    if isinstance(value, list):
        return all(isinstance(one, str | int | float) for one in value)
    return isinstance(value, str | int | float)


def _blocks(blocks: Any, place: Place, least: int = 1) -> None:
    several(BLOCK, MOST_BLOCKS[place.surface], least)(blocks, place)
    if not isinstance(blocks, list) or place.problems:
        return
    known = [block for block in blocks if isinstance(block, dict)]
    _distinct_ids(known, place)
    kinds = Counter(str(block.get("type")) for block in known)
    for kind, most in _MOST_OF_A_KIND.items():
        if kinds[kind] > most:
            place.complain(f"no more than {most} {kind} allowed")
    for index, block in enumerate(blocks):
        if (
            isinstance(block, dict)
            and block.get("type") == "table"
            and text_length([block]) > LONGEST_MESSAGE
        ):
            place.at(index).complain(f"a table must be less than {LONGEST_MESSAGE + 1} characters")


def _distinct_ids(blocks: list[Json], place: Place) -> None:
    ids = Counter(str(block["block_id"]) for block in blocks if block.get("block_id"))
    for block_id, count in ids.items():
        if count > 1:
            place.complain(f"`block_id` should be unique: {block_id}")
    for index, block in enumerate(blocks):
        inner = [*(block.get("elements") or []), block.get("accessory"), block.get("element")]
        actions = Counter(str(e["action_id"]) for e in inner if isinstance(e, dict) and e.get("action_id"))
        for action_id, count in actions.items():
            if count > 1:
                place.at(index).complain(f"`action_id` should be unique: {action_id}")


def _has_inputs(blocks: Any) -> bool:
    return isinstance(blocks, list) and any(isinstance(b, dict) and b.get("type") == "input" for b in blocks)
