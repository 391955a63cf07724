"""Text as Slack reads it: whom it pings, what a reader sees, how typed text is escaped."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from sandbox.model import Json

_SPECIAL = re.compile(r"<([^<>\n]+)>")
_PLAIN_NAME = re.compile(r"(?<![\w<!@])@(channel|here|everyone)\b")
_BROADCASTS = {"channel", "here", "everyone", "subteam"}
_MARKS = tuple(re.compile(rf"(?<![\w{m}]){m}([^{m}\n]+?){m}(?![\w{m}])") for m in (r"\*", "_", "~", "`"))
_FENCE = re.compile(r"```\n?")

NameOf = Callable[[str], str]
"""Gives the name that people see for an id."""


def escaped(text: str) -> str:
    """The three characters that Slack reads as control sequences, made harmless."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unescaped(text: str) -> str:
    """The reverse of `escaped`."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def sequence_pings(text: str) -> list[str]:
    """Whom the control sequences of mrkdwn notify: `<@U…>`, `<!here>`, `<!subteam^…>`."""
    found = []
    for inner in _SPECIAL.findall(text):
        name = inner.split("|")[0]
        if name.startswith("@") or (name.startswith("!") and name[1:].split("^")[0] in _BROADCASTS):
            found.append(name[1:])
    return found


def linked_pings(text: str) -> list[str]:
    """Whom bare names notify where Slack links names by itself: mrkdwn that is not verbatim."""
    return _PLAIN_NAME.findall(_SPECIAL.sub(" ", text))


def message_pings(text: str, blocks: list[Json], *, link_names: bool = False) -> list[str]:
    """Whom a message notifies by name, each once.

    Control sequences count wherever mrkdwn is read, also in verbatim text: `verbatim` only stops Slack from
    linking bare names by itself. Plain text never pings.
    """
    found = sequence_pings(text) + (linked_pings(text) if link_names else [])
    for item in objects(blocks):
        match item.get("type"):
            case "mrkdwn" | "markdown":
                text = str(item.get("text", ""))
                found += sequence_pings(text) + ([] if item.get("verbatim") else linked_pings(text))
            case "user" if "user_id" in item:
                found.append(item["user_id"])
            case "broadcast":
                found.append(item["range"])
    return list(dict.fromkeys(found))


def objects(value: Any) -> Iterator[Json]:
    """Every JSON object within, outermost first, in reading order."""
    if isinstance(value, Mapping):
        yield dict(value)
        for item in value.values():
            yield from objects(item)
    elif isinstance(value, list):
        for item in value:
            yield from objects(item)


def readable(text: str, name_of: NameOf) -> str:
    """Mrkdwn as a reader sees it: names in place of ids, no marks, no escapes."""

    def shown(match: re.Match[str]) -> str:
        target, _, label = match[1].partition("|")
        if target.startswith("@"):
            return "@" + name_of(target[1:])
        if target.startswith("#"):
            return "#" + (label or name_of(target[1:]))
        if target.startswith("!"):
            return label or "@" + target[1:].split("^")[0]
        return label or target

    text = _FENCE.sub("", _SPECIAL.sub(shown, text))
    for mark in _MARKS:
        text = mark.sub(r"\1", text)
    return unescaped(text)


def as_typed(
    text: str,
    people: Mapping[str, str],
    channels: Mapping[str, str],
    labels: Mapping[str, str] | None = None,
) -> str:
    """What Slack sends for what somebody typed: escaped, `@name` and `#channel` replaced by their ids.

    `people` and `channels` give the id for each name that can be typed; `labels` gives what to add to each id
    (`<@U1|ana>`), as slash commands with `should_escape` have it.
    """
    text = _linked(escaped(text), "@", people, labels)
    text = _linked(text, "#", channels, labels)
    return re.sub(r"(?<![\w])@(channel|here|everyone)\b", r"<!\1>", text)


def _linked(text: str, sign: str, ids: Mapping[str, str], labels: Mapping[str, str] | None) -> str:
    by_name = {escaped(name).casefold(): some_id for name, some_id in ids.items()}
    if not by_name:
        return text
    # Longest first, so that "@Ana Lima" is not taken for "@Ana".
    names = "|".join(re.escape(name) for name in sorted(by_name, key=len, reverse=True))

    def link(match: re.Match[str]) -> str:
        some_id = by_name[match[1].casefold()]
        return f"<{sign}{some_id}|{labels[some_id]}>" if labels else f"<{sign}{some_id}>"

    return re.sub(rf"(?<![\w<]){sign}({names})(?!\w)", link, text, flags=re.IGNORECASE)
