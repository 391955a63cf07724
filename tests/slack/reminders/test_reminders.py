"""Who has not set goals is reminded, in their own time; who has is left alone."""

import pytest

from sandbox import Person, Sandbox
from sandbox.mrkdwn import objects
from tests.conftest import Sql
from tests.slack.conftest import Clock, Told
from tests.slack.reading import Form
from tests.slack.reminders.conftest import Day, Sent, buttons, posts

THREE_DAYS = "⏰ Please set your *February goals* by Fri, Feb 6, 11:59 PM: 3 days left."
DONE = "✅ February goals set: 20 signups · $50,000 · tier 3"


async def test_the_reminder_names_month_deadline_and_time_left(ana: Person, day: Day, told: Told) -> None:
    await day(2026, 2, 3, 12)
    (reminder,) = await told(ana)
    assert reminder.text == THREE_DAYS
    assert buttons(reminder) == ["Set goals", "Remind me later", "Got it"]


async def test_each_stage_at_noon_of_their_own_day(ana: Person, priya: Person, day: Day, sent: Sent) -> None:
    await day(2026, 2, 3, 11, 59, zone="Asia/Kolkata")
    assert (await sent(ana), await sent(priya)) == ([], [])
    await day(2026, 2, 3, 12, zone="Asia/Kolkata")
    assert (await sent(ana), len(await sent(priya))) == ([], 1)
    await day(2026, 2, 3, 12)
    assert (len(await sent(ana)), len(await sent(priya))) == (1, 1)
    for date in (5, 6, 7):
        await day(2026, 2, date, 12)
    assert await sent(ana) == [
        THREE_DAYS,
        "⏰ Please set your *February goals* by Fri, Feb 6, 11:59 PM: 35 hours left.",
        "⏰ Please set your *February goals* by Fri, Feb 6, 11:59 PM: 11 hours left.",
        "⏰ Your *February goals* are not set, and the deadline was Fri, Feb 6, 11:59 PM. "
        "Set them now: they count as late, but they count.",
    ]


async def test_who_has_set_goals_is_not_reminded(ana: Person, day: Day, sandbox: Sandbox, sent: Sent) -> None:
    await day(2026, 2, 1, 12)
    await ana.types("/goals set 20 50k 3")
    for date in (3, 5, 6, 7):
        await day(2026, 2, date, 12)
    (confirmation,) = await sent(ana)
    assert confirmation.startswith("✅ *February goals set:*")


async def test_every_reminder_turns_in_place_once_the_goals_are_set(
    ana: Person, marisol: Person, day: Day, told: Told, sandbox: Sandbox
) -> None:
    await day(2026, 2, 3, 12)
    await day(2026, 2, 5, 12)
    before = await told(ana)
    count = posts(sandbox)
    await ana.presses("goals.set.open", before[0])
    assert Form.of(ana).fields["Signups"] == "20"
    assert (await ana.submits({"revenue_goal": "$50k", "bonus_tier_goal": "3"})).closed
    *reminders, confirmation = await told(ana)
    assert [one.text for one in reminders] == [DONE, DONE]
    assert [one.ts for one in reminders] == [one.ts for one in before]
    assert not any(buttons(one) for one in reminders)
    assert confirmation.text.startswith("✅ *February goals set:*")
    assert posts(sandbox) == count + 1


async def test_a_reminder_that_has_not_gone_out_yet_is_not_sent_any_more(
    ana: Person, day: Day, sent: Sent, sandbox: Sandbox, sql: Sql
) -> None:
    await sql(
        "INSERT INTO outbox_lanes (workspace_id, lane, next_at)"
        " SELECT workspace_id, 'user:' || id, clock_timestamp() + interval '1 hour'"
        "   FROM users WHERE name = 'Ana Souza'"
    )
    await day(2026, 2, 3, 12, sending=False)
    await ana.types("/goals set 20 50k 3")
    await sql("UPDATE outbox_lanes SET next_at = clock_timestamp()")
    (confirmation,) = await sent(ana)
    assert confirmation.startswith("✅ *February goals set:*")
    reason = "SELECT reason FROM outbox WHERE status = 'cancelled' AND kind = 'reminders.reminder'"
    assert await sql.value(reason) == "the goals were set"


@pytest.mark.parametrize(
    ("choice", "label", "back"),
    [
        ("1h", "Tue, Feb 3, 1:00 PM", (2026, 2, 3, 13)),
        ("3h", "Tue, Feb 3, 3:00 PM", (2026, 2, 3, 15)),
        ("tomorrow", "Wed, Feb 4, 9:00 AM", (2026, 2, 4, 9)),
    ],
)
async def test_remind_me_later(
    ana: Person, day: Day, told: Told, choice: str, label: str, back: tuple[int, ...]
) -> None:
    await day(2026, 2, 3, 12)
    (reminder,) = await told(ana)
    await snoozes(ana, choice)
    (waiting,) = await told(ana)
    assert waiting.ts == reminder.ts
    assert waiting.text == f"{THREE_DAYS}\n💤 I'll remind you again: {label}."
    assert buttons(waiting) == ["Set goals"]
    *moment, hour = back
    await day(*moment, hour - 1, 58)
    assert len(await told(ana)) == 1
    for minute in (1, 5):
        await day(*back, minute)
        assert len(await told(ana)) == 2
    assert buttons((await told(ana))[-1]) == ["Set goals", "Remind me later", "Got it"]


async def snoozes(person: Person, choice: str) -> None:
    """Chooses from the newest reminder's menu."""
    menus = [
        (message, option["value"])
        for message in person.dms()
        for element in objects(message.blocks)
        if element.get("type") == "static_select"
        for option in element["options"]
    ]
    message, value = next((m, v) for m, v in reversed(menus) if v.endswith(f":{choice}"))
    await person.chooses("reminders.snooze", value, message)


async def test_only_what_lies_before_the_deadline_is_offered(ana: Person, day: Day, told: Told) -> None:
    await day(2026, 2, 6, 12)
    (reminder,) = await told(ana)
    offered = [option["text"]["text"] for option in objects(reminder.blocks) if "value" in option]
    assert [one for one in offered if one.startswith(("In", "Tomorrow"))] == ["In 1 hour", "In 3 hours"]
    await day(2026, 2, 7, 12)
    assert buttons((await told(ana))[-1]) == ["Set goals", "Got it"]


async def test_the_next_stage_replaces_a_snooze(ana: Person, day: Day, sent: Sent) -> None:
    await day(2026, 2, 5, 12)
    await snoozes(ana, "tomorrow")
    await sent(ana)
    await day(2026, 2, 6, 12)
    await day(2026, 2, 6, 12, 5)
    assert len(await sent(ana)) == 2


async def test_of_two_reminders_only_the_newer_can_be_put_off(ana: Person, day: Day, told: Told) -> None:
    await day(2026, 2, 3, 12)
    await day(2026, 2, 5, 12)
    older, newer = await told(ana)
    for message, stage in ((older, "goal_deadline_3days"), (newer, "goal_deadline_1day")):
        menu = next(o["value"] for o in objects(message.blocks) if f"{stage}:" in str(o.get("value")))
        user_id = menu.split(":")[2]
        await ana.chooses("reminders.snooze", f"2026-02:{stage}:{user_id}:1h", message)
    await told(ana)
    await day(2026, 2, 5, 13, 2)
    assert len(await told(ana)) == 3


async def test_setting_goals_ends_a_snooze(ana: Person, day: Day, sent: Sent) -> None:
    await day(2026, 2, 3, 12)
    await snoozes(ana, "1h")
    await ana.types("/goals set 20 50k 3")
    await day(2026, 2, 3, 13, 5)
    assert [text.splitlines()[0] for text in await sent(ana)] == [
        DONE,
        "✅ *February goals set:* 20 signups · $50,000 · tier 3",
    ]


async def test_got_it_is_kept_and_the_next_stage_comes_all_the_same(
    ana: Person, day: Day, told: Told, sql: Sql
) -> None:
    await day(2026, 2, 3, 12)
    await told(ana)
    await ana.presses("reminders.got_it")
    (reminder,) = await told(ana)
    assert reminder.text == f"{THREE_DAYS}\n👍 Got it. `/goals set` whenever you are ready."
    assert buttons(reminder) == ["Set goals"]
    acknowledged = (
        "SELECT count(*) FROM goal_deadline_reminders"
        " WHERE acknowledged AND acknowledged_at IS NOT NULL AND reminder_type = 'goal_deadline_3days'"
    )
    assert await sql.value(acknowledged) == 1
    await day(2026, 2, 5, 12)
    assert len(await told(ana)) == 2


async def test_setting_after_the_deadline_says_so_everywhere(ana: Person, day: Day, sent: Sent) -> None:
    await day(2026, 2, 7, 12)
    await ana.presses("goals.set.open")
    await ana.submits({"revenue_goal": "50k", "bonus_tier_goal": "3"})
    reminder, confirmation = await sent(ana)
    assert reminder == DONE
    assert "Set late" in confirmation


async def test_a_month_that_ended_set_is_never_said_to_be_unset(
    ana: Person, marisol: Person, day: Day, clock: Clock, sent: Sent, sql: Sql
) -> None:
    await day(2026, 2, 5, 12, zone="America/Los_Angeles")
    await sql("UPDATE outbox_lanes SET next_at = clock_timestamp() + interval '1 hour'")
    await ana.types("/goals set 20 50k 3")
    await clock.at(2026, 3, 1, 12)
    await sql("UPDATE outbox_lanes SET next_at = clock_timestamp()")
    assert (await sent(ana))[0] == DONE
    (digest,) = await sent(marisol)
    assert "*Ana Souza*: set: 20 signups · $50,000 · tier 3" in digest.splitlines()
    assert "*DeShawn Carter*: never set" in digest.splitlines()
