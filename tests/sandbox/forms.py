"""Blocks and modals for the tests."""

from typing import Any

Json = dict[str, Any]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def section(text: str = "x", **more: Any) -> Json:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **more}


def button(action_id: str = "go", value: str = "1", **more: Any) -> Json:
    return {"type": "button", "action_id": action_id, "text": plain("Go"), "value": value, **more}


def actions(*elements: Json) -> Json:
    return {"type": "actions", "block_id": "buttons", "elements": list(elements)}


def option(value: str) -> Json:
    return {"text": plain(value.title()), "value": value}


def select(action_id: str = "tier", *values: str, **more: Any) -> Json:
    options = [option(value) for value in values or ("one", "two")]
    return {"type": "static_select", "action_id": action_id, "options": options, **more}


def text_input(action_id: str = "note", **more: Any) -> Json:
    return {"type": "plain_text_input", "action_id": action_id, **more}


def number(action_id: str = "signups", **more: Any) -> Json:
    return {"type": "number_input", "action_id": action_id, "is_decimal_allowed": False, **more}


def entry(block_id: str, element: Json, **more: Any) -> Json:
    return {"type": "input", "block_id": block_id, "label": plain(block_id), "element": element, **more}


def modal(*blocks: Json, **more: Any) -> Json:
    body = {
        "type": "modal",
        "callback_id": "goals.set.submit",
        "title": plain("Goals"),
        "submit": plain("Save"),
    }
    return {**body, "blocks": list(blocks), **more}


def goals_form(**more: Any) -> Json:
    return modal(
        entry("signups", number(initial_value="20", max_value="100000")),
        entry("tier", select(), optional=True),
        entry("note", text_input(), optional=True),
        **more,
    )
