"""The rich_text block: sections, lists, quotes and preformatted text."""

from sandbox.limits.fields import (
    ID,
    URL,
    Fields,
    boolean,
    integer,
    one_of,
    record,
    several,
    string,
    tagged,
)
from sandbox.limits.place import Check

_TYPE: Fields = {"type": string(50)}
_STYLE = record({}, dict.fromkeys(("bold", "italic", "strike", "code", "underline"), boolean))
_STYLED: Fields = {"style": _STYLE}
_SLACK_ID = string(30, pattern=r"[A-Z0-9]+")


def _piece(required: Fields, optional: Fields | None = None) -> Check:
    return record({**_TYPE, **required}, {**_STYLED, **(optional or {})})


# Text here may be a single space or line break between other pieces, so only emptiness is refused.
_ANY_TEXT = string(3_000, 0, pattern=r"(?s).+")

PIECE = tagged(
    {
        "text": _piece({"text": _ANY_TEXT}),
        "link": _piece({"url": URL}, {"text": string(3_000), "unsafe": boolean}),
        "emoji": _piece({"name": string(100)}, {"unicode": string(100), "skin_tone": integer(1, 6)}),
        "user": _piece({"user_id": _SLACK_ID}),
        "channel": _piece({"channel_id": _SLACK_ID}),
        "usergroup": _piece({"usergroup_id": _SLACK_ID}),
        "broadcast": _piece({"range": one_of("here", "channel", "everyone")}),
        "date": _piece(
            {"timestamp": integer(0, 9_999_999_999), "format": string(200)},
            {"fallback": string(200), "url": URL},
        ),
        "color": _piece({"value": string(20)}),
    },
    "element of rich text",
)
_PIECES: Fields = {"elements": several(PIECE, 1_000)}
_BORDER: Fields = {"border": integer(0, 1)}
_SECTION = record({**_TYPE, **_PIECES})

PARTS = tagged(
    {
        "rich_text_section": _SECTION,
        "rich_text_list": record(
            {
                **_TYPE,
                "style": one_of("bullet", "ordered"),
                "elements": several(tagged({"rich_text_section": _SECTION}, "rich_text_list"), 100),
            },
            {"indent": integer(0, 8), "offset": integer(0, 1_000), **_BORDER},
        ),
        "rich_text_preformatted": record({**_TYPE, **_PIECES}, {**_BORDER, "language": string(50)}),
        "rich_text_quote": record({**_TYPE, **_PIECES}, _BORDER),
    },
    "part of rich text",
)
RICH_TEXT = record({**_TYPE, "elements": several(PARTS, 100)}, {"block_id": ID})
