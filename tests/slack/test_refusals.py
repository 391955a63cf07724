"""A refusal in Slack ends with what to type or press next; names in it stay harmless."""

import pytest

from bot.slack.refusals import (
    MONTHLY_EXAMPLE,
    WAYS_OUT,
    YEARLY_EXAMPLE,
    InDoubt,
    worded,
    worded_plainly,
)
from domain.errors import GoalLocked, MonthOver, NoSuchRep, NotAllowed, Refusal
from domain.goals.line import LineNotUnderstood, read_line
from domain.periods import Period
from tests.rules.test_refusals import refused_anywhere

LOCKED = "Your goals for November 2026 are set."


@pytest.mark.parametrize(
    ("refusal", "told"),
    [
        (MonthOver("October 2026 is over."), "October 2026 is over. `/goals set` is about this month."),
        (
            GoalLocked(LOCKED, next_month=None, year=2026),
            f"{LOCKED} You can still set the year 2026 with `/goals set yearly`.",
        ),
        (
            GoalLocked(LOCKED, next_month="December 2026", year=2026),
            f"{LOCKED} You can still set December 2026 with `/goals set next`, "
            "and the year 2026 with `/goals set yearly`.",
        ),
        (LineNotUnderstood("No.", span="month"), f"No. Try it like this: {MONTHLY_EXAMPLE}."),
        (LineNotUnderstood("No.", span="year"), f"No. Try it like this: {YEARLY_EXAMPLE}."),
        (
            InDoubt("Perhaps.", asked_by="form"),
            "Perhaps. Before you try again, close this form and open it again: it shows what's saved.",
        ),
        (NotAllowed("You may not."), "You may not."),
    ],
)
def test_a_refusal_says_what_to_do_next(refusal: Refusal, told: str) -> None:
    assert worded(refusal) == told
    assert worded_plainly(refusal) == told.replace("`", "")


def test_names_in_a_refusal_are_escaped_and_commands_stand_out() -> None:
    refusal = NoSuchRep("<!here> *Bo* is not on a sales team.", rep="<!here> *Bo*")
    assert worded(refusal) == (
        "&lt;!here&gt; \u2217Bo\u2217 is not on a sales team. They can type `/goals setup`."
    )


def test_every_way_out_belongs_to_a_refusal() -> None:
    assert set(WAYS_OUT) - {kind.code for kind in refused_anywhere()} == set()


@pytest.mark.parametrize("example", [MONTHLY_EXAMPLE, YEARLY_EXAMPLE])
def test_the_examples_are_understood(example: str) -> None:
    typed = example.split("`")[1].removeprefix("/goals set ")
    assert read_line(typed, Period.of_month(2026, 2)).figures is not None
