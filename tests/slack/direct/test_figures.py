"""Figures without a verb write nothing; Goalkeeper asks what they are."""

import pytest

from sandbox import Person, Sandbox
from tests.conftest import Sql
from tests.slack.conftest import Clock
from tests.slack.direct.conftest import Asks
from tests.slack.reading import Form

WRITTEN = "SELECT count(*) FROM rep_monthly_goals WHERE goal_set_at IS NOT NULL"


@pytest.mark.parametrize(
    ("typed", "held"), [("20 50k", ("20", "50,000")), ("25 signups and $60,000", ("25", "60,000"))]
)
async def test_two_figures_are_offered_as_goals_and_fill_in_the_form(
    ana: Person, asks: Asks, sql: Sql, typed: str, held: tuple[str, str]
) -> None:
    answer = await asks(ana, typed)
    assert "Nothing is saved yet." in answer
    assert "Set goals" in answer
    assert await sql.value(WRITTEN) == 0
    await ana.presses("commands.set")
    fields = Form.of(ana).fields
    assert (fields["Signups"], fields["Revenue (USD)"]) == held
    assert await sql.value(WRITTEN) == 0


async def test_a_button_of_last_month_opens_this_month(ana: Person, asks: Asks, clock: Clock) -> None:
    await asks(ana, "20 50k")
    await clock.at(2026, 3, 2, 12)
    await ana.presses("commands.set")
    assert Form.of(ana).fields["Goals for"] == "March 2026"


@pytest.mark.parametrize(
    "typed",
    [
        "hello",
        "thanks!",
        "can you tell me how I am doing this month?",
        "I signed up 3 people today, and it was great",
        "👍",
        "<!channel>",
        "x" * 3_900,
        "2 " * 1_500,
    ],
)
async def test_anything_else_gets_a_short_help(ana: Person, asks: Asks, sql: Sql, typed: str) -> None:
    answer = await asks(ana, typed)
    assert "set 20 50k 3" in answer or "help" in answer
    assert "All commands" in answer
    assert await sql.value(WRITTEN) == 0


async def test_the_short_help_has_the_buttons_of_the_role(
    ana: Person, marisol: Person, adaeze: Person, asks: Asks, sandbox: Sandbox
) -> None:
    help_for_reps = await asks(ana, "how are you today")
    assert help_for_reps.startswith("Hi Ana! I understand short lines like set 20 50k 3")
    assert "\nSet goals\n" in help_for_reps
    assert help_for_reps.endswith("\nAll commands")
    for lead in (marisol, adaeze):
        help_for_leads = await asks(lead, "how are you today")
        assert "\nWho has set goals\n" in help_for_leads
        assert help_for_leads.endswith("\nAll commands")
    answer = await ana.presses("commands.help")
    text = await sandbox.wait_for(lambda: answer.text)
    assert text.startswith("Hi Ana Souza! Here is what you can do:")
