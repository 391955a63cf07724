"""Block elements: buttons, menus, inputs; which fields they have and where they may stand."""

from typing import Any

from sandbox.limits.fields import (
    DATE,
    ID,
    TIME,
    URL,
    Fields,
    boolean,
    every,
    integer,
    one_of,
    only_in,
    record,
    several,
    string,
    tagged,
)
from sandbox.limits.place import Check, Place
from sandbox.limits.texts import (
    CONFIRM,
    OPTION_GROUP,
    OVERFLOW_OPTION,
    PLAIN_OPTION,
    RICH_OPTION,
    distinct_options,
    initial_is_offered,
    plain,
)

_TYPE: Fields = {"type": string(50)}
_ACTION: Fields = {**_TYPE, "action_id": ID}
_ASKS: Fields = {"confirm": CONFIRM, "focus_on_load": boolean}
_PROMPTS: Fields = {**_ASKS, "placeholder": plain(150)}
_ANY_ID = string(30, pattern=r"[A-Z0-9]+")
_DECIMAL = string(50, pattern=r"-?\d+(\.\d+)?")
_DISPATCH = record(
    {}, {"trigger_actions_on": several(one_of("on_enter_pressed", "on_character_entered"), most=2)}
)


def _element(required: Fields | None = None, optional: Fields | None = None) -> Check:
    # Slack gives an action_id to elements without one; a bot could then not tell them apart, so ask for it.
    return record({**_ACTION, **(required or {})}, optional)


def _either_options_or_groups(value: Any, place: Place) -> None:
    if bool(value.get("options")) == bool(value.get("option_groups")):
        place.complain("must have either options or option_groups")


def _bounds_in_order(low: str, high: str) -> Check:
    def check(value: Any, place: Place) -> None:
        try:
            in_order = float(value.get(low) or "-inf") <= float(value.get(high) or "inf")
        except (TypeError, ValueError):
            return
        if not in_order:
            place.at(low).complain(f"must not be greater than {high}")

    return check


def _within(name: str, low: str, high: str) -> Check:
    def check(value: Any, place: Place) -> None:
        try:
            given = float(value[name])
            fits = float(value.get(low) or "-inf") <= given <= float(value.get(high) or "inf")
        except (KeyError, TypeError, ValueError):
            return
        if not fits:
            place.at(name).complain(f"must lie between {low} and {high}")

    return check


def _decimals_allowed(value: Any, place: Place) -> None:
    for name in ("initial_value", "min_value", "max_value"):
        if value.get("is_decimal_allowed") is False and "." in str(value.get(name, "")):
            place.at(name).complain("decimals are not allowed")


def _initial_fits_length(value: Any, place: Place) -> None:
    given = value.get("initial_value")
    if isinstance(given, str) and len(given) > (value.get("max_length") or 3_000):
        place.at("initial_value").complain("must not be longer than max_length")


_OPTIONS_OR_GROUPS: Fields = {
    "options": several(PLAIN_OPTION, 100),
    "option_groups": several(OPTION_GROUP, 100),
}
_MANY: Fields = {"max_selected_items": integer(1, 100)}


def _menu(one: Fields, many: Fields, required: Fields | None = None) -> tuple[Check, Check]:
    common = {**_PROMPTS}
    return (
        _element(required, {**common, **one}),
        _element(required, {**common, **many, **_MANY}),
    )


def _static_menus() -> tuple[Check, Check]:
    one = record(_ACTION, {**_PROMPTS, **_OPTIONS_OR_GROUPS, "initial_option": PLAIN_OPTION})
    many = record(
        _ACTION, {**_PROMPTS, **_OPTIONS_OR_GROUPS, **_MANY, "initial_options": several(PLAIN_OPTION, 100)}
    )
    rules = (_either_options_or_groups, distinct_options, initial_is_offered)
    return every(one, *rules), every(many, *rules)


_RESPONSE_URL: Fields = {"response_url_enabled": boolean}
_FILTER = record(
    {},
    {
        "include": several(one_of("im", "mpim", "private", "public"), 4),
        "exclude_external_shared_channels": boolean,
        "exclude_bot_users": boolean,
    },
)
_STATIC, _MULTI_STATIC = _static_menus()
_EXTERNAL, _MULTI_EXTERNAL = _menu(
    {"initial_option": PLAIN_OPTION, "min_query_length": integer(0, 1_000)},
    {"initial_options": several(PLAIN_OPTION, 100), "min_query_length": integer(0, 1_000)},
)
_USERS, _MULTI_USERS = _menu({"initial_user": _ANY_ID}, {"initial_users": several(_ANY_ID, 100)})
_CONVERSATIONS, _MULTI_CONVERSATIONS = _menu(
    {
        "initial_conversation": _ANY_ID,
        "default_to_current_conversation": boolean,
        "filter": _FILTER,
        **_RESPONSE_URL,
    },
    {
        "initial_conversations": several(_ANY_ID, 100),
        "default_to_current_conversation": boolean,
        "filter": _FILTER,
    },
)
_CHANNELS, _MULTI_CHANNELS = _menu(
    {"initial_channel": _ANY_ID, **_RESPONSE_URL}, {"initial_channels": several(_ANY_ID, 100)}
)
_BOXES: Fields = {"options": several(RICH_OPTION, 10)}
_TEXT_LENGTHS: Fields = {"min_length": integer(0, 3_000), "max_length": integer(1, 3_000)}
_TYPED: Fields = {"placeholder": plain(150), "focus_on_load": boolean, "dispatch_action_config": _DISPATCH}

BUTTON = _element(
    {"text": plain(75)},
    {
        "url": URL,
        "value": string(2_000),
        "style": one_of("primary", "danger"),
        "confirm": CONFIRM,
        "accessibility_label": string(75),
    },
)
OVERFLOW = every(
    record({**_ACTION, "options": several(OVERFLOW_OPTION, 5)}, {"confirm": CONFIRM}), distinct_options
)
IMAGE = record({**_TYPE, "image_url": URL, "alt_text": string(2_000)})

MENUS: Fields = {
    "static_select": _STATIC,
    "multi_static_select": _MULTI_STATIC,
    "external_select": _EXTERNAL,
    "multi_external_select": _MULTI_EXTERNAL,
    "users_select": _USERS,
    "multi_users_select": _MULTI_USERS,
    "conversations_select": _CONVERSATIONS,
    "multi_conversations_select": _MULTI_CONVERSATIONS,
    "channels_select": _CHANNELS,
    "multi_channels_select": _MULTI_CHANNELS,
}
SINGLE_MENUS: Fields = {name: check for name, check in MENUS.items() if not name.startswith("multi_")}

PICKERS: Fields = {
    "checkboxes": every(
        _element(_BOXES, {**_ASKS, "initial_options": several(RICH_OPTION, 10)}),
        distinct_options,
        initial_is_offered,
    ),
    "radio_buttons": every(
        _element(_BOXES, {**_ASKS, "initial_option": RICH_OPTION}), distinct_options, initial_is_offered
    ),
    "datepicker": _element({}, {**_PROMPTS, "initial_date": DATE}),
    "timepicker": _element({}, {**_PROMPTS, "initial_time": TIME, "timezone": string(100)}),
}
# Slack wants seconds since 1970 in ten digits.
DATETIME: Fields = {
    "datetimepicker": only_in(
        ("message", "modal"),
        _element({}, {**_ASKS, "initial_date_time": integer(1_000_000_000, 9_999_999_999)}),
    )
}
TYPED: Fields = {
    "plain_text_input": every(
        _element({}, {**_TYPED, **_TEXT_LENGTHS, "initial_value": string(3_000, 0), "multiline": boolean}),
        _bounds_in_order("min_length", "max_length"),
        _initial_fits_length,
    ),
    "number_input": only_in(
        ("modal",),
        every(
            _element(
                {"is_decimal_allowed": boolean},
                {**_TYPED, "initial_value": _DECIMAL, "min_value": _DECIMAL, "max_value": _DECIMAL},
            ),
            _bounds_in_order("min_value", "max_value"),
            _within("initial_value", "min_value", "max_value"),
            _decimals_allowed,
        ),
    ),
    "email_text_input": only_in(("modal",), _element({}, {**_TYPED, "initial_value": string(3_000, 0)})),
    "url_text_input": only_in(("modal",), _element({}, {**_TYPED, "initial_value": string(3_000, 0)})),
    "file_input": only_in(
        ("modal",), _element({}, {"filetypes": several(string(20), 50), "max_files": integer(1, 10)})
    ),
}

ACCESSORY = tagged(
    {"button": BUTTON, "overflow": OVERFLOW, "image": IMAGE, **MENUS, **PICKERS}, "accessory of a section"
)
ACTION = tagged(
    {"button": BUTTON, "overflow": OVERFLOW, **SINGLE_MENUS, **PICKERS, **DATETIME}, "element of actions"
)
INPUT = tagged({**MENUS, **PICKERS, **DATETIME, **TYPED}, "element of an input")
