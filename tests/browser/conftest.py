"""The product as somebody starts it, and a browser in front of it; begun anew before each journey."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from docs import studio as stage
from docs.studio import Studio
from docs.ways import WAYS
from tests.conftest import HANG_SECONDS

NO_BROWSER = "Needs Chromium, and there is none here. On Debian and Ubuntu: apt install chromium"
TASTE = [way for way in WAYS if way.name == "-phone-dark"]
"""The way in which most goes wrong; `make prove` looks at every picture in all four."""


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """The system's browser, for all journeys."""
    if stage.find_chromium() is None:
        pytest.skip(NO_BROWSER)
    expect.set_options(timeout=1000 * HANG_SECONDS)
    with stage.browser() as chromium:
        yield chromium


@pytest.fixture(scope="package")
def address(chromium: Browser) -> Iterator[str]:
    """Where the product can be opened; started once."""
    with stage.product() as address:
        yield address


@pytest.fixture(scope="package")
def pages(chromium: Browser, address: str) -> Studio:
    """Visits to the page, by one test after the other."""
    return Studio(chromium, address, ways=TASTE)


@pytest.fixture
def studio(pages: Studio) -> Studio:
    """The sample workspace as it was in the beginning, and real time on the clock."""
    pages.begin_anew()
    pages.seen.clear()
    pages.flaws.clear()
    return pages
