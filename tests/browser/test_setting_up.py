"""An admin sets Goalkeeper up without leaving the chat: a first team to its first goal, and settings."""

from playwright.sync_api import Locator, expect

from bot.sandbox.sample import COMPANY_CHANNEL, EAST
from docs.studio import ADAEZE, JONAS, Studio, Visit


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
        adaeze.fill("Tier 3: bonus (USD)", "500")
        adaeze.press("#submit")
        expect(adaeze.form).to_contain_text("Tier 3: 25 signups, $500")
        adaeze.page.keyboard.press("Escape")
        expect(adaeze.page.locator("#modal[open]")).to_have_count(0)


def _opens(visit: Visit, action: str) -> None:
    visit.type("/goals setup")
    expect(visit.form).to_contain_text("Set up Goalkeeper")
    visit.press_for_form(action)


def _mistake(visit: Visit, label: str) -> Locator:
    return visit.form.locator(".field", has_text=label).locator("[data-error-for]")
