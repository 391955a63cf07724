"""What people come for, clicked through: a rep's week of the deadline, a manager's day, joining a team."""

from playwright.sync_api import Locator, expect

from docs.studio import ANA, JONAS, MARISOL, NOAH, Studio, Visit
from docs.ways import PHONE


def test_a_rep_lives_through_the_week_of_the_deadline(studio: Studio) -> None:
    with studio.visit(ANA) as ana:
        month = ana.go_to(day=3, hour=12, months=2)
        ana.sees(f"Please set your {month} goals")
        expect(_messages(ana)).to_have_count(1)
        _last(ana).locator("[data-action-id='reminders.snooze']").click()
        ana.page.get_by_role("option", name="In 1 hour").click()
        ana.sees("I'll remind you again")
        ana.go_to(day=3, hour=14)
        expect(_messages(ana)).to_have_count(2)
        ana.go_to(day=5, hour=12)
        expect(_messages(ana)).to_have_count(3)
        _last(ana).get_by_role("button", name="Got it").click()
        ana.sees("👍 Got it.")
        ana.go_to(day=6, hour=12)
        expect(_messages(ana)).to_have_count(4)
        _last(ana).get_by_role("button", name="Set goals").click()
        ana.fill("Signups", "24")
        ana.fill("Revenue", "$55k")
        ana.choose("bonus_tier_goal", "3")
        ana.save()
        done = f"✅ {month} goals set: 24 signups · $55,000 · tier 3"
        expect(_messages(ana).filter(has_text=done)).to_have_count(5)
        expect(_messages(ana).filter(has_text="(edited)")).not_to_have_count(0)
        ana.go_to(day=7, hour=12)
        expect(_messages(ana)).to_have_count(5)


def test_a_manager_has_a_digest_day(studio: Studio) -> None:
    with studio.visit(MARISOL) as marisol:
        month = marisol.go_to(day=5, hour=12, months=2)
        marisol.sees(f"{month} goals: 0 of 5 set")
        digest = _messages(marisol).first
        digest.get_by_role("button", name="Nudge", exact=True).first.click()
        marisol.sees("Nudged Ana Souza")
        digest.get_by_role("button", name="Set for them").nth(1).click()
        marisol.fill("Signups", "18")
        marisol.fill("Reason", "As we agreed on Monday.")
        marisol.save()
        marisol.sees(f"{month} goals: 1 of 5 set")
    with studio.visit(ANA, size=PHONE, dark=True) as ana:
        ana.sees("Marisol Peña asks for your goals")
        ana.type("/goals set 20 50k 3")
        ana.sees(f"✅ {month} goals set: 20 signups · $50,000 · tier 3")
    with studio.visit(NOAH) as noah:
        noah.sees("As we agreed on Monday.")
    with studio.visit(MARISOL) as marisol:
        marisol.sees(f"{month} goals: 2 of 5 set")


def test_who_is_on_no_team_is_added_and_sets_a_goal(studio: Studio) -> None:
    with studio.visit(JONAS) as jonas, studio.visit(MARISOL, size=PHONE) as marisol:
        _asks_to_join(jonas, "West (Marisol Peña)")
        marisol.sees("Jonas Lindqvist asks to join team West")
        marisol.page.get_by_role("button", name="Add", exact=True).click()
        marisol.sees("Marisol Peña added Jonas Lindqvist to team West")
        expect(marisol.page.get_by_role("button", name="Decline")).to_have_count(0)
        jonas.sees("Marisol Peña added you to team West")
        jonas.type_for_form("/goals set")
        jonas.fill("Signups", "12")
        jonas.save()
        jonas.sees("goals set: 12 signups")


def test_who_is_declined_is_told_and_can_ask_elsewhere(studio: Studio) -> None:
    with studio.visit(JONAS, size=PHONE) as jonas, studio.visit(MARISOL) as marisol:
        _asks_to_join(jonas, "West (Marisol Peña)")
        marisol.page.get_by_role("button", name="Decline").click()
        marisol.sees("Marisol Peña declined: Jonas Lindqvist does not join team West")
        jonas.sees("Marisol Peña declined that you join team West")
        jonas.type("/goals set 12")
        jonas.sees("You are not on a sales team yet")
        _asks_to_join(jonas, "East (Tomasz Wójcik)")


def _asks_to_join(jonas: Visit, team: str) -> None:
    jonas.type("/goals")
    jonas.sees("You are not on a sales team yet")
    jonas.page.get_by_role("button", name="Ask to join a team").last.click()
    jonas.form.locator("[data-action-id='team']").click()
    jonas.page.get_by_role("option", name=team).click()
    jonas.press("#submit")
    jonas.sees(f"I've asked {team.partition('(')[2].removesuffix(')')}")


def test_what_is_new_is_marked_until_it_is_read(studio: Studio) -> None:
    with studio.visit(ANA, "C0TEAMWEST1", size=PHONE) as ana:
        ana.type("/goals set 20 50k")
        expect(ana.page).to_have_title("(1) #team-west · Ana Souza · Goalkeeper sandbox")
        ana.page.get_by_role("button", name="Channels and people, 1 unread").click()
        ana.page.get_by_role("button", name="Goalkeeper 1 unread").click()
        expect(ana.page.get_by_role("separator", name="New messages")).to_be_visible()
        expect(ana.page).to_have_title("Goalkeeper · Ana Souza · Goalkeeper sandbox")


def test_the_traffic_says_in_words_what_went_over_the_wire(studio: Studio) -> None:
    with studio.visit(ANA) as ana:
        ana.type("/goals set 20 50k 3")
        ana.sees("Set in time")
        ana.press("#traffic-toggle")
        rows = ana.page.locator("#traffic-list li")
        expect(rows.filter(has_text="Ana Souza types a command")).to_have_count(1)
        expect(rows.filter(has_text="opens its messages with Ana Souza")).to_have_count(1)
        ana.page.get_by_label("Filter the traffic").fill("posts to ana")
        expect(rows).to_have_count(1)
        rows.locator("summary").click()
        expect(rows.locator("pre").first).to_contain_text("goals set")


def test_start_afresh_brings_the_sample_workspace_back(studio: Studio) -> None:
    with studio.visit(ANA) as ana:
        ana.go_to(day=3, hour=12, months=2)
        ana.sees("Please set your")
        ana.press("#reset")
        ana.press("#confirm-accept")
        expect(ana.page.locator("#empty-dm")).to_be_visible()
        expect(ana.page.locator("#clock[data-moved=false]")).to_be_visible()


def _messages(visit: Visit) -> Locator:
    return visit.page.locator("#messages .message")


def _last(visit: Visit) -> Locator:
    return _messages(visit).last
