"""What somebody relies on who uses the page all day, by mouse, by keyboard alone or by ear."""

from playwright.sync_api import Locator, expect

from docs.studio import ADAEZE, ANA, MARISOL, Studio
from sandbox.sample import COMPANY_CHANNEL

_MANY = """async () => {
    const { Conversation } = await import("./messages.js");
    const said = (at) => ({ ts: `${1700000000 + 60 * at}.1`, user: "U0MARISOL01", text: `*number* ${at}` });
    window.many = new Conversation({ onAction: () => {}, drawEmpty: () => "" });
    many.show(Array.from({ length: 2000 }, (_, at) => said(at)));
    window.first = document.querySelector("#messages .message");
    many.put(said(2000));
}"""
_ONE_MORE = """() => many.put({ ts: "1800000000.000100", user: "U0MARISOL01", text: "one more" })"""
_AT_THE_END = "() => messages.scrollHeight - messages.scrollTop - messages.clientHeight < 5"
_FOCUSED = "() => document.activeElement.textContent"
_BUSINESS = "async () => (await (await fetch('page/clock')).json()).clock.business"
_SAY = """async (as) => {
    const { workspace } = await import("./workspace.js");
    const { say } = await import("./api.js");
    await say({ as, channel: workspace.channels.at(-1).id, text: "/goals help" });
}"""


def test_two_thousand_messages_are_no_burden(studio: Studio) -> None:
    with studio.visit(ANA) as ana:
        page = ana.page
        page.evaluate(_MANY)
        # What has been said stays as it is: to draw it all again took ten seconds.
        assert page.evaluate("() => first.isConnected")
        assert page.evaluate(_AT_THE_END)
        page.set_viewport_size({"width": 700, "height": 500})
        page.wait_for_function(_AT_THE_END)
        page.locator("#messages").evaluate("it => it.scrollTop = 0")
        expect(page.get_by_role("button", name="To the latest")).to_be_visible()
        page.evaluate(_ONE_MORE)
        page.get_by_role("button", name="New messages").click()
        expect(page.get_by_text("one more", exact=True)).to_be_in_viewport()
        expect(page.locator("#to-end")).to_be_hidden()


def test_who_listens_hears_what_is_new_and_only_that(studio: Studio) -> None:
    with studio.visit(ANA) as ana:
        said = ana.page.get_by_role("log", name="News").locator("p")
        ana.type("/goals set 20 50k")
        ana.sees("Set in time")
        expect(said.filter(has_text="Goalkeeper says to you alone: ✅")).to_have_count(1)
        expect(said).to_have_count(2)
        expect(ana.page.get_by_role("article", name="Goalkeeper")).to_have_count(2)
        with studio.visit(MARISOL) as marisol:
            marisol.type_for_form("/goals set @Ana Souza 30 60k")
            marisol.fill("Reason", "As agreed.")
            marisol.save()
        expect(said.filter(has_text="Goalkeeper changed a message: ✅")).to_have_count(1)


def test_forms_upon_forms_with_the_keyboard_alone(studio: Studio) -> None:
    with studio.visit(ADAEZE) as adaeze:
        page = adaeze.page
        page.keyboard.type("/goals setup")
        page.keyboard.press("Enter")
        for button, depth in (("Teams", 2), ("Add a team", 3)):
            _form(page.locator("#modal"), depth - 1).get_by_role("button", name=button, exact=True).focus()
            page.keyboard.press("Enter")
            _form(page.locator("#modal"), depth)
        page.keyboard.type("North")
        page.keyboard.press("Tab")
        page.keyboard.press("ArrowDown")
        page.keyboard.type("tomasz")
        page.keyboard.press("Enter")
        expect(page.get_by_role("button", name="Manager (optional) Tomasz Wójcik")).to_be_focused()
        page.keyboard.press("ArrowDown")
        expect(page.get_by_role("listbox", name="Manager")).to_be_visible()
        for depth in (3, 2, 1):
            page.keyboard.press("Escape")
            _form(page.locator("#modal"), depth)
            expect(page.locator(".picker-popup:popover-open")).to_have_count(0)
        page.keyboard.press("Escape")
        expect(page.locator("#composer")).to_be_focused()


def test_nothing_is_lost_on_the_way(studio: Studio) -> None:
    """A draft waits in its conversation, and a row of the traffic stays under the keys when more come."""
    with studio.visit(ANA) as ana:
        page = ana.page
        page.locator("#composer").fill("half a thought")
        page.locator(f"[data-channel='{COMPANY_CHANNEL}']").click()
        expect(page.locator("#composer")).to_have_value("")
        page.get_by_role("button", name="Goalkeeper", exact=True).click()
        expect(page.locator("#composer")).to_have_value("half a thought")
        ana.press("#traffic-toggle")
        page.locator("#traffic-list summary").first.focus()
        held = page.evaluate(_FOCUSED)
        page.evaluate(_SAY, ANA)
        expect(page.locator("#traffic-list summary").first).to_contain_text("/goals help")
        assert page.evaluate(_FOCUSED) == held


def test_what_is_due_later_is_named_and_gone_to(studio: Studio) -> None:
    with studio.visit(ANA) as ana:
        ana.press("#clock")
        due = ana.page.locator(".clock-later time").first
        when = str(due.get_attribute("datetime"))
        due.click()
        expect(ana.page.locator("#clock[data-moved=true]")).to_be_visible()
        assert str(ana.page.evaluate(_BUSINESS))[:16] == when[:16]


def test_it_goes_on_by_itself_when_the_sandbox_is_back(studio: Studio) -> None:
    with studio.visit(ANA) as ana:
        ana.page.route("**/page/state*", lambda route: route.abort())
        ana.page.reload()
        expect(ana.page.get_by_role("alert").filter(has_text="cannot be reached")).to_be_visible()
        ana.page.unroute("**/page/state*")
        expect(ana.page.locator("#connection[data-state=live]")).to_be_visible()
        expect(ana.page.locator("#offline")).to_be_hidden()
        ana.type("/goals")
        ana.sees("Here is what you can do")


def _form(modal: Locator, depth: int) -> Locator:
    expect(modal).to_have_attribute("data-depth", str(depth))
    return modal
