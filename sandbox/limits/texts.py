"""Text objects, options and confirmation dialogs."""

from typing import Any

from sandbox.limits.fields import boolean, record, several, string, tagged
from sandbox.limits.place import Check, Place


def plain(longest: int = 3_000, shortest: int = 1) -> Check:
    """A plain_text object."""
    return tagged({"plain_text": _plain(longest, shortest)}, "only plain_text is allowed here")


def mrkdwn_or_plain(longest: int = 3_000) -> Check:
    """A text object of either kind."""
    kinds = {"plain_text": _plain(longest, 1), "mrkdwn": _mrkdwn(longest)}
    return tagged(kinds, "plain_text or mrkdwn")


def _plain(longest: int, shortest: int) -> Check:
    return record({"type": string(20), "text": string(longest, shortest)}, {"emoji": boolean})


def _mrkdwn(longest: int) -> Check:
    return record({"type": string(20), "text": string(longest)}, {"verbatim": boolean})


def option(text: Check, *, url: bool = False) -> Check:
    """One option of a menu or a group of boxes."""
    more: dict[str, Check] = {"description": text}
    if url:
        more["url"] = string(3_000)
    return record({"text": text, "value": string(75)}, more)


PLAIN_OPTION = option(plain(75))
RICH_OPTION = option(mrkdwn_or_plain(75))
OVERFLOW_OPTION = option(plain(75), url=True)
OPTION_GROUP = record({"label": plain(75), "options": several(PLAIN_OPTION, 100)})

CONFIRM = record(
    {"title": plain(100), "text": mrkdwn_or_plain(300), "confirm": plain(30), "deny": plain(30)},
    {"style": string(10, pattern="primary|danger")},
)


def distinct_options(value: Any, place: Place) -> None:
    """No two options of one element may have the same value."""
    values = [option.get("value") for option in offered(value)]
    if len(values) != len(set(map(str, values))):
        place.at("options").complain("option values must be unique")


def offered(element: Any) -> list[Any]:
    """The options of an element, of its groups too."""
    options = list(element.get("options") or [])
    for group in element.get("option_groups") or []:
        options += group.get("options") or [] if isinstance(group, dict) else []
    return [one for one in options if isinstance(one, dict)]


def initial_is_offered(value: Any, place: Place) -> None:
    """What is chosen from the start must be one of the options, word for word."""
    chosen = value.get("initial_options")
    wanted = [("initial_option", value["initial_option"])] if value.get("initial_option") else []
    wanted += [("initial_options", one) for one in chosen or []] if isinstance(chosen, list) else []
    for name, one in wanted:
        if one not in offered(value):
            place.at(name).complain("must exactly match one of the provided options")
