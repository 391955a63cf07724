"""From the first start to a first team to a first goal: Goalkeeper in a workspace where nobody knows it."""

import re

from playwright.sync_api import Browser, expect

from docs import studio as stage
from docs.studio import ADAEZE, ANA, JONAS, Studio
from docs.ways import PHONE
from sandbox.sample import WEST


def test_the_first_admin_is_led_to_a_first_team_and_a_rep_to_a_first_goal(chromium: Browser) -> None:
    with stage.apart() as address:
        studio = Studio(chromium, address)
        with studio.visit(JONAS) as jonas:
            jonas.type("/goals set")
            jonas.sees("You are not on a sales team yet")
            jonas.page.get_by_role("button", name="Ask to join a team").click()
            expect(jonas.form).to_contain_text("Ask Adaeze Okafor")
        with studio.visit(ADAEZE) as adaeze:
            adaeze.type("/goals")
            adaeze.sees("set up a first one to begin")
            adaeze.page.get_by_role("button", name="Set up Goalkeeper").click()
            expect(adaeze.form).to_contain_text("A first team")
            adaeze.press_for_form("teams.add")
            adaeze.fill("Name", "West")
            adaeze.choose("manager", WEST.manager)
            adaeze.choose("channel", WEST.channel)
            adaeze.page.get_by_label("Add everybody from the channel").check()
            adaeze.press("#submit")
            expect(adaeze.form).to_contain_text(re.compile("Joined: .*Ana Souza"))
            adaeze.press("#modal-cancel")
            expect(adaeze.form).to_contain_text("West: Marisol Peña")
            expect(adaeze.form).not_to_contain_text("A first team")
        _sets_a_goal(studio)


def _sets_a_goal(studio: Studio) -> None:
    with studio.visit(ANA, size=PHONE) as ana:
        ana.type("/goals")
        ana.sees("opens the form for your goals")
        ana.type_for_form("/goals set")
        ana.fill("Signups", "20")
        ana.fill("Revenue", "$50k")
        ana.save()
        ana.sees("goals set: 20 signups · $50,000")
