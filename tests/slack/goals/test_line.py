"""`/goals set 20 50k 3`: goals set at once."""

import pytest

from sandbox import Person, Sandbox
from tests.conftest import Sql
from tests.slack.conftest import Clock, Told
from tests.slack.reading import seen

CHANGES = "SELECT count(*) FROM goal_changes"

WILL_NOT_DO = [
    ("january 20", "January 2026 is over, and its goals with it. /goals set is about this month."),
    ("2024-05 20", "May 2024 is over, and its goals with it. /goals set is about this month."),
    ("december 20", "December 2026 can be set from November 25 on."),
    ("20 lots", "I understood 20 signups, but not “lots”. Nothing was changed. Try it like this: /goals"),
    ("<20>", "I did not understand “<20>”. Nothing was changed."),
    ("R&D 20", "I did not understand “R&D”."),
    ("`20`", "I did not understand “`20`”. Nothing was changed. Try it like this: /goals set 20 50k 3 ("),
    ("*20*", "I did not understand “*20*”."),
    (":tada: 20", "I did not understand “tada”."),
    ("@here 20", "I don't know @here."),
    ("<!channel> 20", "I did not understand “<!channel>”."),
    ("20 50k 9", "The bonus tier is a number from 0 (none) to 6: “9” is not."),
    ("100001", "Signups go from 0 to 100,000."),
    ("20.5", "Signups are whole: 20.5 is not."),
    ("-20", "Signups go from 0 to 100,000."),
    ("0 0", "Set a goal above zero for signups, revenue or both."),
    ("20 10b", "Revenue goes from 0 to 9,999,999,999.99."),
    ("20 $50.0055", "Revenue has two decimals at most."),
    ("20 €50k", "Revenue is in USD here: “€50k” is in another currency."),
    ("1 2 3 4", "but not “4”"),
    ("yearly 240 600k 3", "but not “3”"),
    ("x" * 3_000, "I did not understand “xxx"),
]
"""What is typed, and part of the answer."""


async def test_one_line_sets_the_goals_of_this_month(ana: Person, told: Told, sql: Sql) -> None:
    answer = await ana.types("/goals set 20 50k 3")
    assert answer.text == (
        "✅ February goals set: 20 signups · $50,000 · tier 3\n"
        "You can change them until Fri, Feb 6, 11:59 PM: type the line again, or /goals set."
    )
    (confirmation,) = await told(ana)
    assert confirmation.text == (
        "✅ *February goals set:* 20 signups · $50,000 · tier 3\n"
        "Set in time. You can change them until Fri, Feb 6, 11:59 PM."
    )
    assert confirmation.plain.endswith("Change goals")
    [row] = await sql(
        "SELECT goal_year, goal_month, signup_goal, revenue_goal, bonus_tier_goal, set_by_deadline"
        "  FROM rep_monthly_goals"
    )
    assert tuple(row) == (2026, 2, 20, 50_000, 3, True)


async def test_another_line_edits_the_message_there_is(ana: Person, told: Told, sql: Sql) -> None:
    await ana.types("/goals set 20 50k 3")
    (first,) = await told(ana)
    answer = await ana.types("/goals set 25")
    assert "25 signups · $50,000 · tier 3" in answer.text
    (edited,) = await told(ana)
    assert edited.ts == first.ts
    assert edited.edited is not None
    assert edited.text == (
        "✅ *February goals set:* 25 signups · $50,000 · tier 3\n"
        "Set in time. You can change them until Fri, Feb 6, 11:59 PM.\n"
        "Before: 20 signups · $50,000 · tier 3."
    )
    assert await sql.value(CHANGES) == 2


async def test_the_same_line_again_changes_nothing(
    ana: Person, told: Told, sql: Sql, sandbox: Sandbox
) -> None:
    await ana.types("/goals set 20 50k 3")
    answer = await ana.types("/goals set 20 signups, $50,000, tier 3")
    assert answer.text == (
        "Your February goals are 20 signups · $50,000 · tier 3 already. Nothing to change."
    )
    assert len(await told(ana)) == 1
    assert sandbox.calls_to("chat.update") == []
    assert await sql.value(CHANGES) == 1


async def test_many_lines_leave_one_message_with_the_last_figures(
    ana: Person, told: Told, sql: Sql, sandbox: Sandbox
) -> None:
    for signups in range(1, 21):
        await ana.types(f"/goals set {signups}")
    (message,) = await told(ana)
    assert message.text.startswith("✅ *February goals set:* 20 signups\n")
    assert len(sandbox.calls_to("chat.postMessage")) == 1
    assert await sql.value(CHANGES) == 20


async def test_after_the_deadline_goals_count_as_late(ana: Person, clock: Clock, told: Told) -> None:
    await clock.at(2026, 2, 7, 0)
    answer = await ana.types("/goals set 20")
    assert answer.text == (
        "✅ February goals set: 20 signups\nThe deadline was Fri, Feb 6, 11:59 PM, so they count as late, "
        "and are locked from now on."
    )
    (confirmation,) = await told(ana)
    assert confirmation.text.endswith("Set late: the deadline was Fri, Feb 6, 11:59 PM.")
    assert "Change goals" not in confirmation.plain


async def test_the_last_second_is_in_time(ana: Person, clock: Clock, told: Told) -> None:
    await clock.at(2026, 2, 6, 23, 59, 30)
    await ana.types("/goals set 20")
    (confirmation,) = await told(ana)
    assert "Set in time." in confirmation.text


@pytest.mark.parametrize("set_on", [3, 8])
async def test_once_set_and_past_the_deadline_goals_are_locked(
    ana: Person, clock: Clock, set_on: int, sql: Sql, told: Told
) -> None:
    await clock.at(2026, 2, set_on, 12)
    await ana.types("/goals set 20")
    await clock.at(2026, 2, 9, 12)
    locked = (
        "Your goals for February 2026 are set, and locked since the deadline. "
        "Ask Marisol Peña, who can change them. You can still set the year 2026 with /goals set yearly."
    )
    assert (await ana.types("/goals set 30")).text == locked
    assert (await ana.types("/goals set")).text == locked
    assert ana.view is None
    assert await sql.value(CHANGES) == 1
    assert len(await told(ana)) == 1


async def test_the_rep_s_own_clock_counts(ana: Person, priya: Person, clock: Clock, told: Told) -> None:
    await clock.at(2026, 2, 6, 20)
    await ana.types("/goals set 20")
    await priya.types("/goals set 20")
    ((anas,), (priyas,)) = await told(ana), await told(priya)
    assert "Set in time." in anas.text
    assert "Set late: the deadline was Fri, Feb 6, 11:59 PM." in priyas.text


async def test_next_month_opens_on_the_25th(ana: Person, clock: Clock, told: Told) -> None:
    await clock.at(2026, 2, 24, 23, 59)
    refused = "March 2026 can be set from February 25 on. Until then, /goals set is about this month."
    assert (await ana.types("/goals set next 30")).text == refused
    assert (await ana.types("/goals set next")).text == refused
    assert (await ana.types("/goals set march 30 60k")).text == refused
    await clock.at(2026, 2, 25, 0)
    answer = await ana.types("/goals set next 30")
    assert answer.text.startswith("✅ March goals set: 30 signups\nYou can change them until Fri, Mar 6")
    (message,) = await told(ana)
    assert message.text.startswith("✅ *March goals set:* 30 signups")


async def test_the_year_has_goals_of_its_own(ana: Person, told: Told) -> None:
    answer = await ana.types("/goals set yearly 250 600k")
    assert answer.text.startswith("✅ 2026 goals set: 250 signups · $600,000")
    (message,) = await told(ana)
    assert message.text == (
        "✅ *2026 goals set:* 250 signups · $600,000\nThat is 20.83 signups and $50,000 a month."
        "\nBefore: 240 signups."
    )
    await ana.types("/goals set 20")
    assert len(await told(ana)) == 2


async def test_a_line_that_will_not_do_is_answered_and_changes_nothing(ana: Person, sql: Sql) -> None:
    for typed, said in WILL_NOT_DO:
        answer = await ana.types(f"/goals set {typed}")
        assert answer.error is None
        assert said in seen(answer.text)
    assert await sql.value(CHANGES) == 0


async def test_who_is_on_no_team_has_no_goals_to_set(jonas: Person, adaeze: Person, renske: Person) -> None:
    to_add = "You are not on a sales team yet. Ask your manager or an admin to add you.\nAsk to join a team"
    assert (await jonas.types("/goals set 20")).text == to_add
    assert (await jonas.types("/goals set")).text == to_add
    to_name = "You carry no goals yourself. Name whose you mean, like /goals set @ana; "
    to_name += "/goals setup puts people on teams."
    assert (await adaeze.types("/goals set 20")).text == to_name
    assert "your account is a guest's" in (await renske.types("/goals set 20")).text
