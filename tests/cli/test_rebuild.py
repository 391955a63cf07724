"""`goalkeeper rebuild`: every figure anew from the ledger, and what differed."""

import json

import pytest

from tests.cli.conftest import Command, answers
from tests.cli.test_explain import SAM

MONTH = """
INSERT INTO rep_monthly_goals (workspace_id, sales_rep_id, goal_year, goal_month, signup_goal, signups_actual)
SELECT 1, id, 2026, 10, 20, 5 FROM sales_reps
"""
WRONG = "UPDATE activity_totals SET amount = 9 WHERE grain = 'day'"


@pytest.fixture
def sam(acme: str) -> str:
    for statement in (SAM, MONTH):
        answers(acme, statement)
    return acme


def test_where_every_figure_is_right_it_says_so(sam: str, command: Command) -> None:
    assert command("rebuild").text == "Every figure is what the ledger says."


def test_a_figure_that_was_wrong_is_named_and_mended(sam: str, command: Command) -> None:
    [[day]] = answers(sam, "SELECT occurred_on FROM activity")
    answers(sam, WRONG)
    said = command("rebuild").text
    assert said == (
        f"figure rep metric day or month was is now the total of the day Sam signups {day} 9.00 5.00"
    )
    assert command("rebuild").text == "Every figure is what the ledger says."


def test_machines_get_json(sam: str, command: Command) -> None:
    answers(sam, WRONG)
    [found] = json.loads(command("rebuild", "--json").text)
    assert (found["rep_name"], found["was"], found["now"]) == ("Sam", "9.00", "5.00")
