"""The four ways to look at the page: on a desk and on a phone, by day and by night."""

from pathlib import Path
from typing import Literal, NamedTuple

from playwright.sync_api import Page, ViewportSize

DESK = ViewportSize(width=1200, height=760)
PHONE = ViewportSize(width=390, height=760)

Scheme = Literal["light", "dark"]

_INSPECTION = Path(__file__).with_name("inspection.js").read_text().partition("\n")[2]
_DRAWN = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"


class Way(NamedTuple):
    """One of them; its name follows that of a picture."""

    name: str
    size: ViewportSize
    scheme: Scheme

    def show(self, page: Page) -> None:
        """Have the page look this way."""
        if page.viewport_size != self.size:
            page.set_viewport_size(self.size)
        page.emulate_media(color_scheme=self.scheme, reduced_motion="reduce")
        page.evaluate(_DRAWN)


WAYS = (
    Way("", DESK, "light"),
    Way("-dark", DESK, "dark"),
    Way("-phone", PHONE, "light"),
    Way("-phone-dark", PHONE, "dark"),
)


def look_over(page: Page) -> list[str]:
    """What people would stumble over: cut or covered, hard to read, without a name."""
    found: list[str] = page.evaluate(_INSPECTION)
    return found
