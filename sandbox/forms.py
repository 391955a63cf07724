"""What people fill in: the state of inputs, and what Slack's own form refuses to send."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from sandbox.limits.texts import offered
from sandbox.model import Json

Values = dict[str, dict[str, Json]]
"""Slack's `state.values`: block_id → action_id → the value with its type."""

_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
REQUIRED = "Please complete this required field."


@dataclass(frozen=True)
class Kind:
    """How an element's value is called in payloads and in blocks."""

    state: str
    initial: str
    many: bool = False


KINDS = {
    "plain_text_input": Kind("value", "initial_value"),
    "number_input": Kind("value", "initial_value"),
    "email_text_input": Kind("value", "initial_value"),
    "url_text_input": Kind("value", "initial_value"),
    "static_select": Kind("selected_option", "initial_option"),
    "external_select": Kind("selected_option", "initial_option"),
    "radio_buttons": Kind("selected_option", "initial_option"),
    "checkboxes": Kind("selected_options", "initial_options", many=True),
    "multi_static_select": Kind("selected_options", "initial_options", many=True),
    "multi_external_select": Kind("selected_options", "initial_options", many=True),
    "users_select": Kind("selected_user", "initial_user"),
    "multi_users_select": Kind("selected_users", "initial_users", many=True),
    "channels_select": Kind("selected_channel", "initial_channel"),
    "multi_channels_select": Kind("selected_channels", "initial_channels", many=True),
    "conversations_select": Kind("selected_conversation", "initial_conversation"),
    "multi_conversations_select": Kind("selected_conversations", "initial_conversations", many=True),
    "datepicker": Kind("selected_date", "initial_date"),
    "timepicker": Kind("selected_time", "initial_time"),
    "datetimepicker": Kind("selected_date_time", "initial_date_time"),
}

# An overflow menu sends what was chosen and keeps no state.
_OVERFLOW = Kind("selected_option", "")


def elements(blocks: list[Json]) -> Iterator[tuple[Json, Json]]:
    """Every interactive element with its block, in reading order."""
    for block in blocks:
        for element in (block.get("element"), block.get("accessory"), *(block.get("elements") or [])):
            if isinstance(element, dict) and element.get("action_id"):
                yield block, element


def state(blocks: list[Json], before: Values | None = None) -> Values:
    """The values of all inputs: what was typed before where the input is the same, else its initial value."""
    values: Values = {}
    for block, element in elements(blocks):
        kind = KINDS.get(element["type"])
        if kind is None:
            continue
        kept = (before or {}).get(block["block_id"], {}).get(element["action_id"])
        if kept is None or kept.get("type") != element["type"]:
            empty: Any = [] if kind.many else None
            kept = {"type": element["type"], kind.state: element.get(kind.initial, empty)}
        values.setdefault(block["block_id"], {})[element["action_id"]] = kept
    return values


def typed(element: Json, value: Any) -> Json:
    """The value of an element as payloads have it, from what a person types or the option they take.

    Raises:
        LookupError: when no such option is offered.
    """
    kind = KINDS.get(element["type"], _OVERFLOW)
    if not kind.state.startswith("selected_option"):
        if kind.state == "value" and value is not None:
            value = str(value) or None
        return {"type": element["type"], kind.state: value}
    by_value = {option["value"]: option for option in offered(element)}
    wanted = list(value or []) if kind.many else [value] if value is not None else []
    if missing := [one for one in wanted if one not in by_value]:
        raise LookupError(f"{element['action_id']} offers {sorted(by_value)}, not {missing}")
    chosen = [by_value[one] for one in wanted]
    return {"type": element["type"], kind.state: chosen if kind.many else next(iter(chosen), None)}


def problems(blocks: list[Json], values: Values) -> dict[str, str]:
    """What Slack's form itself refuses to send, by block_id: empty required fields, numbers out of bounds."""
    found = {}
    for block in blocks:
        if block["type"] != "input":
            continue
        element = block["element"]
        given = values.get(block["block_id"], {}).get(element["action_id"], {})
        value = given.get(KINDS[element["type"]].state) if element["type"] in KINDS else None
        if value in (None, "", []):
            if not block.get("optional") and element["type"] in KINDS:
                found[block["block_id"]] = REQUIRED
        elif problem := _wrong(element, value):
            found[block["block_id"]] = problem
    return found


def _wrong(element: Json, value: Any) -> str | None:
    match element["type"]:
        case "number_input":
            return _wrong_number(element, str(value))
        case "plain_text_input":
            if len(value) < element.get("min_length", 0):
                return f"Please enter at least {element['min_length']} characters."
            if len(value) > element.get("max_length", 3_000):
                return f"Please enter no more than {element.get('max_length', 3_000)} characters."
        case "email_text_input":
            return None if _EMAIL.fullmatch(str(value)) else "Please enter a valid email address."
        case "url_text_input":
            return None if _is_address(str(value)) else "Please enter a valid URL."
    return None


def _is_address(value: str) -> bool:
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and not re.search(r"\s", value)


def _wrong_number(element: Json, value: str) -> str | None:
    try:
        number = float(value)
    except ValueError:
        return "Please enter a valid number."
    if not element["is_decimal_allowed"] and not number.is_integer():
        return "Please enter a whole number."
    if "min_value" in element and number < float(element["min_value"]):
        return f"Please enter a number no less than {element['min_value']}."
    if "max_value" in element and number > float(element["max_value"]):
        return f"Please enter a number no greater than {element['max_value']}."
    return None
