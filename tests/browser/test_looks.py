"""What the page looks like, on a desk and on a phone, by day and by night: nothing is cut or covered."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from docs.studio import ADAEZE, ANA, DESK, MARISOL, PHONE, Studio
from tests.browser import gallery

_INSPECTION = Path(__file__).with_name("inspection.js").read_text().partition("\n")[2]
_DRAW = """async ([blocks, selector]) => {
    const [{ drawBlocks }, { Fields }] = await Promise.all([import("./blocks.js"), import("./fields.js")]);
    const host = { fields: Fields.of(blocks, {}), act: async () => {} };
    const drawn = drawBlocks(blocks, host);
    document.querySelector(selector).replaceChildren(drawn);
}"""
_DELETE = """async () => {
    const { Conversation } = await import("./messages.js");
    const conversation = new Conversation({ onAction: () => {}, drawEmpty: () => "" });
    conversation.show([{ ts: "1700000000.000100", user: "U0GOALKEEPR", text: "taken back" }]);
    conversation.remove("1700000000.000100");
}"""

sizes = pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])


@sizes
def test_every_screen_can_be_read_and_used(studio: Studio, size: ViewportSize) -> None:
    with studio.visit(ANA, size=size) as ana:
        page = ana.page
        _inspect(page, "nothing said yet")
        ana.type("/goals")
        ana.sees("Here is what you can do")
        ana.type("/goals set 20 50k 3")
        ana.sees("Set in time")
        _inspect(page, "messages")
        if size is PHONE:
            page.get_by_role("button", name="Channels and people").click()
            expect(page.locator("#sidebar")).to_be_in_viewport(ratio=1)
            _inspect(page, "sidebar")
        page.locator("#person-button").click()
        _inspect(page, "people")
        page.keyboard.press("Escape")
        page.keyboard.press("Escape")
        for panel in ("help", "clock", "faults-toggle"):
            page.locator(f"#{panel}").click()
            _inspect(page, panel)
            page.keyboard.press("Escape")
        ana.type_for_form("/goals set")
        ana.fill("Signups", "280000")
        ana.fill("Revenue", "sixty")
        page.locator("#submit").click()
        expect(page.locator("[data-error-for]:visible")).to_have_count(2)
        _inspect(page, "mistakes in a form")
        page.locator("#modal-cancel").click()
        page.locator("#composer").fill("/")
        _inspect(page, "suggestions")
        page.locator("#composer").fill("")
        page.locator("#reset").click()
        _inspect(page, "a question")
        page.locator("#confirm-deny").click()
        page.locator("#traffic-toggle").click()
        page.locator("#traffic-list summary").first.click()
        _inspect(page, "traffic")


@sizes
def test_forms_on_forms_can_be_read_and_used(studio: Studio, size: ViewportSize) -> None:
    with studio.visit(ADAEZE, size=size) as adaeze:
        adaeze.type("/goals setup")
        for action in ("teams.list.open", "teams.add"):
            expect(adaeze.page.locator(f"#modal[open] [data-action-id='{action}']")).to_be_visible()
            _inspect(adaeze.page, f"before {action}")
            adaeze.press(f"#modal [data-action-id='{action}']")
        expect(adaeze.page.locator("#modal[data-depth='3']")).to_be_visible()
        _inspect(adaeze.page, "a new team")


@sizes
def test_every_block_and_element_is_drawn(studio: Studio, size: ViewportSize) -> None:
    with studio.visit(MARISOL, size=size) as marisol:
        page = marisol.page
        for blocks, name in ((gallery.message(), "message"), (gallery.form(), "form")):
            page.evaluate(_DRAW, [blocks, "#messages"])
            expect(page.locator("#messages .unsupported")).to_have_count(0)
            expect(page.locator("#messages .block")).to_have_count(len(blocks))
            _inspect(page, name)
        page.evaluate(_DRAW, [gallery.message(), "#messages"])
        expect(
            page.get_by_role("img", name="How March goes, line. Signups: Mar 1 0, Mar 2 3")
        ).to_be_visible()
        expect(page.get_by_role("columnheader", name="Revenue")).to_be_visible()
        expect(page.locator(".block-markdown").get_by_role("link", name="link", exact=True)).to_be_visible()


def test_a_deleted_message_leaves_word(studio: Studio) -> None:
    with studio.visit(ANA) as ana:
        ana.page.evaluate(_DELETE)
        ana.sees("This message was deleted.")
        expect(ana.page.get_by_text("taken back")).to_have_count(0)


def _inspect(page: Page, screen: str) -> None:
    found: list[Any] = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce")
        found += [f"{scheme}: {one}" for one in page.evaluate(_INSPECTION)]
    assert not found, f"{screen}:\n" + "\n".join(found)
