"""Managers learn who has not set goals, in one message that stays true, and can do something about it."""

from sandbox import Message, Person, Sandbox
from sandbox.limits import message_problems
from sandbox.limits.surfaces import text_length
from sandbox.mrkdwn import objects
from tests.conftest import Sql
from tests.slack.conftest import Clock, Told
from tests.slack.reading import Form
from tests.slack.reminders.conftest import MANY, Day, Press, Sent, buttons, posts

LA, LONDON = "America/Los_Angeles", "Europe/London"


def button_values(message: Message, label: str) -> list[str]:
    """The values of the buttons with this label."""
    found = [one for one in objects(message.blocks) if one.get("type") == "button"]
    return [str(one["value"]) for one in found if one["text"]["text"] == label]


async def test_one_digest_a_stage_at_noon_of_the_manager_s(
    marisol: Person, tomasz: Person, day: Day, sent: Sent, clock: Clock
) -> None:
    await day(2026, 2, 5, 11, 59, zone=LA)
    assert await sent(marisol) == []
    await day(2026, 2, 5, 12, zone=LA)
    await day(2026, 2, 6, 12, zone=LA)
    await day(2026, 2, 7, 11, 59, zone=LA)
    assert len(await sent(marisol)) == 2
    await day(2026, 2, 7, 12, zone=LA)
    before, on_the_day, overdue = await sent(marisol)
    assert before.splitlines() == [
        "📋 *February goals:* 0 of 5 set. The deadline is the end of Fri, Feb 6, each rep's own time.",
        "*Ana Souza*: not set, 32 hours left",
        "*Noah Bergström*: not set, 32 hours left",
        "*DeShawn Carter*: not set, 35 hours left",
        "*Leilani Kealoha*: not set, 35 hours left",
        "*Mei-Lin Zhào*: not set, 35 hours left",
    ]
    assert "*Ana Souza*: not set, 8 hours left" in on_the_day.splitlines()
    assert overdue.splitlines()[:2] == [
        "📋 *February goals:* 0 of 5 set. The deadline has passed.",
        "*Ana Souza*: not set, was due Fri, Feb 6, 11:59 PM (New York time)",
    ]
    assert "*DeShawn Carter*: not set, was due Fri, Feb 6, 11:59 PM" in overdue.splitlines()


async def test_it_changes_in_place_for_those_concerned_alone(
    ana: Person, marisol: Person, tomasz: Person, day: Day, told: Told, sandbox: Sandbox
) -> None:
    await day(2026, 2, 5, 12, zone=LONDON)
    await day(2026, 2, 5, 12, zone=LA)
    (digest,), (other,) = await told(marisol), await told(tomasz)
    count = posts(sandbox)
    await ana.types("/goals set 20 50k 3")
    (edited,) = await told(marisol)
    assert edited.ts == digest.ts
    assert edited.text.startswith("📋 *February goals:* 1 of 5 set.")
    assert edited.text.splitlines()[-1] == "*Ana Souza*: set: 20 signups · $50,000 · tier 3"
    assert posts(sandbox) == count + 1
    edits = sandbox.calls_to("chat.update")
    assert [edit.args["ts"] for edit in edits if edit.args["ts"] == other.ts] == []


async def test_many_settings_at_once_make_one_edit(
    marisol: Person, day: Day, told: Told, sandbox: Sandbox, sql: Sql
) -> None:
    await day(2026, 2, 5, 12, zone=LA)
    (digest,) = await told(marisol)
    await sql("UPDATE outbox_lanes SET next_at = clock_timestamp() + interval '1 hour'")
    for name in ("Ana Souza", "Noah Bergström", "DeShawn Carter"):
        await sandbox.person(name).types("/goals set 20 50k 3")
    await sql("UPDATE outbox_lanes SET next_at = clock_timestamp()")
    assert (await told(marisol))[0].text.startswith("📋 *February goals:* 3 of 5 set.")
    edits = [edit for edit in sandbox.calls_to("chat.update") if edit.args["ts"] == digest.ts]
    assert len(edits) == 1


async def test_once_everybody_has_set_goals_it_says_so(
    marisol: Person, day: Day, told: Told, sql: Sql
) -> None:
    await day(2026, 2, 5, 12, zone=LA)
    (digest,) = await told(marisol)
    await sql("UPDATE rep_monthly_goals SET goal_set_at = goalkeeper_now()")
    await day(2026, 2, 5, 12, 1, zone=LA)
    (edited,) = await told(marisol)
    assert edited.ts == digest.ts
    assert edited.text.startswith("🎉 *February goals:* 5 of 5 set. Nobody is missing.\n*Ana Souza*")
    assert buttons(edited) == []


async def test_a_nudge_reaches_the_rep_and_shows_in_the_digest(
    ana: Person, marisol: Person, day: Day, told: Told, press: Press
) -> None:
    await day(2026, 2, 5, 12, zone=LA)
    (digest,) = await told(marisol)
    ana_s = next(one for one in button_values(digest, "Nudge") if one.endswith(ana.id))
    answer = await press(marisol, "reminders.nudge", digest, ana_s)
    assert answer == "👋 Nudged Ana Souza."
    nudge = (await told(ana))[-1]
    assert nudge.text == (
        "👋 Marisol Peña asks for your goals. "
        "Please set your *February goals* by Fri, Feb 6, 11:59 PM: 32 hours left."
    )
    assert buttons(nudge) == ["Set goals"]
    (edited,) = await told(marisol)
    assert "*Ana Souza*: not set, 32 hours left, nudged Thu, Feb 5, 12:00 PM" in edited.text
    await ana.types("/goals set 20 50k 3")
    assert (await told(ana))[-2].text == "✅ February goals set: 20 signups · $50,000 · tier 3"


async def test_nobody_is_nudged_twice_in_four_hours(
    ana: Person, marisol: Person, adaeze: Person, day: Day, told: Told, press: Press
) -> None:
    await day(2026, 2, 5, 12, zone=LA)
    (digest,) = await told(marisol)
    ana_s = next(one for one in button_values(digest, "Nudge") if one.endswith(ana.id))
    await marisol.presses("reminders.nudge", digest, ana_s)
    count = len(await told(ana))
    again = await press(marisol, "reminders.nudge", digest, ana_s)
    assert again == "Ana Souza was nudged less than 4 hours ago. Give it a little time."
    everybody = await press(marisol, "reminders.nudge_all", digest)
    assert everybody == "👋 Nudged 4 people. 1 person had been nudged less than 4 hours ago."
    assert len(await told(ana)) == count
    nobody = await press(marisol, "reminders.nudge_all", digest)
    assert nobody.startswith("Nobody is left to nudge")
    await day(2026, 2, 5, 16, 1, zone=LA)
    assert await press(marisol, "reminders.nudge", digest, ana_s) == "👋 Nudged Ana Souza."
    assert len(await told(ana)) == count + 1


async def test_a_manager_sets_goals_from_the_digest(
    ana: Person, marisol: Person, day: Day, told: Told
) -> None:
    await day(2026, 2, 5, 12, zone=LA)
    (digest,) = await told(marisol)
    ana_s = next(one for one in button_values(digest, "Set for them") if one.endswith(ana.id))
    await marisol.presses("goals.set.open", digest, ana_s)
    assert Form.of(marisol).fields["Goals of Ana Souza for"] == "February 2026"
    assert (await marisol.submits({"reason": "On leave until Monday"})).closed
    assert "1 of 5 set" in next(one.text for one in await told(marisol) if one.ts == digest.ts)
    reminder, confirmation = await told(ana)
    assert reminder.text == "✅ February goals set: 20 signups"
    assert "Set by Marisol Peña: “On leave until Monday”" in confirmation.text


async def test_forty_more_reps_in_six_zones(
    marisol: Person, day: Day, told: Told, sandbox: Sandbox, sql: Sql
) -> None:
    await sql(MANY, count=40)
    await day(2026, 2, 5, 12, zone=LA, sending=False)
    digest = await sandbox.wait_for(lambda: next(iter(marisol.dms()), None))
    assert digest is not None
    assert len(button_values(digest, "Nudge")) == 20
    assert "0 of 45 set" in digest.text
    assert "… and 25 more: *Show everybody*." in digest.text
    assert buttons(digest)[-2:] == ["Nudge all", "Show everybody"]
    await marisol.presses("reminders.show_all", digest)
    form = Form.of(marisol)
    lines = "\n".join(form.lines).splitlines()
    assert sum(": not set, " in line for line in lines) == 45
    assert len({line for line in lines if ": not set, " in line}) == 45
    # Slack does not know these: nothing gets to them, and nobody waits for it here.
    await sql("DELETE FROM outbox WHERE status <> 'sent'")


async def test_names_of_any_length_stay_within_slack_s_limits(marisol: Person, day: Day, sql: Sql) -> None:
    await sql(MANY, count=40)
    await day(2026, 2, 2, 12)
    for name in ("&" * 200, "W" * 200, "*x* `y` <!channel> :tada: " * 8):
        await sql("UPDATE sales_reps SET name = CAST(:name AS text) || id WHERE id > 9", name=name)
        answer = await marisol.types("/goals compliance")
        assert answer.error is None
        assert answer.message is not None
        assert not message_problems(answer.message.blocks)
        assert text_length(answer.message.blocks) <= 10_000
        await marisol.presses("reminders.show_all", answer.message)
        assert "\n".join(Form.of(marisol).lines).count(": not set, ") == 45
        await marisol.closes()


async def test_a_team_without_a_manager_goes_to_the_admins(
    adaeze: Person, tomasz: Person, day: Day, told: Told, sql: Sql, press: Press
) -> None:
    await sql("UPDATE teams SET manager_id = NULL WHERE name = 'East'")
    await day(2026, 2, 5, 12)
    (digest,) = await told(adaeze)
    assert "*Priya Raghunathan*: not set, 25 hours left" in digest.text
    assert "Ana Souza" not in digest.text
    assert digest.text.splitlines()[-1] == (
        "You read this as an admin, since nobody manages East. Please name a manager: `/goals setup`."
    )
    assert await press(adaeze, "reminders.nudge_all", digest) == "👋 Nudged 4 people."
    await day(2026, 2, 5, 19, zone=LONDON)
    assert await told(tomasz) == []


async def test_a_manager_who_is_a_rep_sees_her_own_line_and_is_not_nudged_by_herself(
    marisol: Person, day: Day, told: Told, sql: Sql, press: Press
) -> None:
    await sql(
        """
        WITH rep AS (
            INSERT INTO sales_reps (workspace_id, user_id, name, joined_on, created_at)
            SELECT workspace_id, id, name, '2025-01-01', '2025-01-01Z' FROM users WHERE slack_id = :manager
            RETURNING workspace_id, id
        )
        INSERT INTO team_memberships (workspace_id, sales_rep_id, team_id, started_on)
        SELECT workspace_id, id, (SELECT id FROM teams WHERE name = 'West'), '2025-01-01' FROM rep
        """,
        manager=marisol.id,
    )
    await day(2026, 2, 5, 12, zone=LA)
    reminder, digest = sorted(await told(marisol), key=lambda one: one.text[0])
    assert (reminder.text[0], digest.text[0]) == ("⏰", "📋")
    assert button_values(digest, "Set goals") == [f"2026-02:{marisol.id}"]
    assert not any(one.endswith(marisol.id) for one in button_values(digest, "Nudge"))
    assert await press(marisol, "reminders.nudge_all", digest) == "👋 Nudged 5 people."
    assert not any("asks for your goals" in one.text for one in await told(marisol))
    await marisol.presses("goals.set.open", digest, f"2026-02:{marisol.id}")
    assert "Reason" not in Form.of(marisol).fields


async def test_a_manager_of_two_teams_has_one_digest_that_names_each_reps_team(
    marisol: Person, day: Day, told: Told, sql: Sql
) -> None:
    await sql("UPDATE teams SET manager_id = (SELECT id FROM users WHERE slack_id = :id)", id=marisol.id)
    await sql(
        "UPDATE team_memberships SET team_id = (SELECT id FROM teams WHERE name = 'East')"
        " WHERE sales_rep_id = (SELECT id FROM sales_reps WHERE name = 'Noah Bergström')"
    )
    await day(2026, 2, 5, 12, zone=LA)
    (digest,) = await told(marisol)
    assert "0 of 9 set" in digest.text
    lines = [line for line in digest.text.splitlines() if "Ana" in line or "Noah" in line]
    assert [line.partition(":")[0] for line in lines] == ["*Ana Souza* (West)", "*Noah Bergström* (East)"]


async def test_who_left_or_became_a_guest_is_in_no_digest(
    ana: Person, marisol: Person, sandbox: Sandbox, day: Day, told: Told, sql: Sql
) -> None:
    await day(2026, 2, 3, 12)
    await sandbox.deactivate(ana)
    await sql("UPDATE users SET standing = 'guest' WHERE name = 'Noah Bergström'")
    await day(2026, 2, 5, 12, zone=LA)
    (digest,) = await told(marisol)
    assert "0 of 3 set" in digest.text
    assert "Ana" not in digest.text
