"""Goalkeeper started afresh, and a browser in front of it: for the pictures and the tests of the page."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from time import sleep

from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect, sync_playwright

from bot.settings import Settings
from docs.ways import DESK, PHONE, WAYS, Way, look_over
from sandbox.sample import WEST

ROOT = Path(__file__).parent.parent
PATIENCE_SECONDS = 60

ANA, DESHAWN, NOAH, MARISOL = "U0ANA000001", "U0DESHAWN01", "U0NOAH00001", WEST.manager
ADAEZE, JONAS = "U0ADAEZE001", "U0JONAS0001"
OISIN, FATMA, ZOE = "U0OISIN0001", "U0FATMA0001", "U0ZOE000001"

_REMEMBER = """first => {
    localStorage.clear();
    if (!first) localStorage.setItem("goalkeeper.sandbox.tour", "seen");
}"""
_BROWSERS = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
)
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
    """`goalkeeper run` as somebody new would start it; gives the address of the page."""
    with _started("run") as says:
        yield f"{says(r'open (http://localhost:[0-9]+)')}/sandbox"


@contextmanager
def apart() -> Iterator[str]:
    """`goalkeeper sandbox`, and a bot at it by Socket Mode: nobody is on a team; gives the page's address."""
    with _started("sandbox") as slack:
        names = ("SLACK_API_URL", "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN")
        given = {name: slack(rf"export {name}=(\S+)\n") for name in names}
        with _started("run", **given) as bot:
            bot(r"session \((\S+)\) has been established")
            yield given["SLACK_API_URL"].removesuffix("/api/")


@contextmanager
def _started(command: str, **variables: str) -> Iterator[Callable[[str], str]]:
    """`goalkeeper COMMAND` with a data folder of its own; gives how to wait for what it says."""
    ours = {name.upper() for name in Settings.model_fields}
    environment = {name: value for name, value in os.environ.items() if name.upper() not in ours}
    with tempfile.TemporaryDirectory(prefix="goalkeeper-pictures-") as folder:
        environment |= {"GOALKEEPER_DATA_DIR": folder, "PORT": "0", **variables}
        log = Path(folder) / "log"
        with log.open("wb") as out:
            running = subprocess.Popen(
                [sys.executable, "-m", "bot", command], cwd=ROOT, env=environment, stdout=out, stderr=out
            )
        try:
            yield lambda words: _said(words, running, log)
        finally:
            running.terminate()
            running.wait(PATIENCE_SECONDS)


def _said(words: str, running: subprocess.Popen[bytes], log: Path) -> str:
    """What stands in the group of this pattern, once it has been said."""
    for _ in range(10 * PATIENCE_SECONDS):
        if found := re.search(words, log.read_text()):
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
    """Opens the page as somebody, takes pictures of it and looks them over."""

    def __init__(
        self,
        chromium: Browser,
        address: str,
        place: Callable[[str], Path | None] = lambda _name: None,
        ways: Sequence[Way] = WAYS,
    ) -> None:
        """Take pictures in these ways.

        `place` says where a picture is kept, by its name; None: it is only looked over.
        """
        self._chromium = chromium
        self._idle: list[Page] = []
        self._address = address
        self._place = place
        self._ways = ways
        self.seen: set[str] = set()
        """The names of all pictures there were."""
        self.flaws: list[str] = []
        """What is wrong with them."""

    def begin_anew(self) -> None:
        """Have the sample workspace as it was in the beginning, and real time on the clock."""
        with self._chromium.new_context() as context:
            assert context.request.post(f"{self._address}/page/reset", data={}).ok

    @contextmanager
    def visit(
        self,
        person: str,
        channel: str = "",
        *,
        size: ViewportSize | None = None,
        dark: bool = False,
        first: bool = False,
    ) -> Iterator["Visit"]:
        """The page of one person, in a channel or their messages with Goalkeeper; `first` with the tour.

        Its pictures are taken in all ways, or in those of one `size` where the page behaves differently.
        """
        own = Way("", size or DESK, "dark" if dark else "light")
        with self._page() as page:
            page.goto(f"{self._address}/icon.svg")
            page.evaluate(_REMEMBER, first)
            own.show(page)
            page.goto(f"{self._address}/#as={person}&channel={channel}")
            expect(page.locator("#connection[data-state=live]")).to_be_visible()
            yield Visit(page, self, own, [way for way in self._ways if size in (None, way.size)])

    @contextmanager
    def _page(self) -> Iterator[Page]:
        """A page that nobody else uses: making a new one costs more than most of what is done on it."""
        page = (
            self._idle.pop()
            if self._idle
            else self._chromium.new_page(
                locale="en-US", timezone_id="America/New_York", reduced_motion="reduce"
            )
        )
        page.set_default_timeout(1000 * PATIENCE_SECONDS)
        try:
            yield page
        except BaseException:
            page.close()
            raise
        page.goto("about:blank")
        self._idle.append(page)

    def take(self, name: str, page: Page) -> None:
        """Look over what the page shows, and keep a picture of it if it has a place."""
        self.seen.add(name)
        self.flaws += [f"{name}: {flaw}" for flaw in look_over(page)]
        if path := self._place(name):
            path.parent.mkdir(exist_ok=True)
            page.screenshot(path=path, animations="disabled", caret="hide")


class Visit:
    """What somebody does on the page, in their own words."""

    def __init__(self, page: Page, studio: Studio, own: Way, ways: list[Way]) -> None:
        self.page = page
        self._studio = studio
        self._own = own
        self._ways = ways

    def type(self, text: str) -> None:
        """Write in the message box and send."""
        self.page.locator("#composer").fill(text)
        self.page.locator("#send").click()

    def press(self, selector: str) -> None:
        """Press what a selector names."""
        self.page.locator(selector).click()

    def open_sidebar(self) -> None:
        """Bring it where it is not always there."""
        if self._own.size["width"] == PHONE["width"]:
            self.page.get_by_role("button", name="Channels and people").click()
            expect(self.page.locator("#sidebar")).to_be_in_viewport(ratio=1)

    @property
    def form(self) -> Locator:
        """The form that is open, on top of others or not."""
        return self.page.locator("#modal[open]")

    def press_for_form(self, action: str) -> None:
        """Press what puts a form on top of the one that is open, and wait for it."""
        depth = int(self.form.get_attribute("data-depth") or 0)
        self.form.locator(f"[data-action-id='{action}']").first.click()
        expect(self.form).to_have_attribute("data-depth", str(depth + 1))

    def go_back(self) -> None:
        """Leave the form on top for the one below it."""
        depth = int(self.form.get_attribute("data-depth") or 0)
        self.press("#modal-back")
        expect(self.form).to_have_attribute("data-depth", str(depth - 1))

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
        self.page.locator("#composer").focus()
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
        """Take a picture in each way, once what was clicked has let go of the pointer."""
        self.page.mouse.move(0, 0)
        for way in self._ways:
            way.show(self.page)
            self._studio.take(name + way.name, self.page)
        self._own.show(self.page)
