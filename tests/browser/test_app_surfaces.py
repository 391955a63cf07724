"""What an app brings into the page besides commands: a Home tab, shortcuts on messages, and files."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from docs.studio import ANA, Studio
from docs.ways import PHONE, WAYS
from tests.browser.app import App, running
from tests.sandbox.manifests import manifest

WEST = "C0TEAMWEST1"
_DROP = """() => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File(["a,b"], "dropped.csv"));
    for (const type of ["dragover", "drop"])
        messages.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
}"""


@pytest.fixture(scope="module")
def app() -> Iterator[App]:
    with running(manifest()) as app:
        yield app


@pytest.fixture
def desk(chromium: Browser, app: App) -> Studio:
    studio = Studio(chromium, app.sandbox.base_url, ways=WAYS)
    studio.begin_anew()
    app.got.clear()
    app.pressed = 0
    return studio


def test_home_is_opened_used_in_place_and_kept_up_to_date(desk: Studio, app: App) -> None:
    with desk.visit(ANA) as ana:
        page = ana.page
        expect(page.get_by_role("tab", name="Messages")).to_have_attribute("aria-selected", "true")
        page.get_by_role("tab", name="Messages").press("ArrowLeft")
        home = page.get_by_role("tabpanel", name="Home")
        expect(home.get_by_role("heading", name="Your November")).to_be_visible()
        expect(page.locator("#composer")).to_be_hidden()
        home.get_by_role("textbox", name="Find a rep").fill("zo")
        home.get_by_role("button", name="Log a signup").click()
        expect(home.get_by_text("1 signups of 20")).to_be_visible()
        expect(home.get_by_role("textbox", name="Find a rep")).to_have_value("zo")
        app.pressed = 7
        app.publish(ANA)
        expect(home.get_by_text("7 signups of 20")).to_be_visible()
        ana.picture("home")
        page.reload()
        expect(home.get_by_text("7 signups of 20")).to_be_visible()
        page.get_by_role("tab", name="Messages").click()
        ana.type("hello")
        ana.sees("Heard: hello")
    assert desk.flaws == []


def test_a_shortcut_is_used_on_a_message_by_keyboard_and_on_a_phone(desk: Studio, app: App) -> None:
    with desk.visit(ANA, WEST) as ana:
        page = ana.page
        ana.type("Acme signed")
        said = page.locator("#messages .message", has_text="Acme signed").first
        said.get_by_role("button", name="More actions").press("Enter")
        menu = page.get_by_role("menu", name="More actions")
        expect(menu.get_by_role("menuitem", name="Log this")).to_be_focused()
        ana.picture("menu")
        page.keyboard.press("Enter")
        ana.sees("Logged: Acme signed")
        expect(menu).to_have_count(0)
        said.get_by_role("button", name="More actions").click()
        menu.get_by_role("menuitem", name="Edit message").click()
        page.get_by_role("textbox", name="Edit message").fill("Acme signed for $5,000")
        page.keyboard.press("Enter")
        ana.sees("Acme signed for $5,000")
        said.get_by_role("button", name="More actions").click()
        menu.get_by_role("menuitem", name="Delete message").click()
        page.get_by_role("button", name="Delete").click()
        ana.sees("This message was deleted.")
    with desk.visit(ANA, WEST, size=PHONE) as phone:
        phone.type("Bolt signed")
        phone.page.get_by_role("button", name="More actions").last.click()
        phone.page.get_by_role("menuitem", name="Log this").click()
        phone.sees("Logged: Bolt signed")
    assert desk.flaws == []


def test_a_file_is_attached_sent_and_saved_again(desk: Studio, app: App, tmp_path: Path) -> None:
    path = tmp_path / "actuals.csv"
    path.write_text("rep,signups\nana,2\n")
    with desk.visit(ANA) as ana:
        page = ana.page
        page.locator("#attach-file").set_input_files(path)
        expect(page.get_by_role("list", name="Files to send")).to_contain_text("actuals.csv")
        ana.picture("attached")
        ana.type("November")
        ana.sees("Heard: November actuals.csv, 18 bytes")
        with page.expect_download() as saved:
            page.get_by_role("link", name="actuals.csv").click()
        assert saved.value.path().read_text() == path.read_text()
        expect(page.get_by_role("list", name="Files to send")).to_be_hidden()
        ana.picture("file")
    assert desk.flaws == []


def test_a_dropped_file_and_a_global_shortcut_are_told_in_words(desk: Studio, app: App) -> None:
    with desk.visit(ANA) as ana:
        page = ana.page
        ana.press("#traffic-toggle")
        page.evaluate(_DROP)
        expect(page.get_by_role("list", name="Files to send")).to_contain_text("dropped.csv")
        ana.press("#send")
        ana.sees("Heard: dropped.csv, 3 bytes")
        page.locator("#composer").fill("/wav")
        page.get_by_role("option", name="Wave").click()
        traffic = page.locator("#traffic-list")
        for words in (
            "Ana Souza shares “dropped.csv”",
            "Ana Souza uses a shortcut",
            "opens the Messages tab",
        ):
            expect(traffic).to_contain_text(words)
        expect(page.locator("#composer")).to_have_value("")


def test_where_only_commands_are_taken_the_message_box_says_so(chromium: Browser) -> None:
    with running(manifest(messages_tab_read_only_enabled=True, home_tab_enabled=False)) as app:
        studio = Studio(chromium, app.sandbox.base_url, ways=WAYS)
        with studio.visit(ANA) as ana:
            page = ana.page
            expect(page.get_by_role("tab")).to_have_count(0)
            box = page.get_by_role("combobox", name="Type / for a command")
            expect(box).to_have_accessible_description(
                "Goalkeeper doesn't take messages here. Commands work."
            )
            ana.type("hello")
            expect(page.locator(".notice")).to_contain_text("Not sent")
            expect(box).to_have_value("hello")
            ana.type("/goals")
            expect(page.locator(".notice")).to_have_count(0)
            ana.picture("read-only")
        assert studio.flaws == []
