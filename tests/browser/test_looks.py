"""What the page looks like, on a desk and on a phone, by day and by night: nothing is cut or covered."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ViewportSize, expect

from docs.scenes import SCENES, tour
from docs.studio import ANA, MARISOL, Studio
from docs.ways import DESK, PHONE
from tests.browser import gallery

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


# Each step of the tour is looked over where it is clicked through: in test_tour.
@pytest.mark.parametrize(
    "scene", [scene for scene in SCENES if scene is not tour], ids=lambda scene: scene.__name__
)
def test_every_picture_can_be_read_and_used(studio: Studio, scene: Callable[[Studio], None]) -> None:
    scene(studio)
    assert studio.seen
    assert not studio.flaws, "\n".join(studio.flaws)


@pytest.mark.prove
@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.__name__)
def test_every_picture_can_be_taken_everywhere(
    chromium: Browser, address: str, tmp_path: Path, scene: Callable[[Studio], None]
) -> None:
    studio = Studio(chromium, address, lambda name: tmp_path / f"{name}.png")
    studio.begin_anew()
    scene(studio)
    assert {path.stem for path in tmp_path.iterdir()} == studio.seen
    assert not studio.flaws, "\n".join(studio.flaws)


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_every_block_and_element_is_drawn(studio: Studio, size: ViewportSize) -> None:
    with studio.visit(MARISOL, size=size) as marisol:
        page = marisol.page
        for blocks, name in ((gallery.message(), "message"), (gallery.form(), "form")):
            page.evaluate(_DRAW, [blocks, "#messages"])
            expect(page.locator("#messages .unsupported")).to_have_count(0)
            expect(page.locator("#messages .block")).to_have_count(len(blocks))
            marisol.picture(name)
        page.evaluate(_DRAW, [gallery.message(), "#messages"])
        expect(
            page.get_by_role("img", name="How March goes, line. Signups: Mar 1 0, Mar 2 3")
        ).to_be_visible()
        expect(page.get_by_role("columnheader", name="Revenue")).to_be_visible()
        expect(page.locator(".block-markdown").get_by_role("link", name="link", exact=True)).to_be_visible()
    assert not studio.flaws, "\n".join(studio.flaws)


def test_a_deleted_message_leaves_word(studio: Studio) -> None:
    with studio.visit(ANA) as ana:
        ana.page.evaluate(_DELETE)
        ana.sees("This message was deleted.")
        expect(ana.page.get_by_text("taken back")).to_have_count(0)
