"""Commands without the slash, in Goalkeeper's direct conversation."""

import pytest

from sandbox import Person, Sandbox, User
from tests.conftest import Sql
from tests.slack.conftest import Told
from tests.slack.direct.conftest import Asks
from tests.slack.reading import Form

GOALS = "SELECT signup_goal, revenue_goal, bonus_tier_goal, goal_set_at IS NOT NULL FROM rep_monthly_goals"
CONFIRMED = (
    "✅ February goals set: 20 signups · $50,000 · tier 3\n"
    "Set in time. You can change them until Fri, Feb 6, 11:59 PM.\nChange goals"
)


@pytest.mark.parametrize(
    "typed",
    [
        "set 20 50k 3",
        "Set 20 50k 3",
        "`set 20 50k 3`",
        "goals set 20 50k 3",
        " /goals set 20 50k 3",
        "set\n20 signups\n$50k\ntier 3",
    ],
)
async def test_goals_are_set_and_confirmed_in_one_message(
    ana: Person, asks: Asks, sql: Sql, typed: str
) -> None:
    assert await asks(ana, typed) == CONFIRMED
    [row] = await sql(GOALS)
    assert tuple(row) == (20, 50_000, 3, True)


async def test_a_change_is_answered_below_the_line_and_edits_the_confirmation(
    ana: Person, asks: Asks, told: Told
) -> None:
    await asks(ana, "set 20 50k 3")
    assert await asks(ana, "set 25") == (
        "✅ February goals set: 25 signups · $50,000 · tier 3\n"
        "You can change them until Fri, Feb 6, 11:59 PM: type the line again, or /goals set."
    )
    confirmation, _ = await told(ana)
    assert confirmation.text.startswith("✅ *February goals set:* 25 signups · $50,000 · tier 3")


async def test_help_is_that_of_the_role(ana: Person, marisol: Person, asks: Asks) -> None:
    assert (await asks(ana, "help")).startswith("Hi Ana Souza! Here is what you can do:\n/goals set")
    assert "/goals set @rep" in await asks(marisol, "goals")


async def test_what_a_line_gets_wrong_is_said_and_nothing_is_written(
    ana: Person, asks: Asks, sql: Sql
) -> None:
    assert await asks(ana, "set 20 lots") == (
        "I understood 20 signups, but not “lots”. Nothing was changed. "
        "Try it like this: /goals set 20 50k 3 (signups, revenue, bonus tier)."
    )
    assert await sql(GOALS) == []


async def test_a_form_is_opened_by_a_button(ana: Person, asks: Asks, told: Told) -> None:
    assert await asks(ana, "set") == "That takes a form. Press the button to open it.\nSet goals"
    assert ana.view is None
    await ana.presses("commands.set")
    assert Form.of(ana).fields["Signups"] == "20"
    await ana.submits({"revenue_goal": "50k"})
    assert (await told(ana))[-1].text.startswith("✅ *February goals set:* 20 signups · $50,000")


async def test_a_manager_sets_goals_for_a_rep_by_a_button(
    marisol: Person, ana: Person, asks: Asks, told: Told
) -> None:
    assert (await asks(marisol, "set @Ana Souza 25 60k")).endswith("Set goals")
    await marisol.presses("commands.set")
    assert Form.of(marisol).fields == {
        "Goals of Ana Souza for": "February 2026",
        "Signups": "25",
        "Revenue (USD)": "60,000",
        "Bonus tier to aim at": "No tier",
        "Reason": None,
    }
    await marisol.submits({"reason": "As we agreed"})
    assert "25 signups · $60,000" in (await told(ana))[0].text


async def test_set_up_is_opened_by_a_button(adaeze: Person, asks: Asks) -> None:
    assert (await asks(adaeze, "setup")).endswith("Set up")
    await adaeze.presses("commands.setup")
    assert adaeze.view is not None


async def test_compliance_is_answered_in_the_conversation(marisol: Person, asks: Asks) -> None:
    assert "0 of 5 set" in await asks(marisol, "compliance")


async def test_a_typo_gets_a_button_with_what_was_meant(ana: Person, asks: Asks, sql: Sql) -> None:
    assert await asks(ana, "sett 20 50k") == ("I don't know “sett”. Did you mean set 20 50k?\nSet goals")
    assert await sql(GOALS) == []
    await ana.presses("commands.set")
    assert Form.of(ana).fields["Revenue (USD)"] == "50,000"


async def test_guests_and_people_without_a_team_are_answered_as_they_are_to_commands(
    renske: Person, jonas: Person, asks: Asks
) -> None:
    assert "your account is a guest's" in await asks(renske, "set 20")
    assert "your account is a guest's" in await asks(renske, "hello")
    for typed in ("set 20", "hello", "20 50k"):
        assert (await asks(jonas, typed)).endswith("Ask to join a team")


async def test_somebody_new_is_met_on_the_way(sandbox: Sandbox, asks: Asks, ana: Person) -> None:
    sandbox.slack.workspace.users["U0PETRA0001"] = User("U0PETRA0001", "petra", "Petra Novák")
    assert (await asks(sandbox.person("petra"), "help")).startswith("Hi Petra Novák!")
