"""`/goals compliance`: for a manager the own teams, for an admin everybody, as CSV, and one rep explained."""

import csv
import io

import pytest

from sandbox import Answer, Person
from tests.conftest import Sql
from tests.slack.conftest import Clock
from tests.slack.reading import Form, seen
from tests.slack.reminders.conftest import MANY, Day, Press, buttons


def rows(answer: Answer) -> list[dict[str, str]]:
    """The CSV in an answer, as a spreadsheet reads it."""
    assert answer.message is not None
    (block,) = (block for block in answer.message.blocks if block["type"] == "rich_text")
    written = "".join(piece["text"] for piece in block["elements"][0]["elements"])
    return list(csv.DictReader(io.StringIO(written)))


async def test_a_manager_sees_the_own_team(ana: Person, marisol: Person, day: Day, press: Press) -> None:
    await day(2026, 2, 2, 12)
    await ana.types("/goals set 20 50k 3")
    answer = await marisol.types("/goals compliance")
    assert answer.message is not None
    lines = answer.message.text.splitlines()
    assert lines[0] == (
        "📋 *February goals:* 1 of 5 set. The deadline is the end of Fri, Feb 6, each rep's own time."
    )
    assert lines[-1] == "*Ana Souza*: set: 20 signups · $50,000 · tier 3"
    assert not any("Priya" in line for line in lines)
    assert buttons(answer.message) == [*["Nudge", "Set for them"] * 4, "Nudge all"]
    assert await press(marisol, "reminders.nudge_all", answer.message) == "👋 Nudged 4 people."


async def test_an_admin_sees_everybody_and_can_act(adaeze: Person, day: Day, press: Press, sql: Sql) -> None:
    await sql(MANY, count=31)
    await day(2026, 2, 2, 12, sending=False)
    answer = await adaeze.types("/goals compliance")
    assert answer.message is not None
    assert "0 of 40 set" in answer.message.text
    assert "… and 20 more: *Show everybody*." in answer.message.text
    await adaeze.presses("reminders.show_all", answer.message)
    assert "\n".join(Form.of(adaeze).lines).count(": not set, ") == 40
    assert await press(adaeze, "reminders.nudge_all", answer.message) == "👋 Nudged 40 people."
    await sql("DELETE FROM outbox WHERE status <> 'sent'")


async def test_a_rep_of_two_zones_away_has_the_own_deadline(tomasz: Person, clock: Clock, day: Day) -> None:
    await day(2026, 2, 6, 20, zone="Europe/London")
    lines = (await tomasz.types("/goals compliance")).text.splitlines()
    assert "Priya Raghunathan: not set, was due Fri, Feb 6, 11:59 PM (Kolkata time)" in lines
    assert "Oisín Ó Briain: not set, 3 hours left" in lines


async def test_a_month_that_no_tick_has_opened_yet_is_missing_all_the_same(
    marisol: Person, clock: Clock
) -> None:
    assert "0 of 5 set" in (await marisol.types("/goals compliance")).text
    states = {row["state"] for row in rows(await marisol.types("/goals compliance csv"))}
    assert states == {"not set"}


async def test_right_after_a_roster_came_in_its_reps_are_missing(
    ana: Person, marisol: Person, day: Day, press: Press, sql: Sql
) -> None:
    await day(2026, 2, 2, 12)
    await ana.types("/goals set 20")
    await sql(MANY, count=2)
    answer = await marisol.types("/goals compliance")
    assert answer.message is not None
    assert "1 of 7 set" in answer.message.text
    assert "Many 001" in answer.message.text
    assert await press(marisol, "reminders.nudge_all", answer.message) == "👋 Nudged 6 people."
    await sql("DELETE FROM outbox WHERE status <> 'sent'")


async def test_others_are_refused_in_a_sentence(ana: Person, jonas: Person, marisol: Person) -> None:
    for somebody in (ana, jonas):
        for typed in ("/goals compliance", "/goals compliance csv"):
            assert (await somebody.types(typed)).text == (
                "Managers and admins can see who has set goals. /goals set sets yours."
            )
    for somebody in (ana, jonas, marisol):
        assert (await somebody.types("/goals compliance @ana")).text == (
            "Only an admin can see what became of somebody's reminders."
        )


async def test_help_names_it_to_those_who_may(ana: Person, marisol: Person, adaeze: Person) -> None:
    assert "compliance" not in (await ana.types("/goals")).text
    for_manager, for_admin = [(await one.types("/goals")).text for one in (marisol, adaeze)]
    assert "/goals compliance  who has set this month's goals, and who has not" in for_manager
    assert "/goals compliance csv  the same for a spreadsheet" in for_manager
    assert "/goals compliance @rep" not in for_manager
    assert "/goals compliance @rep  what became of each of a rep's reminders" in for_admin


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("@nobody", "I don't know @nobody. Type @ and pick the name from the list that Slack offers."),
        ("cvs", "I don't know “cvs”. It is /goals compliance, or /goals compliance csv."),
        ("csv 0", "There is no part 0: this month's CSV has 1 part."),
        ("csv 2", "There is no part 2: this month's CSV has 1 part."),
    ],
)
async def test_what_is_not_understood_is_said_so(marisol: Person, day: Day, typed: str, said: str) -> None:
    await day(2026, 2, 2, 12)
    assert seen((await marisol.types(f"/goals compliance {typed}")).text) == said


async def test_csv_is_what_a_spreadsheet_takes(ana: Person, marisol: Person, day: Day, sql: Sql) -> None:
    await day(2026, 2, 2, 12)
    await ana.types("/goals set 20 50k 3")
    answer = await marisol.types("/goals compliance csv")
    assert answer.text.startswith("February goals as CSV: copy it into a spreadsheet.\n")
    *_, mei_lin, _noah, ana_s = rows(answer) if rows(answer)[-1]["name"] == "Ana Souza" else [{}, {}, {}]
    assert ana_s == {
        "name": "Ana Souza",
        "team": "West",
        "month": "2026-02",
        "state": "set",
        "signups": "20",
        "revenue": "50000.00",
        "tier": "3",
        "deadline": "2026-02-06 23:59",
        "time_zone": "America/New_York",
    }
    unset = rows(answer)[0]
    assert (unset["state"], unset["signups"], unset["revenue"], unset["tier"]) == ("not set", "", "", "")
    assert mei_lin


async def test_csv_holds_every_name_as_it_is(marisol: Person, day: Day, sql: Sql) -> None:
    names = [
        'O\'Neil, "Bob"',
        "Zoë 🎉🏳️‍🌈 :tada:",
        "<!channel> & <@U0ADAEZE001>",
        "```code```",
        "=HYPERLINK(1)",
    ]
    reps = await sql(
        "SELECT sales_rep_id FROM team_memberships JOIN teams t ON t.id = team_id AND t.name = 'West'"
    )
    for rep, name in zip(reps, names, strict=True):
        await sql("UPDATE sales_reps SET name = :name WHERE id = :id", name=name, id=rep.sales_rep_id)
    await day(2026, 2, 2, 12)
    found = {row["name"] for row in rows(await marisol.types("/goals compliance csv"))}
    assert found == {*names[:-1], "'=HYPERLINK(1)"}


async def test_csv_of_many_comes_in_parts(adaeze: Person, day: Day, sql: Sql) -> None:
    await sql(MANY, count=200)
    await day(2026, 2, 2, 12, sending=False)
    first = await adaeze.types("/goals compliance csv")
    assert first.text.startswith("February goals as CSV, part 1 of 2. The next: /goals compliance csv 2.\n")
    second = await adaeze.types("/goals compliance csv 2")
    names = [row["name"] for row in rows(first) + rows(second)]
    assert len(names) == len(set(names)) == 209
    await sql("DELETE FROM outbox WHERE status <> 'sent'")


async def test_one_rep_s_reminders_are_explained(ana: Person, adaeze: Person, day: Day) -> None:
    assert (await adaeze.types("/goals compliance @ana")).text == (
        "No reminders of Ana Souza's February goals are planned yet."
    )
    await day(2026, 2, 3, 12)
    await ana.presses("reminders.got_it")
    lines = (await adaeze.types("/goals compliance @Ana Souza")).text.splitlines()
    assert lines == [
        "Ana Souza, February goals: not set. Times are Ana Souza's own (America/New_York).",
        "• 3 days before: sent Tue, Feb 3, 12:00 PM, answered with Got it Tue, Feb 3, 12:00 PM",
        "• 1 day before: comes Thu, Feb 5, 12:00 PM",
        "• On the day: comes Fri, Feb 6, 12:00 PM",
        "• Overdue: comes Sat, Feb 7, 12:00 PM",
    ]
    await ana.types("/goals set 20")
    await day(2026, 2, 5, 12)
    lines = (await adaeze.types("/goals compliance @ana")).text.splitlines()
    assert lines[0].startswith("Ana Souza, February goals: set on Tue, Feb 3, 12:00 PM.")
    assert lines[2:] == [
        "• 1 day before: skipped: the goals were set",
        "• On the day: skipped: the goals were set",
        "• Overdue: skipped: the goals were set",
    ]


async def test_somebody_without_goals_has_none_to_explain(adaeze: Person, jonas: Person) -> None:
    assert "is not on a sales team" in (await adaeze.types("/goals compliance @jonas")).text
