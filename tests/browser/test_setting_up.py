"""An admin sets Goalkeeper up without leaving the chat: a first team to its first goal, and settings."""

from playwright.sync_api import Locator, expect

from docs.studio import ADAEZE, JONAS, MARISOL, NOAH, Studio, Visit
from docs.ways import PHONE
from sandbox.sample import COMPANY_CHANNEL, EAST


def test_a_new_team_comes_to_its_first_goal(studio: Studio) -> None:
    with studio.visit(ADAEZE) as adaeze:
        _opens(adaeze, "teams.list.open")
        adaeze.press_for_form("teams.add")
        adaeze.fill("Name", "North")
        adaeze.choose("manager", EAST.manager)
        adaeze.choose("add", JONAS)
        adaeze.page.keyboard.press("Escape")
        adaeze.press("#submit")
        expect(adaeze.form).to_contain_text("North")
        expect(adaeze.form.get_by_role("button", name="Edit")).to_have_count(3)
        adaeze.press("#modal-back")
        expect(adaeze.form).to_contain_text("North: Tomasz Wójcik")
    with studio.visit(JONAS) as jonas:
        jonas.type_for_form("/goals set")
        jonas.fill("Signups", "12")
        jonas.save()
        jonas.sees("goals set: 12 signups")


def test_an_admin_changes_settings(studio: Studio) -> None:
    with studio.visit(ADAEZE) as adaeze:
        _opens(adaeze, "setup.settings.open")
        adaeze.fill("Time zone", "Atlantis")
        adaeze.fill("Deadline day", "40")
        adaeze.press("#submit")
        expect(_mistake(adaeze, "Deadline day")).to_be_visible()
        adaeze.fill("Deadline day", "8")
        adaeze.press("#submit")
        expect(_mistake(adaeze, "Time zone")).to_be_visible()
        adaeze.fill("Time zone", "Europe/Lisbon")
        adaeze.choose("company_channel", COMPANY_CHANNEL)
        adaeze.press("#submit")
        expect(adaeze.form).to_contain_text("Europe/Lisbon")
        expect(adaeze.form).to_contain_text("#northwind")
        adaeze.press_for_form("setup.tiers.open")
        for tier in (3, 4, 5, 6):
            adaeze.fill(f"Tier {tier}: bonus (USD)", "500")
        adaeze.press("#submit")
        expect(adaeze.form).to_contain_text("Tier 3: 25 signups, $500")
        adaeze.page.keyboard.press("Escape")
        expect(adaeze.page.locator("#modal[open]")).to_have_count(0)


def test_an_admin_names_another_and_looks_at_messages_before_anybody_gets_them(studio: Studio) -> None:
    with studio.visit(ADAEZE, size=PHONE) as adaeze:
        _opens(adaeze, "setup.admins.open")
        adaeze.choose("admins", MARISOL)
        adaeze.page.keyboard.press("Escape")
        adaeze.press("#submit")
        expect(adaeze.form).to_contain_text("Adaeze Okafor, Marisol Peña")
        adaeze.press("#modal [data-action-id='setup.preview.send']")
        expect(adaeze.form.get_by_text("previews are on their way to your messages")).to_be_in_viewport()
        adaeze.press("#modal-cancel")
        adaeze.sees("A preview: people and figures are made up")
    with studio.visit(MARISOL) as marisol:
        _opens(marisol, "setup.settings.open")
        expect(marisol.page.get_by_label("Time zone")).to_have_value("America/New_York")


def test_a_manager_changes_who_is_on_the_team_and_where_it_meets(studio: Studio) -> None:
    with studio.visit(MARISOL) as marisol:
        _opens(marisol, "teams.list.open")
        marisol.press_for_form("teams.edit")
        expect(marisol.page.get_by_role("textbox", name="Name")).to_have_count(0)
        marisol.choose("channel", COMPANY_CHANNEL)
        marisol.choose("remove", NOAH)
        marisol.page.keyboard.press("Escape")
        marisol.page.get_by_label("Add everybody from the channel").check()
        marisol.press("#submit")
        expect(marisol.form).to_contain_text("Joined: Adaeze Okafor, Jonas Lindqvist")
        expect(marisol.form).to_contain_text("Left: Noah Bergström")
        marisol.press("#modal-cancel")
        marisol.press("#modal-back")
        expect(marisol.form).to_contain_text("#northwind")
    with studio.visit(NOAH) as noah:
        noah.type("/goals set 20")
        noah.sees("You are not on a sales team yet")


def test_forms_that_are_left_midway_leave_everything_as_it_was(studio: Studio) -> None:
    with studio.visit(ADAEZE) as adaeze:
        _opens(adaeze, "setup.settings.open")
        before = adaeze.form.inner_text()
        for leave in ("Escape", "#modal-back", "#modal-cancel"):
            adaeze.fill("Deadline day", "9")
            adaeze.page.keyboard.press(leave) if leave == "Escape" else adaeze.press(leave)
            expect(adaeze.form).to_have_attribute("data-depth", "1")
            expect(adaeze.form).to_contain_text("by the end of day 6 of the month")
            adaeze.press_for_form("setup.settings.open")
            expect(adaeze.page.get_by_label("Deadline day")).to_have_value("6")
        assert adaeze.form.inner_text() == before
        adaeze.press("#modal-back")
        adaeze.press("#modal-close")
        expect(adaeze.form).to_have_count(0)
        _opens(adaeze, "teams.list.open")
        adaeze.press_for_form("teams.add")
        adaeze.fill("Name", "North")
        adaeze.page.keyboard.press("Escape")
        expect(adaeze.form.get_by_role("button", name="Edit")).to_have_count(2)
        adaeze.page.keyboard.press("Escape")
        expect(adaeze.form).not_to_contain_text("North:")


def _opens(visit: Visit, action: str) -> None:
    visit.type("/goals setup")
    expect(visit.form).to_contain_text("Set up Goalkeeper")
    visit.press_for_form(action)


def _mistake(visit: Visit, label: str) -> Locator:
    return visit.form.locator(".field", has_text=label).locator("[data-error-for]")
