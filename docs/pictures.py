"""Takes the pictures of the README: starts Goalkeeper afresh, clicks through it, and photographs the page.

`python -m docs.pictures` takes them all; names after it (`python -m docs.pictures form line`) only those.
"""

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


def main() -> None:
    """Take the pictures that the command line names, or all."""
    wanted = set(sys.argv[1:])
    with browser() as chromium, product() as address:
        studio = Studio(chromium, address, wanted)
        for scene in SCENES:
            scene(studio)
    if unknown := wanted - studio.taken:
        raise SystemExit(f"There is no picture {', '.join(sorted(unknown))}.")


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


@contextmanager
def browser() -> Iterator[Browser]:
    """The system's Chromium."""
    path = next(filter(None, map(shutil.which, _BROWSERS)), None)
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
        self, person: str, channel: str = "", *, size: ViewportSize = DESK, dark: bool = False
    ) -> Iterator["Visit"]:
        """The page of one person, in a channel or in their messages with Goalkeeper."""
        with self._chromium.new_context(
            viewport=size,
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
            locale="en-US",
            timezone_id="America/New_York",
        ) as context:
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
        self.page.get_by_label(label).fill(text)

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

    def picture(self, name: str) -> None:
        """Take a picture, once what was clicked has let go of the pointer."""
        self.page.mouse.move(0, 0)
        self._studio.keep(name, self.page)


def rep_by_form(studio: Studio) -> None:
    """Ana asks what there is, fills in the form, and changes her mind."""
    with studio.visit(ANA) as ana:
        ana.type("/goals")
        ana.sees("Here is what you can do")
        ana.type_for_form("/goals set")
        ana.fill("Signups", "25")
        ana.fill("Revenue", "50k")
        ana.choose("bonus_tier_goal", "3")
        ana.picture("form")
        ana.save()
        ana.sees("goals set: 25 signups · $50,000 · tier 3")
        ana.page.get_by_role("button", name="Change goals").click()
        ana.fill("Signups", "280000")
        ana.fill("Revenue", "sixty")
        ana.page.locator("#submit").click()
        expect(ana.page.locator("[data-error-for]:visible")).to_have_count(2)
        ana.picture("mistake")
        ana.fill("Signups", "28")
        ana.fill("Revenue", "$60k")
        ana.save()
        ana.sees("goals set: 28 signups · $60,000 · tier 3")
        ana.picture("changed")


def rep_by_line(studio: Studio) -> None:
    """DeShawn sets month and year in one line each, where his team talks."""
    with studio.visit(DESHAWN, WEST.channel) as deshawn:
        deshawn.type("/goals set 25 50k 3")
        deshawn.sees("goals set: 25 signups · $50,000 · tier 3")
        deshawn.type("/goals set yearly 240 600k")
        deshawn.sees("goals set: 240 signups · $600,000")
        expect(deshawn.page.locator(".badge")).to_have_text("2")
        deshawn.picture("line")


def manager_for_rep(studio: Studio) -> None:
    """Marisol sets Noah's goals and says why; Noah is told."""
    with studio.visit(MARISOL, WEST.channel) as marisol:
        marisol.type_for_form("/goals set @Noah Bergström 20 40k 2")
        marisol.fill("Reason", "As we agreed on Monday: you take over the Portland accounts.")
        marisol.picture("manager")
        marisol.save()
    with studio.visit(NOAH) as noah:
        noah.sees("Set by Marisol Peña")
        noah.picture("told")


def on_a_phone(studio: Studio) -> None:
    """The same in a hand, at night."""
    with studio.visit(OISIN, size=PHONE) as oisin:
        oisin.type_for_form("/goals set")
        oisin.fill("Revenue", "35,000")
        oisin.picture("phone-form")
        oisin.save()
        oisin.sees("goals set: 16 signups")
    with studio.visit(OISIN, size=PHONE, dark=True) as oisin:
        oisin.sees("goals set: 16 signups")
        oisin.picture("phone-dark")


def slack_fails(studio: Studio) -> None:
    """Slack refuses Fatma's confirmation once, and she gets it all the same."""
    with studio.visit(FATMA) as fatma:
        fatma.press("#faults-toggle")
        fatma.page.get_by_role("spinbutton", name="Seconds").fill("2")
        fatma.press("#faults [type=submit]")
        expect(fatma.page.locator("#fault-list [data-method='chat.postMessage']")).to_be_visible()
        fatma.page.keyboard.press("Escape")
        fatma.type("/goals set 24 60k 4")
        fatma.sees("Set in time")
        fatma.press("#traffic-toggle")
        fatma.press("#traffic-list li:has(.failed) summary")
        fatma.page.locator("#composer").focus()
        fatma.picture("traffic")


def next_month(studio: Studio) -> None:
    """Zoë tries what happens after next month's deadline."""
    with studio.visit(ZOE) as zoe:
        zoe.press("#clock")
        shown = datetime.fromisoformat(zoe.page.locator("#clock-when").input_value())
        eighth = (shown.replace(day=1) + timedelta(days=31)).replace(day=8, hour=9, minute=30)
        zoe.page.locator("#clock-when").fill(f"{eighth:%Y-%m-%dT%H:%M}")
        zoe.press("#clock-panel [type=submit]")
        expect(zoe.page.locator("#clock[data-moved=true]")).to_be_visible()
        zoe.page.keyboard.press("Escape")
        zoe.type("/goals set 22 45k 2")
        zoe.sees("Set late")
        zoe.type("/goals set 18")
        zoe.sees("locked")
        zoe.picture("clock")


def deadline(studio: Studio) -> None:
    """Some months on: the team is reminded, Marisol reads who is missing, and nudges Ana, who sets hers."""
    with studio.visit(ANA) as ana:
        month = ana.go_to(day=3, hour=12, months=2)
        ana.sees(f"Please set your {month} goals")
        ana.picture("reminder")
    with studio.visit(MARISOL) as marisol:
        marisol.go_to(day=5, hour=12)
        marisol.sees(f"{month} goals: 0 of 5 set")
        marisol.page.get_by_role("button", name="Nudge", exact=True).first.click()
        marisol.sees("Nudged Ana Souza")
    with studio.visit(ANA, size=PHONE, dark=True) as ana:
        ana.sees("asks for your goals")
        ana.picture("phone-reminder")
        ana.type("/goals set 20 50k 3")
        ana.sees(f"✅ {month} goals set: 20 signups · $50,000 · tier 3")
    with studio.visit(MARISOL) as marisol:
        marisol.sees("1 of 5 set")
        marisol.page.locator("#messages").evaluate("it => it.scrollTop = 0")
        marisol.picture("digest")
        marisol.press("#clock")
        marisol.page.locator("#team-acts").check()
        marisol.picture("next-due")
    with studio.visit(MARISOL, size=PHONE) as marisol:
        marisol.sees("1 of 5 set")
        marisol.page.locator("#messages").evaluate("it => it.scrollTop = 0")
        marisol.picture("phone-digest")


SCENES = (rep_by_form, rep_by_line, manager_for_rep, on_a_phone, slack_fails, next_month, deadline)

if __name__ == "__main__":
    main()
