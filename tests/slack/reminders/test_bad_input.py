"""Old buttons, buttons of others, buttons pressed twice: a sensible answer, and no double effect."""

import pytest

from sandbox import Message, Person, Sandbox
from tests.conftest import Sql
from tests.slack.conftest import Told
from tests.slack.reading import Form
from tests.slack.reminders.conftest import Day, Press, Sent, posts

LA = "America/Los_Angeles"


async def digest_of(manager: Person, told: Told, day: Day, *moment: int) -> Message:
    """The manager's digest of that moment."""
    await day(*(moment or (2026, 2, 5, 12)), zone=LA)
    return (await told(manager))[-1]


async def test_buttons_of_last_month(
    ana: Person, day: Day, told: Told, press: Press, sandbox: Sandbox
) -> None:
    await day(2026, 2, 3, 12)
    (reminder,) = await told(ana)
    await day(2026, 3, 2, 12)
    over = "February 2026 is over, and its goals with it."
    assert await press(ana, "goals.set.open", reminder) == f"{over} /goals set is about this month."
    menu = next(e for b in reminder.blocks for e in b.get("elements", []) if e["type"] == "static_select")
    answer = await ana.chooses("reminders.snooze", menu["options"][0]["value"], reminder)
    assert await sandbox.wait_for(lambda: answer.text) == f"{over} /goals set is about this month."
    await ana.presses("reminders.got_it", reminder)
    assert (await told(ana))[0].text == (
        "February is over, and its goals were not set. Use `/goals set` for this month's goals."
    )


async def test_a_manager_s_buttons_of_last_month(
    ana: Person, marisol: Person, day: Day, told: Told, press: Press, sql: Sql
) -> None:
    digest = await digest_of(marisol, told, day)
    await day(2026, 3, 2, 12)
    count = len(await told(ana))
    value = f"2026-02:{ana.id}"
    over = "February 2026 is over, and its goals with it."
    assert await press(marisol, "reminders.nudge", digest, value) == over
    assert (await press(marisol, "reminders.nudge_all", digest)).startswith("Nobody is left to nudge")
    assert (await press(marisol, "goals.set.open", digest, value)).startswith(over)
    assert len(await told(ana)) == count
    assert await sql.value("SELECT count(*) FROM goal_nudges") == 0


async def test_buttons_of_a_goal_that_is_set(
    ana: Person, marisol: Person, day: Day, told: Told, press: Press, sandbox: Sandbox
) -> None:
    digest = await digest_of(marisol, told, day)
    reminder = (await told(ana))[-1]
    await ana.types("/goals set 20 50k 3")
    count = len(await told(ana))
    said = await press(marisol, "reminders.nudge", digest, f"2026-02:{ana.id}")
    assert said == "Ana Souza has set the goals for February 2026. There is nothing to ask for."
    menu = next(e for b in reminder.blocks for e in b.get("elements", []) if e["type"] == "static_select")
    answer = await ana.chooses("reminders.snooze", menu["options"][0]["value"], reminder)
    assert await sandbox.wait_for(lambda: answer.text) == (
        "These goals are set: there is nothing left to be reminded of."
    )
    await ana.presses("reminders.got_it", reminder)
    await ana.presses("goals.set.open", reminder)
    assert Form.of(ana).fields["Signups"] == "20"
    texts = [message.text for message in await told(ana)]
    assert len(texts) == count
    assert texts[0] == "✅ February goals set: 20 signups · $50,000 · tier 3"


async def test_buttons_of_a_rep_who_was_deactivated(
    ana: Person, marisol: Person, day: Day, told: Told, press: Press, sandbox: Sandbox, sql: Sql
) -> None:
    digest = await digest_of(marisol, told, day)
    await sandbox.deactivate(ana)
    said = await press(marisol, "reminders.nudge", digest, f"2026-02:{ana.id}")
    assert said == "Ana Souza has no goals to set for February 2026."
    said = await press(marisol, "goals.set.open", digest, f"2026-02:{ana.id}")
    assert said.startswith("Ana Souza is not on a sales team")
    assert await press(marisol, "reminders.nudge_all", digest) == "👋 Nudged 4 people."
    assert await sql.value("SELECT count(*) FROM goal_nudges") == 4


async def test_buttons_of_a_rep_who_has_moved_to_another_team(
    ana: Person, marisol: Person, tomasz: Person, day: Day, told: Told, press: Press, sql: Sql
) -> None:
    digest = await digest_of(marisol, told, day)
    await sql(
        "UPDATE team_memberships SET team_id = (SELECT id FROM teams WHERE name = 'East')"
        " WHERE sales_rep_id = (SELECT id FROM sales_reps WHERE name = 'Ana Souza')"
    )
    said = await press(marisol, "reminders.nudge", digest, f"2026-02:{ana.id}")
    assert said == "Only Ana Souza's manager or an admin can nudge Ana Souza."
    said = await press(marisol, "goals.set.open", digest, f"2026-02:{ana.id}")
    assert said.startswith("Only Ana Souza's manager or an admin can set goals")
    assert await press(marisol, "reminders.nudge_all", digest) == "👋 Nudged 4 people."
    assert "Ana Souza" in (await tomasz.types("/goals compliance")).text


@pytest.mark.parametrize("action", ["reminders.nudge_all", "reminders.nudge", "goals.set.open"])
async def test_an_ex_manager_can_do_nothing_any_more(
    ana: Person, marisol: Person, day: Day, told: Told, press: Press, sandbox: Sandbox, sql: Sql, action: str
) -> None:
    digest = await digest_of(marisol, told, day)
    await sql("UPDATE teams SET manager_id = (SELECT id FROM users WHERE name = 'Tomasz Wójcik')")
    count = posts(sandbox)
    value = None if action == "reminders.nudge_all" else f"2026-02:{ana.id}"
    said = await press(marisol, action, digest, value)
    assert "manager" in said
    assert marisol.view is None
    assert posts(sandbox) == count
    assert await sql.value("SELECT count(*) FROM goal_nudges") == 0


@pytest.mark.parametrize("somebody", ["Noah Bergström", "Tomasz Wójcik", "Jonas Lindqvist"])
async def test_somebody_else_who_gets_hold_of_a_digest(
    ana: Person,
    marisol: Person,
    day: Day,
    told: Told,
    press: Press,
    sandbox: Sandbox,
    sql: Sql,
    somebody: str,
) -> None:
    digest = await digest_of(marisol, told, day)
    other = sandbox.person(somebody)
    count = posts(sandbox)
    assert await press(other, "reminders.nudge_all", digest) == (
        "Only the manager of these reps or an admin can do that."
    )
    said = await press(other, "reminders.nudge", digest, f"2026-02:{ana.id}")
    assert said == "Only Ana Souza's manager or an admin can nudge Ana Souza."
    assert posts(sandbox) == count
    assert await sql.value("SELECT count(*) FROM goal_nudges") == 0


async def test_somebody_else_who_gets_hold_of_a_reminder(
    ana: Person, marisol: Person, day: Day, told: Told, press: Press, sandbox: Sandbox, sql: Sql
) -> None:
    await day(2026, 2, 3, 12)
    (reminder,) = await told(ana)
    noah = sandbox.person("Noah Bergström")
    for other in (noah, marisol):
        said = await press(other, "reminders.got_it", reminder)
        assert said == "That reminder is somebody else's. /goals set is about your own goals."
    menu = next(e for b in reminder.blocks for e in b.get("elements", []) if e["type"] == "static_select")
    answer = await noah.chooses("reminders.snooze", menu["options"][0]["value"], reminder)
    assert "somebody else's" in await sandbox.wait_for(lambda: answer.text)
    answered = "SELECT count(*) FROM goal_deadline_reminders WHERE acknowledged OR snoozed_until IS NOT NULL"
    assert await sql.value(answered) == 0


async def test_everything_pressed_twice(ana: Person, day: Day, told: Told, sent: Sent, sql: Sql) -> None:
    await day(2026, 2, 3, 12)
    (reminder,) = await told(ana)
    menu = next(e for b in reminder.blocks for e in b.get("elements", []) if e["type"] == "static_select")
    for _ in range(2):
        await ana.chooses("reminders.snooze", menu["options"][0]["value"], reminder)
    await day(2026, 2, 3, 13, 1)
    assert len(await sent(ana)) == 2
    first = None
    for _ in range(2):
        await ana.presses("reminders.got_it", reminder)
        at = await sql.value("SELECT acknowledged_at FROM goal_deadline_reminders WHERE acknowledged")
        first = first or at
        assert at == first
    await day(2026, 2, 3, 14, 30)
    texts = await sent(ana)
    assert len(texts) == 2
    assert all(text.endswith("👍 Got it. `/goals set` whenever you are ready.") for text in texts)


async def test_a_snooze_beyond_the_deadline_is_refused(
    ana: Person, day: Day, told: Told, sandbox: Sandbox
) -> None:
    await day(2026, 2, 6, 12)
    (reminder,) = await told(ana)
    menu = next(e for b in reminder.blocks for e in b.get("elements", []) if e["type"] == "static_select")
    await day(2026, 2, 6, 23, 30)
    answer = await ana.chooses("reminders.snooze", menu["options"][0]["value"], reminder)
    assert await sandbox.wait_for(lambda: answer.text) == (
        "That would be after the deadline. Set your goals now. Type /goals set."
    )
    await day(2026, 2, 7, 0, 10)
    answer = await ana.chooses("reminders.snooze", menu["options"][0]["value"], reminder)
    assert await sandbox.wait_for(lambda: answer.text) == (
        "The deadline has passed. Set your goals now, they still count. Type /goals set."
    )
