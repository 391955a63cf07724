"""Takes the pictures of the README: starts Goalkeeper afresh, clicks through it, and photographs the page.

`python -m docs.pictures` takes them all; names after it (`python -m docs.pictures form line`) only those.
"""

import sys
from datetime import datetime, timedelta

from playwright.sync_api import expect

from bot.sandbox.sample import WEST
from docs.studio import ANA, DESHAWN, FATMA, MARISOL, NOAH, OISIN, PHONE, ZOE, Studio, browser, product


def main() -> None:
    """Take the pictures that the command line names, or all."""
    wanted = set(sys.argv[1:])
    with browser() as chromium, product() as address:
        studio = Studio(chromium, address, wanted)
        for scene in SCENES:
            scene(studio)
    if unknown := wanted - studio.taken:
        raise SystemExit(f"There is no picture {', '.join(sorted(unknown))}.")


def tour(studio: Studio) -> None:
    """What somebody new is shown."""
    with studio.visit(ANA, first=True) as ana:
        ana.reads_step(1)
        ana.next_step(2)
        ana.next_step(3)
        ana.picture("tour")
        ana.page.keyboard.press("ArrowLeft")
        ana.reads_step(2)
    with studio.visit(ANA, size=PHONE, dark=True, first=True) as ana:
        ana.reads_step(1)
        ana.next_step(2)
        ana.picture("phone-tour")


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


SCENES = (tour, rep_by_form, rep_by_line, manager_for_rep, on_a_phone, slack_fails, next_month, deadline)

if __name__ == "__main__":
    main()
