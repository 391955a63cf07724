"""One of each block and element that the page draws, with words that are long and of any script."""

from sandbox.limits.blocks import BLOCKS
from sandbox.limits.elements import MENUS, PICKERS, TYPED
from tests.sandbox.forms import Json, button, entry, option, plain

LONG = (
    "A name that goes on for as long as names are allowed to, أحمد عبد الرحمن, 山田太郎 and-without-a-single-"
    + "x" * 60
)
_DAYS = [f"Mar {day}" for day in range(1, 13)]
_LINK = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='640' height='200'/%3E"
NOT_DRAWN = {"external_select", "multi_external_select", "file_input"}
"""Known to the sandbox, used by nothing."""


def _mrkdwn(text: str) -> Json:
    return {"type": "mrkdwn", "text": text}


def _element(kind: str) -> Json:
    element: Json = {"type": kind, "action_id": kind}
    if "static_select" in kind or kind in ("checkboxes", "radio_buttons"):
        element["options"] = [option("one"), option("two"), {"text": plain(LONG[:75]), "value": "long"}]
    if kind == "number_input":
        element["is_decimal_allowed"] = False
    return element


def _plot(kind: str) -> Json:
    series = [
        {"name": name, "data": [{"label": day, "value": step * at} for at, day in enumerate(_DAYS)]}
        for name, step in (("Signups", 3), ("Expected", 2.5))
    ]
    axes = {"categories": _DAYS, "x_label": "Day", "y_label": "Signups"}
    return {
        "type": "data_visualization",
        "title": f"How March goes, {kind}",
        "chart": {"type": kind, "series": series, "axis_config": axes},
    }


def _pie() -> Json:
    segments = [{"label": name, "value": at + 1} for at, name in enumerate(("West", "East", "Nobody"))]
    return {"type": "data_visualization", "title": "Share", "chart": {"type": "pie", "segments": segments}}


def _table() -> Json:
    rows = [
        ["Rep", "Signups", "Revenue", "Progress"],
        ["Ana Souza", "20", "$50,000", "112 %"],
        [LONG, "3", "$0", "–"],
    ]
    return {
        "type": "table",
        "rows": [[{"type": "raw_text", "text": text} for text in row] for row in rows],
        "column_settings": [
            {"is_wrapped": True},
            {"align": "right"},
            {"align": "right"},
            {"align": "center"},
        ],
    }


def _rich() -> Json:
    def line(text: str, **style: bool) -> Json:
        return {"type": "rich_text_section", "elements": [{"type": "text", "text": text, "style": style}]}

    items = {"type": "rich_text_list", "style": "bullet", "elements": [line("one"), line(LONG)]}
    quote = {"type": "rich_text_quote", "elements": [{"type": "text", "text": "quoted"}]}
    code = {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "/goals set 20 50k 3"}]}
    return {"type": "rich_text", "elements": [line("bold", bold=True), items, quote, code]}


def _overflow() -> Json:
    return {"type": "overflow", "action_id": "more", "options": [option("one"), option("two")]}


def message() -> list[Json]:
    """Every block of a message, twice where it comes in kinds."""
    blocks: list[Json] = [
        {"type": "header", "text": plain(f"Header: {LONG}"[:150])},
        {
            "type": "section",
            "text": _mrkdwn(f"*Bold* _italic_ ~gone~ `code` {LONG}"),
            "accessory": _overflow(),
        },
        {"type": "section", "fields": [_mrkdwn(f"*Field {at}*\n{LONG}") for at in range(3)]},
        {"type": "section", "text": _mrkdwn("Which?"), "accessory": _element("static_select")},
        {"type": "divider"},
        {"type": "context", "elements": [_mrkdwn("🕰️ Rehearsal"), plain(LONG)]},
        {
            "type": "actions",
            "elements": [button("go", style="primary"), button("no", style="danger"), button("maybe")],
        },
        {
            "type": "actions",
            "elements": [_element("datepicker"), _element("timepicker"), _element("radio_buttons")],
        },
        {"type": "image", "image_url": _LINK, "alt_text": "A chart", "title": plain(LONG)},
        {"type": "markdown", "text": "**Markdown** with a [link](https://northwind.example)"},
        _rich(),
        _table(),
        *(_plot(kind) for kind in ("bar", "line", "area")),
        _pie(),
    ]
    assert {str(block["type"]) for block in blocks} == set(BLOCKS) - {"input"}
    return [{**block, "block_id": f"block-{at}"} for at, block in enumerate(blocks)]


def form() -> list[Json]:
    """Every element of a form that people can fill in."""
    kinds = [kind for kind in {**MENUS, **PICKERS, **TYPED} if kind not in NOT_DRAWN]
    return [entry(kind, _element(kind), hint=plain(LONG), optional=True) for kind in kinds]
