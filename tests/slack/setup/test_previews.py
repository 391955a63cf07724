"""“Send me a preview”: each kind of message to oneself, with made-up figures."""

from bot.app import FEATURES
from bot.setup.previews import PRESSED, PREVIEW
from bot.slack.conversation import ANSWER
from sandbox import Person, Sandbox
from sandbox.mrkdwn import objects
from tests.conftest import Sql
from tests.slack.conftest import Clock, Told
from tests.slack.reading import Form
from tests.slack.reminders.conftest import buttons, posts

MARK = "👀 A preview: people and figures are made up, and buttons do nothing.\n"


def test_there_is_a_sample_of_each_kind_of_message() -> None:
    assert {name.partition(":")[0] for name in FEATURES.samples} == FEATURES.renderers.keys() - {
        PREVIEW,
        ANSWER,
    }


async def test_an_admin_gets_each_kind_of_message(adaeze: Person, sandbox: Sandbox, told: Told) -> None:
    await adaeze.types("/goals setup")
    await adaeze.presses("setup.preview.send")
    notice = "👀 19 previews are on their way to your messages from Goalkeeper."
    await sandbox.wait_for(lambda: Form.of(adaeze).lines[0] == notice)
    messages = await told(adaeze)
    assert all(message.text.startswith(MARK) for message in messages)
    said = [message.text.removeprefix(MARK).splitlines()[0] for message in messages]
    assert said == [
        "✅ *February goals set:* 25 signups · $60,000 · tier 3",
        "Marisol Peña changed your February goals to 25 signups · $60,000 · tier 3.",
        "📥 Marisol Peña logged *2 signups* for you.",
        "✏️ Marisol Peña corrected your 2 signups of today to *1 signup*.",
        "🏆 *West: February so far*",
        "🏁 *West: February, final board*",
        "⏰ Please set your *February goals* by Fri, Feb 6, 11:59 PM: 3 days left.",
        "⏰ Your *February goals* are not set, and the deadline was Fri, Feb 6, 11:59 PM. "
        "Set them now: they count as late, but they count.",
        "👋 Marisol Peña asks for your goals. "
        "Please set your *February goals* by Fri, Feb 6, 11:59 PM: 24 hours left.",
        "📋 *February goals:* 2 of 4 set. The deadline is the end of Fri, Feb 6.",
        "🎉 *Ana Souza* made the February goal!",
        "📊 *February 2026 report* · provisional until Mar 8",
        "📊 *February 2026 report* · final",
        "🙋 *Jonas Lindqvist* asks to join team *West*.",
        "🎉 Marisol Peña added you to team *West*. `/goals set` sets your goals.",
        "📄 *deals.csv* from hubspot: 120 rows, 118 new, 0 changed, 2 unchanged.",
        "⚠️ *deals.csv* has 1 mistake, so nothing was imported.",
        "⚠️ My messages don't get to #team-west.",
        "⚠️ Slack broke off while I was posting in #team-west, and I may not read the channel to see whether "
        "it arrived. I won't post it twice: please have a look. If it isn't there, whoever runs Goalkeeper "
        "can have it posted: `goalkeeper outbox release 42 --anew`. Granting the app the scope "
        "`channels:history` lets me look for myself.",
    ]


async def test_they_are_about_the_deadline_that_comes_next(adaeze: Person, clock: Clock, told: Told) -> None:
    await clock.at(2026, 2, 20, 12)
    await adaeze.types("/goals setup")
    await adaeze.presses("setup.preview.send")
    said = "\n".join(message.text for message in await told(adaeze))
    assert said.count("Fri, Mar 6") == 5
    assert "Feb" not in said


async def test_a_preview_shows_its_buttons_and_they_do_nothing(
    adaeze: Person, sandbox: Sandbox, told: Told
) -> None:
    await adaeze.types("/goals setup")
    await adaeze.presses("setup.preview.send")
    await adaeze.closes()
    messages = await told(adaeze)
    assert buttons(messages[6]) == ["Set goals", "Remind me later", "Got it"]
    ours = [
        item["action_id"] for message in messages for item in objects(message.blocks) if "action_id" in item
    ]
    assert set(ours) == set(PRESSED)
    answer = await adaeze.presses(PRESSED[0], messages[6])
    assert await sandbox.wait_for(lambda: answer.text) == "👀 That was a preview: nothing has happened."
    assert adaeze.view is None


async def test_nobody_s_goals_come_of_it(adaeze: Person, told: Told, sql: Sql) -> None:
    await adaeze.types("/goals setup")
    await adaeze.presses("setup.preview.send")
    await told(adaeze)
    assert await sql.value("SELECT count(*) FROM rep_monthly_goals") == 0
    assert await sql.value("SELECT count(*) FROM goal_deadline_reminders") == 0


async def test_pressed_again_at_once_sends_nothing_more(
    adaeze: Person, sandbox: Sandbox, clock: Clock, told: Told
) -> None:
    await adaeze.types("/goals setup")
    for _ in range(2):
        await clock.at(2026, 2, 3, 12)
        await adaeze.presses("setup.preview.send")
    await told(adaeze)
    assert posts(sandbox) == 19
