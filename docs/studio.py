"""Goalkeeper started afresh, and a browser in front of it: for the pictures and the tests of the page."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from time import sleep

from playwright.sync_api import Browser, Page, ViewportSize, expect, sync_playwright

from bot.sandbox.sample import WEST
from bot.settings import Settings

FOLDER = Path(__file__).parent / "pictures"
ROOT = Path(__file__).parent.parent
DESK = ViewportSize(width=1200, height=760)
PHONE = ViewportSize(width=390, height=760)
PATIENCE_SECONDS = 60

ANA, DESHAWN, NOAH, MARISOL = "U0ANA000001", "U0DESHAWN01", "U0NOAH00001", WEST.manager
ADAEZE, JONAS = "U0ADAEZE001", "U0JONAS0001"
OISIN, FATMA, ZOE = "U0OISIN0001", "U0FATMA0001", "U0ZOE000001"

_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_QUIETLY = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@contextmanager
def product() -> Iterator[str]:
    """`goalkeeper run` as somebody new would start it, with a data folder of its own; gives its address."""
    ours = {name.upper() for name in Settings.model_fields}
    environment = {name: value for name, value in os.environ.items() if name.upper() not in ours}
    with tempfile.TemporaryDirectory(prefix="goalkeeper-pictures-") as folder:
        environment |= {"GOALKEEPER_DATA_DIR": folder, "PORT": "0"}
        log = Path(folder) / "log"
        with log.open("wb") as out:
            running = subprocess.Popen(
                [sys.executable, "-m", "bot", "run"], cwd=ROOT, env=environment, stdout=out, stderr=out
            )
        try:
            yield _address(running, log)
        finally:
            running.terminate()
            running.wait(PATIENCE_SECONDS)


def _address(running: subprocess.Popen[bytes], log: Path) -> str:
    """Where it can be opened, as it says itself."""
    for _ in range(10 * PATIENCE_SECONDS):
        if found := re.search(r"open (http://localhost:\d+)", log.read_text()):
            return found[1]
        if running.poll() is not None:
            break
        sleep(0.1)
    raise SystemExit(f"Goalkeeper did not start:\n{log.read_text()}")


def find_chromium() -> str | None:
    """Where the system keeps it, if it has one."""
    return next(filter(None, map(shutil.which, _BROWSERS)), None)


@contextmanager
def browser() -> Iterator[Browser]:
    """The system's Chromium."""
    path = find_chromium()
    if path is None:
        raise SystemExit("Taking pictures needs Chromium. On Debian and Ubuntu: apt install chromium")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=_QUIETLY)
        try:
            yield chromium
        finally:
            chromium.close()


class Studio:
    """Opens the page as somebody, and takes pictures of it."""

    def __init__(self, chromium: Browser, address: str, wanted: set[str]) -> None:
        self._chromium = chromium
        self._address = address
        self._wanted = wanted
        self.taken: set[str] = set()

    @contextmanager
    def visit(
        self,
        person: str,
        channel: str = "",
        *,
        size: ViewportSize = DESK,
        dark: bool = False,
        first: bool = False,
    ) -> Iterator["Visit"]:
        """The page of one person, in a channel or their messages with Goalkeeper; `first` with the tour."""
        with self._chromium.new_context(
            viewport=size,
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
            locale="en-US",
            timezone_id="America/New_York",
        ) as context:
            if not first:
                context.add_init_script("localStorage.setItem('goalkeeper.sandbox.tour', 'seen')")
            page = context.new_page()
            page.goto(f"{self._address}/sandbox/#as={person}&channel={channel}")
            expect(page.locator("#connection[data-state=live]")).to_be_visible()
            yield Visit(page, self)

    def keep(self, name: str, page: Page) -> None:
        """Write the picture, if it is one of those that are wanted."""
        self.taken.add(name)
        if not self._wanted or name in self._wanted:
            page.screenshot(path=FOLDER / f"{name}.png", animations="disabled", caret="hide")


class Visit:
    """What somebody does on the page, in their own words."""

    def __init__(self, page: Page, studio: Studio) -> None:
        self.page = page
        self._studio = studio

    def type(self, text: str) -> None:
        """Write in the message box and send."""
        self.page.locator("#composer").fill(text)
        self.page.locator("#send").click()

    def press(self, selector: str) -> None:
        """Press what a selector names."""
        self.page.locator(selector).click()

    def type_for_form(self, text: str) -> None:
        """Send what opens a form, and wait for it."""
        self.type(text)
        expect(self.page.locator("#modal[open] #submit")).to_be_visible()

    def fill(self, label: str, text: str) -> None:
        """Fill in one field of the form."""
        self.page.get_by_role("textbox", name=label).fill(text)

    def choose(self, menu: str, value: str) -> None:
        """Choose from a menu of the form."""
        self.page.locator(f"#modal [data-action-id='{menu}']").click()
        self.page.locator(f".picker-popup:popover-open [data-value='{value}']").click()

    def save(self) -> None:
        """Send the form off and see it closed."""
        self.page.locator("#submit").click()
        expect(self.page.locator("#modal[open]")).to_have_count(0)

    def go_to(self, *, day: int, hour: int, months: int = 0) -> str:
        """Move the clock to that day of the month it shows, or of a later one; gives the month's name."""
        self.press("#clock")
        when = datetime.fromisoformat(self.page.locator("#clock-when").input_value()).replace(day=1)
        for _ in range(months):
            when = (when + timedelta(days=31)).replace(day=1)
        self.page.locator("#clock-when").fill(f"{when.replace(day=day, hour=hour, minute=0):%Y-%m-%dT%H:%M}")
        self.press("#clock-panel [type=submit]")
        expect(self.page.locator("#clock")).to_contain_text(f" {day}")
        expect(self.page.locator("#clock-panel[aria-busy]")).to_have_count(0)
        self.page.keyboard.press("Escape")
        return f"{when:%B}"

    def sees(self, text: str) -> None:
        """Wait until a message says this."""
        expect(self.page.locator("#messages .message", has_text=text).last).to_be_visible()

    def reads_step(self, number: int) -> None:
        """Wait until the tour is there."""
        expect(self.page.locator("#tour .tour-count")).to_have_text(f"Step {number} of 7")
        expect(self.page.locator("#tour-next:not([aria-busy=true])")).to_be_focused()

    def next_step(self, number: int) -> None:
        """Go on with the tour, to this step."""
        self.page.keyboard.press("ArrowRight")
        self.reads_step(number)

    def picture(self, name: str) -> None:
        """Take a picture, once what was clicked has let go of the pointer."""
        self.page.mouse.move(0, 0)
        self._studio.keep(name, self.page)
