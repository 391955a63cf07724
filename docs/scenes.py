"""What is photographed: scenes in which people click through the product, each begun anew."""

from playwright.sync_api import expect

from docs.studio import ADAEZE, ANA, DESHAWN, FATMA, JONAS, MARISOL, NOAH, ZOE, Studio, Visit
from docs.ways import DESK, PHONE
from sandbox.sample import COMPANY_CHANNEL, EAST, WEST


def tour(studio: Studio) -> None:
    """What somebody new is shown; on a phone it points elsewhere."""
    for size in (DESK, PHONE):
        studio.begin_anew()
        with studio.visit(ANA, size=size, first=True) as ana:
            ana.reads_step(1)
            ana.picture("tour-1")
            for step in range(2, 8):
                ana.next_step(step)
                ana.picture(f"tour-{step}")


def page(studio: Studio) -> None:
    """What surrounds a conversation."""
    with studio.visit(ANA) as ana:
        ana.picture("empty")
        ana.page.locator("#composer").fill("/")
        ana.picture("suggestions")
        ana.page.locator("#composer").fill("/goals set @")
        ana.picture("mentions")
        ana.page.locator("#composer").fill("")
        for panel in ("help", "clock", "faults-toggle"):
            ana.press(f"#{panel}")
            ana.picture(panel.removesuffix("-toggle"))
            ana.page.keyboard.press("Escape")
        ana.press("#reset")
        ana.picture("question")
    for size in (DESK, PHONE):
        with studio.visit(ANA, size=size) as ana:
            ana.open_sidebar()
            ana.picture("sidebar")
            ana.press("#person-button")
            ana.picture("people")


def rep_by_form(studio: Studio) -> None:
    """Ana asks what there is, fills in the form, and changes her mind."""
    with studio.visit(ANA) as ana:
        ana.type("/goals")
        ana.sees("Here is what you can do")
        ana.picture("goals")
        ana.type_for_form("/goals set")
        ana.fill("Signups", "25")
        ana.fill("Revenue", "50k")
        ana.press("#modal [data-action-id='bonus_tier_goal']")
        ana.picture("menu")
        ana.page.keyboard.press("Escape")
        ana.choose("bonus_tier_goal", "3")
        ana.picture("form")
        ana.save()
        ana.sees("goals set: 25 signups · $50,000 · tier 3")
        ana.page.get_by_role("button", name="Change goals").click()
        ana.fill("Signups", "280000")
        ana.fill("Revenue", "sixty")
        ana.press("#submit")
        expect(ana.page.locator("[data-error-for]:visible")).to_have_count(2)
        ana.picture("mistake")
        ana.fill("Signups", "28")
        ana.fill("Revenue", "$60k")
        ana.save()
        ana.sees("goals set: 28 signups · $60,000 · tier 3")
        ana.picture("changed")


def rep_by_line(studio: Studio) -> None:
    """DeShawn sets month and year in one line each, where his team talks; a word he mistypes is named."""
    with studio.visit(DESHAWN, WEST.channel) as deshawn:
        deshawn.type("/goals set 25 50k 3")
        deshawn.sees("goals set: 25 signups · $50,000 · tier 3")
        deshawn.type("/goals set yearly 240 600k")
        deshawn.sees("goals set: 240 signups · $600,000")
        expect(deshawn.page.locator(".badge")).to_have_text("2")
        deshawn.picture("line")
        deshawn.type("/goals sett 25")
        deshawn.sees("sett")
        deshawn.type("/goals set 25 50kk")
        deshawn.sees("50kk")
        deshawn.picture("mistyped")


def rep_in_words(studio: Studio) -> None:
    """Zoë writes to Goalkeeper as to a colleague: a greeting gets help, and figures are asked about."""
    with studio.visit(ZOE) as zoe:
        zoe.type("good morning")
        zoe.sees("I understand short lines")
        zoe.type("20 50k")
        zoe.sees("as your goals?")
        zoe.page.get_by_role("button", name="Set goals").last.click()
        expect(zoe.form).to_be_visible()
        zoe.picture("filled-in")
        zoe.page.keyboard.press("Escape")
        expect(zoe.page.locator("#modal[open]")).to_have_count(0)
        zoe.type("set 20 50k 3")
        zoe.sees("goals set: 20 signups · $50,000 · tier 3")
        zoe.picture("conversation")


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


def logging(studio: Studio) -> None:
    """Ana logs what she has done, shares a deal with Noah, and takes a slip back; Noah is told."""
    with studio.visit(ANA) as ana:
        ana.type("/goals set 20 50k 3")
        ana.sees("goals set: 20 signups")
        ana.type("/goals log 2 signups, $4k Acme renewal")
        ana.sees("Logged 2 signups")
        ana.picture("logged")
        ana.page.get_by_role("button", name="Undo").last.click()
        ana.sees("Took back 2 signups")
        ana.type("/goals log 2000 signups")
        ana.sees("Really 2,000 signups?")
        ana.type("/goals log 3 singups")
        ana.sees("Did you mean signups?")
        ana.type("/goals log $10k Acme @Ana Souza 60 @Noah Bergström 40")
        ana.sees("Noah Bergström ($4,000)")
        ana.picture("log-questions")
        ana.type_for_form("/goals log")
        ana.choose("metric", "revenue")
        ana.fill("Amount", "lots")
        ana.picture("log-form")
        ana.press("#submit")
        expect(ana.page.locator("[data-error-for]:visible")).to_have_count(1)
        ana.fill("Amount", "$2,000,000")
        ana.press("#submit")
        expect(ana.form).to_contain_text("Really $2,000,000 in revenue?")
        ana.picture("log-really")
        ana.page.keyboard.press("Escape")
    with studio.visit(NOAH) as noah:
        noah.sees("Ana Souza logged $4,000 in revenue for you")
        noah.picture("logged-for-you")


def deadline(studio: Studio) -> None:
    """Some months on, Ana is reminded, and nudged by Marisol, who reads who is missing."""
    with studio.visit(ANA) as ana:
        month = ana.go_to(day=3, hour=12, months=2)
        ana.sees(f"Please set your {month} goals")
        ana.picture("reminder")
    with studio.visit(MARISOL) as marisol:
        marisol.go_to(day=5, hour=12)
        marisol.sees(f"{month} goals: 0 of 5 set")
        marisol.page.get_by_role("button", name="Nudge", exact=True).first.click()
        marisol.sees("Nudged Ana Souza")
    with studio.visit(ANA) as ana:
        ana.sees("asks for your goals")
        ana.picture("nudged")
        ana.type("/goals set 20 50k 3")
        ana.sees(f"✅ {month} goals set: 20 signups · $50,000 · tier 3")
    with studio.visit(MARISOL) as marisol:
        marisol.sees("1 of 5 set")
        marisol.page.locator("#messages").evaluate("it => it.scrollTop = 0")
        marisol.picture("digest")
        marisol.press("#clock")
        marisol.page.locator("#team-acts").check()
        marisol.picture("next-due")
    with studio.visit(ADAEZE) as adaeze:
        adaeze.type("/goals compliance")
        adaeze.sees(f"{month} goals")
        adaeze.picture("compliance")


def setting_up(studio: Studio) -> None:
    """Adaeze looks at what is missing, at each form, and has the messages shown to her."""
    with studio.visit(ADAEZE) as adaeze:
        adaeze.type("/goals setup")
        expect(adaeze.form).to_contain_text("You may add")
        adaeze.picture("setup")
        adaeze.press_for_form("setup.settings.open")
        adaeze.choose("company_channel", COMPANY_CHANNEL)
        adaeze.page.locator(".modal-body").evaluate("it => it.scrollTop = 0")
        adaeze.picture("settings")
        adaeze.fill("Time zone", "Atlantis")
        adaeze.press("#submit")
        expect(adaeze.page.locator("[data-error-for]:visible")).to_have_count(1)
        adaeze.picture("settings-mistake")
        adaeze.go_back()
        adaeze.press_for_form("setup.tiers.open")
        adaeze.fill("Tier 3: bonus (USD)", "500")
        adaeze.picture("tiers")
        adaeze.go_back()
        adaeze.press_for_form("setup.metrics.open")
        adaeze.picture("metrics")
        adaeze.press_for_form("setup.metrics.divide")
        adaeze.picture("metrics-quotient")
        adaeze.go_back()
        adaeze.go_back()
        adaeze.press_for_form("setup.admins.open")
        adaeze.picture("admins")
        adaeze.go_back()
        _team(adaeze)
        adaeze.go_back()
        adaeze.press("#modal [data-action-id='setup.preview.send']")
        adaeze.page.keyboard.press("Escape")
        expect(adaeze.form).to_have_count(0)
        adaeze.page.locator("#composer").focus()
        adaeze.sees("Please set your")
        adaeze.picture("preview")


def _team(adaeze: Visit) -> None:
    """From the list of teams to the form of a new one."""
    adaeze.press_for_form("teams.list.open")
    adaeze.picture("teams")
    adaeze.press_for_form("teams.edit")
    adaeze.picture("team-edit")
    adaeze.go_back()
    adaeze.press_for_form("teams.add")
    adaeze.fill("Name", "North")
    adaeze.choose("manager", EAST.manager)
    adaeze.choose("add", JONAS)
    adaeze.picture("team-menu")
    adaeze.page.keyboard.press("Escape")
    adaeze.picture("team")
    adaeze.press("#submit")
    expect(adaeze.form).to_contain_text("North")
    adaeze.picture("teams-saved")


def joining(studio: Studio) -> None:
    """Jonas, who is on no team, asks to join West; Marisol adds him, and he is told."""
    with studio.visit(JONAS) as jonas:
        jonas.type("/goals")
        jonas.sees("You are not on a sales team yet")
        jonas.picture("no-team")
        jonas.page.get_by_role("button", name="Ask to join a team").click()
        jonas.press("#modal [data-action-id='team']")
        jonas.page.get_by_role("option", name="West").click()
        jonas.picture("ask")
        jonas.save()
        jonas.sees("I've asked Marisol Peña")
    with studio.visit(MARISOL) as marisol:
        marisol.sees("asks to join")
        marisol.picture("asked")
        marisol.page.get_by_role("button", name="Add", exact=True).click()
        marisol.sees("added Jonas Lindqvist")
    with studio.visit(JONAS) as jonas:
        jonas.sees("added you to team West")
        jonas.picture("joined")


def slack_fails(studio: Studio) -> None:
    """Slack refuses Fatma's confirmation once, and she gets it all the same."""
    with studio.visit(FATMA) as fatma:
        fatma.press("#faults-toggle")
        fatma.page.get_by_role("spinbutton", name="Seconds").fill("2")
        fatma.press("#faults [type=submit]")
        expect(fatma.page.locator("#fault-list [data-method='chat.postMessage']")).to_be_visible()
        fatma.picture("fault")
        fatma.page.keyboard.press("Escape")
        fatma.type("/goals set 24 60k 4")
        fatma.sees("Set in time")
        fatma.press("#traffic-toggle")
        fatma.press("#traffic-list li:has(.failed:text('429')) summary")
        fatma.page.locator("#composer").focus()
        fatma.picture("traffic")


def next_month(studio: Studio) -> None:
    """Zoë tries what happens after next month's deadline."""
    with studio.visit(ZOE) as zoe:
        zoe.go_to(day=8, hour=9, months=1)
        zoe.type("/goals set 22 45k 2")
        zoe.sees("Set late")
        zoe.type("/goals set 18")
        zoe.sees("locked")
        zoe.picture("clock-moved")


def numbers(studio: Studio) -> None:
    """Ana logs what she does and sees where it leads; a month later she looks back, entry by entry."""
    with studio.visit(ANA) as ana:
        month = ana.go_to(day=2, hour=12, months=1)
        ana.type("/goals set 20 50k 3")
        ana.sees(f"{month} goals set: 20 signups")
        for line in ("4 signups", "$9,000 Acme renewal"):
            ana.type(f"/goals log {line}")
        ana.go_to(day=11, hour=15)
        for line in ("3 signups", "$4,500 Birch & Sons", "6 calls"):
            ana.type(f"/goals log {line}")
        ana.type("/goals")
        ana.sees(f"Your {month}: 7 of 20 signups")
        ana.picture("standing")
        ana.type("/goals progress")
        ana.sees("Also this month")
        ana.picture("burn-up")
        ana.page.locator("#messages .message").last.evaluate("it => it.scrollIntoView()")
        ana.picture("progress")
        ana.page.get_by_role("button", name="See entries").last.click()
        expect(ana.page.locator("#modal")).to_contain_text("logged for you")
        ana.picture("entries")
        ana.page.keyboard.press("Escape")
        ana.go_to(day=3, hour=12, months=1)
        ana.type("/goals history")
        ana.sees("Your past months")
        ana.picture("history")


SCENES = (
    tour,
    page,
    rep_by_form,
    rep_by_line,
    rep_in_words,
    manager_for_rep,
    logging,
    deadline,
    joining,
    slack_fails,
    next_month,
    numbers,
    setting_up,
)
