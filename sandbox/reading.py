"""Blocks as one reads them: all visible text, top to bottom."""

from collections.abc import Iterator
from typing import Any

from sandbox.model import Json
from sandbox.mrkdwn import NameOf, readable, unescaped

_ORDER = (
    "title",
    "label",
    "text",
    "alt_text",
    "placeholder",
    "fields",
    "rows",
    "elements",
    "element",
    "options",
    "option_groups",
    "description",
    "accessory",
    "hint",
    "chart",
    "series",
    "segments",
    "data",
    "name",
    "value",
)


def visible(text: str, blocks: list[Json], name_of: NameOf) -> str:
    """All that a reader of a message or view sees: its blocks if it has any, else its text."""
    if not blocks:
        return readable(text, name_of)
    return "\n".join(line for line in _lines(blocks, name_of) if line)


def _lines(value: Any, name_of: NameOf) -> Iterator[str]:
    if isinstance(value, list):
        for item in value:
            yield from _lines(item, name_of)
    elif isinstance(value, dict):
        yield from _object(value, name_of)


def _object(item: Json, name_of: NameOf) -> Iterator[str]:
    match item.get("type"):
        case "mrkdwn" | "markdown":
            yield readable(str(item.get("text", "")), name_of)
        case "plain_text" | "raw_text":
            yield unescaped(str(item.get("text", "")))
        case "table":
            for row in item.get("rows", []):
                yield " | ".join(" ".join(_lines(cell, name_of)) for cell in row)
        case "rich_text_section" | "rich_text_preformatted" | "rich_text_quote":
            yield "".join(_rich(piece, name_of) for piece in item.get("elements", []))
        case "data_visualization":
            yield from _chart(item)
        case _:
            for key in _ORDER:
                yield from _member(item.get(key), key, name_of)


def _member(value: Any, key: str, name_of: NameOf) -> Iterator[str]:
    if isinstance(value, dict | list):
        yield from _lines(value, name_of)
    elif key == "alt_text" and value:
        yield str(value)


def _rich(piece: Json, name_of: NameOf) -> str:
    match piece.get("type"):
        case "text":
            return str(piece.get("text", ""))
        case "link":
            return str(piece.get("text") or piece.get("url", ""))
        case "user":
            return "@" + name_of(str(piece.get("user_id")))
        case "channel":
            return "#" + name_of(str(piece.get("channel_id")))
        case "broadcast":
            return "@" + str(piece.get("range"))
        case "emoji":
            return f":{piece.get('name')}:"
        case "date":
            return str(piece.get("fallback", ""))
    return ""


def _chart(item: Json) -> Iterator[str]:
    yield str(item.get("title", ""))
    chart = item.get("chart", {})
    for series in chart.get("series", []):
        points = ", ".join(f"{point.get('label')} {point.get('value')}" for point in series.get("data", []))
        yield f"{series.get('name')}: {points}"
    for segment in chart.get("segments", []):
        yield f"{segment.get('label')}: {segment.get('value')}"
