from typing import Any

import pytest

from sandbox.limits import message_problems, view_problems
from tests.sandbox.forms import (
    Json,
    actions,
    button,
    entry,
    modal,
    number,
    option,
    plain,
    section,
    select,
    text_input,
)


def mrkdwn(text: str) -> Json:
    return {"type": "mrkdwn", "text": text}


def boxes(kind: str, count: int, **more: Any) -> Json:
    return {"type": kind, "action_id": "a", "options": [option(str(n)) for n in range(count)], **more}


def table(rows: int = 2, columns: int = 2, text: str = "x") -> Json:
    cell = {"type": "raw_text", "text": text}
    return {"type": "table", "rows": [[cell] * columns for _ in range(rows)]}


def chart(series: int = 1, points: int = 3, **more: Any) -> Json:
    labels = [f"d{n}" for n in range(points)]
    data = [{"label": label, "value": 1.5} for label in labels]
    body = {
        "type": "line",
        "series": [{"name": f"s{n}", "data": data} for n in range(series)],
        "axis_config": {"categories": labels, "x_label": "Day", "y_label": "Signups"},
    }
    return {"type": "data_visualization", "title": "Pace", "chart": {**body, **more}}


def pie(count: int, value: float = 1) -> Json:
    segments = [{"label": f"s{n}", "value": value} for n in range(count)]
    return {"type": "data_visualization", "title": "Share", "chart": {"type": "pie", "segments": segments}}


def rich(*pieces: Json) -> Json:
    return {
        "type": "rich_text",
        "elements": [{"type": "rich_text_section", "elements": list(pieces)}],
    }


CONFIRM = {"title": plain("Sure?"), "text": mrkdwn("*Really*"), "confirm": plain("Yes"), "deny": plain("No")}
LINK = {"type": "image", "image_url": "https://northwind.example/a.png", "alt_text": "A chart"}

GOOD_MESSAGES = [
    [section("x" * 3000)],
    [{"type": "section", "fields": [mrkdwn("x" * 2000)] * 10}],
    [section(accessory=button(confirm=CONFIRM, style="primary", url="https://northwind.example"))],
    [section(accessory=boxes("overflow", 5))],
    [section(accessory=LINK), LINK, {"type": "divider"}],
    [{"type": "header", "text": plain("x" * 150)}],
    [{"type": "context", "elements": [mrkdwn("x"), LINK] * 5}],
    [actions(*[button(f"b{n}") for n in range(25)])],
    [actions(select("s", *[str(n) for n in range(100)], initial_option=option("7")))],
    [actions(boxes("radio_buttons", 10), boxes("checkboxes", 10) | {"action_id": "b"})],
    [section()] * 50,
    [table(100, 20)],
    [chart(6, 20), pie(6)],
    [rich({"type": "text", "text": " ", "style": {"bold": True}}, {"type": "user", "user_id": "U1"})],
    [{"type": "markdown", "text": "# x"}],
]

BAD_MESSAGES = [
    (section(""), "/blocks/0/text/text"),
    (section("   "), "/blocks/0/text/text"),
    (section("x" * 3001), "/blocks/0/text/text"),
    ({"type": "section"}, "/blocks/0"),
    ({"type": "section", "fields": [mrkdwn("x")] * 11}, "/blocks/0/fields"),
    ({"type": "section", "fields": [mrkdwn("x" * 2001)]}, "/blocks/0/fields/0/text"),
    ({"type": "section", "text": "x"}, "/blocks/0/text"),
    ({"type": "section", "text": mrkdwn("x"), "colour": "red"}, "/blocks/0/colour"),
    (section(accessory=text_input()), "/blocks/0/accessory/type"),
    (section(accessory=button(value="x" * 2001)), "/blocks/0/accessory/value"),
    (section(accessory=button(text=plain("x" * 76))), "/blocks/0/accessory/text/text"),
    (section(accessory=button(text=mrkdwn("x"))), "/blocks/0/accessory/text/type"),
    (section(accessory=button(style="green")), "/blocks/0/accessory/style"),
    (section(accessory=button(url="javascript:x")), "/blocks/0/accessory/url"),
    (section(accessory={"type": "button", "text": plain("x")}), "/blocks/0/accessory"),
    (section(accessory=button(confirm={**CONFIRM, "title": plain("x" * 101)})), "/confirm/title/text"),
    (section(accessory=boxes("overflow", 6)), "/blocks/0/accessory/options"),
    (section(accessory={**LINK, "alt_text": ""}), "/blocks/0/accessory/alt_text"),
    ({"type": "header", "text": plain("x" * 151)}, "/blocks/0/text/text"),
    ({"type": "header", "text": mrkdwn("x")}, "/blocks/0/text/type"),
    ({"type": "context", "elements": [mrkdwn("x")] * 11}, "/blocks/0/elements"),
    ({"type": "context", "elements": [button()]}, "/blocks/0/elements/0/type"),
    (actions(), "/blocks/0/elements"),
    (actions(*[button(f"b{n}") for n in range(26)]), "/blocks/0/elements"),
    (actions(button(), button()), "/blocks/0"),
    (actions(select("s", *[str(n) for n in range(101)])), "/blocks/0/elements/0/options"),
    (actions(select(initial_option=option("three"))), "/blocks/0/elements/0/initial_option"),
    (actions(select("s", "x" * 76)), "/blocks/0/elements/0/options/0/text/text"),
    (actions(select("s", "same", "same")), "/blocks/0/elements/0/options"),
    (actions({"type": "static_select", "action_id": "s"}), "/blocks/0/elements/0"),
    (actions(boxes("radio_buttons", 11)), "/blocks/0/elements/0/options"),
    (actions(boxes("checkboxes", 11)), "/blocks/0/elements/0/options"),
    (actions(boxes("multi_static_select", 2)), "/blocks/0/elements/0/type"),
    (actions({"type": "datepicker", "action_id": "d", "initial_date": "1/2/26"}), "/initial_date"),
    (entry("n", number()), "/blocks/0/element"),
    ({"type": "video"}, "/blocks/0/type"),
    ({"type": "divider", "block_id": "x" * 256}, "/blocks/0/block_id"),
    ("text", "/blocks/0"),
    (table(101, 1), "/blocks/0/rows"),
    (table(1, 21), "/blocks/0/rows/0"),
    (table(text=""), "/blocks/0/rows/0/0/text"),
    (table(2, 2, "x" * 2501), "/blocks/0"),
    ({"type": "table", "rows": [[{"type": "raw_text", "text": "x"}], []]}, "/blocks/0/rows/1"),
    (chart(7), "/blocks/0/chart/series"),
    (chart(1, 21), "/blocks/0/chart/series/0/data"),
    (chart(axis_config={"categories": ["other"]}), "/blocks/0/chart/series/0"),
    (chart() | {"title": "x" * 51}, "/blocks/0/title"),
    (pie(7), "/blocks/0/chart/segments"),
    (pie(2, 0), "/blocks/0/chart/segments/0/value"),
    (rich({"type": "text", "text": ""}), "/elements/0/elements/0/text"),
    (rich({"type": "mrkdwn", "text": "x"}), "/elements/0/elements/0/type"),
]


@pytest.mark.parametrize("blocks", GOOD_MESSAGES)
def test_a_message_that_slack_takes(blocks: list[Json]) -> None:
    assert message_problems(blocks) == []


@pytest.mark.parametrize(("block", "where"), BAD_MESSAGES)
def test_a_block_that_slack_refuses(block: Json, where: str) -> None:
    problems = message_problems([block])
    assert problems
    assert where + "]" in problems[0]


@pytest.mark.parametrize(
    "blocks",
    [
        [section()] * 51,
        [section(block_id="a"), section(block_id="a")],
        [table(), table()],
        [chart(), chart(), pie(2)],
        {"type": "section"},
    ],
)
def test_blocks_that_slack_refuses_together(blocks: Any) -> None:
    assert message_problems(blocks)


def home(*blocks: Json, **more: Any) -> Json:
    return {"type": "home", "blocks": list(blocks), **more}


GOOD_VIEWS = [
    modal(entry("a", text_input(min_length=1, max_length=3000)), private_metadata="x" * 3000),
    modal(entry("a", number(min_value="0", max_value="6", initial_value="3"))),
    modal(entry("a", boxes("radio_buttons", 10)), entry("b", boxes("multi_static_select", 3))),
    {"type": "modal", "title": plain("Read"), "blocks": [section()]},
    modal(*[section()] * 100, title=plain("x" * 24), close=plain("x" * 24), notify_on_close=True),
    home(section(), actions(button()), chart()),
    home(entry("a", text_input(), dispatch_action=True)),
]

BAD_VIEWS = [
    modal(entry("a", text_input()), submit=None),
    {"type": "modal", "title": plain("Set"), "blocks": [entry("a", text_input())]},
    modal(section(), title=plain("x" * 25)),
    modal(section(), title=mrkdwn("x")),
    modal(section(), submit=plain("x" * 25)),
    modal(section(), private_metadata="x" * 3001),
    modal(section(), callback_id="x" * 256),
    modal(section(), colour="red"),
    modal(*[section()] * 101),
    modal(*[section("x" * 3000)] * 84),
    modal(),
    modal(entry("a", {"type": "number_input", "action_id": "n"})),
    modal(entry("a", number(min_value=0))),
    modal(entry("a", number(min_value="7", max_value="6"))),
    modal(entry("a", number(initial_value="9", max_value="6"))),
    modal(entry("a", number(initial_value="1.5"))),
    modal(entry("a", text_input(max_length=3001))),
    modal(entry("a", text_input(placeholder=plain("x" * 151)))),
    modal(entry("a", button())),
    modal(entry("a", text_input(), label=mrkdwn("x"))),
    modal(entry("a", text_input(), label=plain("x" * 2001))),
    modal(table()),
    modal(chart()),
    modal({"type": "markdown", "text": "x"}),
    home(entry("a", number())),
    home(section(), title=plain("Home")),
    home(*[section()] * 101),
    home(table()),
    {"type": "workflow_step", "blocks": []},
    "modal",
    None,
]


@pytest.mark.parametrize("view", GOOD_VIEWS)
def test_a_view_that_slack_takes(view: Json) -> None:
    assert view_problems(view) == []


@pytest.mark.parametrize("view", BAD_VIEWS)
def test_a_view_that_slack_refuses(view: Json) -> None:
    assert view_problems(view)
