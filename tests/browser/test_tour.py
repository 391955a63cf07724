"""The tour, as somebody meets it who opens the page for the first time."""

from typing import Any

import pytest
from playwright.sync_api import ViewportSize, expect

from docs.studio import ANA, Studio, Visit
from docs.ways import DESK, PHONE

_BOXES = """() => {
    const box = (selector) => {
        const { left, top, right, bottom } = document.querySelector(selector).getBoundingClientRect();
        return { left, top, right, bottom };
    };
    return { card: box(".tour-card"), light: box(".tour-light"), width: innerWidth, height: innerHeight };
}"""


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_it_leads_to_a_first_goal_in_seven_steps(studio: Studio, size: ViewportSize) -> None:
    with studio.visit(ANA, first=True, size=size, dark=size is PHONE) as ana:
        ana.reads_step(1)
        for step in range(2, 8):
            _covers_nothing(ana)
            ana.picture(f"tour-{step - 1}")
            ana.next_step(step)
        _covers_nothing(ana)
        ana.picture("tour-7")
        assert not studio.flaws, "\n".join(studio.flaws)
        expect(ana.page.locator("#person-button")).to_contain_text("Ana Souza")
        ana.page.keyboard.press("Enter")
        expect(ana.page.locator("#tour")).not_to_be_visible()
        ana.sees("goals set:")
        ana.sees("Please set your")
        ana.page.reload()
        expect(ana.page.locator("#connection[data-state=live]")).to_be_visible()
        expect(ana.page.locator("#tour")).not_to_be_visible()


def test_who_would_rather_type_is_waited_for(studio: Studio) -> None:
    with studio.visit(ANA, first=True) as ana:
        ana.reads_step(1)
        ana.next_step(2)
        ana.press("#tour-own")
        expect(ana.page.locator("#composer")).to_be_focused()
        ana.page.keyboard.type("/goals set")
        ana.page.keyboard.press("Enter")
        ana.reads_step(3)
        ana.press("#tour-own")
        ana.fill("Signups", "31")
        ana.save()
        ana.reads_step(4)
        ana.sees("goals set: 31 signups")


def test_it_can_be_left_with_escape_and_taken_again(studio: Studio) -> None:
    with studio.visit(ANA, first=True) as ana:
        ana.reads_step(1)
        ana.next_step(2)
        for _ in range(6):
            ana.page.keyboard.press("Tab")
            assert ana.page.evaluate(
                "document.activeElement === document.body || !!document.activeElement.closest('#tour')"
            )
        ana.page.locator("#tour-next").focus()
        ana.page.keyboard.press("ArrowLeft")
        ana.reads_step(1)
        ana.page.keyboard.press("Escape")
        expect(ana.page.locator("#tour")).not_to_be_visible()
        ana.press("#help")
        ana.press("#tour-again")
        ana.reads_step(1)
        ana.press("#tour-skip")
        expect(ana.page.locator("#help")).to_be_focused()


def test_a_screen_reader_hears_each_step(studio: Studio) -> None:
    with studio.visit(ANA, first=True) as ana:
        ana.reads_step(1)
        tour = ana.page.get_by_role("dialog", name="You are somebody here")
        expect(tour.get_by_role("button", name="End the tour")).to_be_visible()
        expect(tour.locator("[aria-live=polite]")).to_contain_text("You begin as Ana Souza")


def _covers_nothing(visit: Visit) -> None:
    """The card is whole in the window, and beside what is lit."""
    boxes: dict[str, Any] = visit.page.evaluate(_BOXES)
    card, light = boxes["card"], boxes["light"]
    assert card["left"] >= 0
    assert card["top"] >= 0
    assert card["right"] <= boxes["width"]
    assert card["bottom"] <= boxes["height"]
    assert light["right"] - light["left"] > 40
    assert light["bottom"] - light["top"] > 20
    beside = card["left"] >= light["right"] or card["right"] <= light["left"]
    apart = card["top"] >= light["bottom"] or card["bottom"] <= light["top"]
    assert beside or apart, boxes
