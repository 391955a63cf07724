"""What the domain refuses: a code for programs, facts, and a plain sentence for people."""

from typing import ClassVar

Fact = str | int | None

QUOTED_MAX = 40
"""Characters of what was typed that a refusal repeats."""


class Refusal(Exception):
    """Something that can't be done as asked; every kind of refusal is a class with a code of its own.

    Attributes:
        code: The kind of refusal in snake_case. It stays the same for good, so that programs can rely on it.
        message: Plain sentences for the person who asked, true in Slack, in a terminal and over the API
            alike. What to type or press next differs between them, so each adds that itself, by `code`.
        field: The input at fault (e.g. `signup_goal`), or None when it is the request as a whole.
        facts: The values that the refusal is about, by name.
    """

    code: ClassVar[str] = "refused"

    def __init__(self, message: str, *, field: str | None = None, **facts: Fact) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.facts = facts


class InvalidInput(Refusal):
    """Something typed that can't be understood or is out of range."""

    code = "invalid_input"


class Mistakes(InvalidInput):
    """One or more fields are wrong; `problems` has a sentence for each field at fault."""

    code = "mistakes"

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__(" ".join(problems.values()), field=next(iter(problems)))
        self.problems = problems


class NotAllowed(Refusal):
    """The person may not do this."""

    code = "not_allowed"


class CarriesNoGoals(NotAllowed):
    """The person asks for their own goals and has none."""

    code = "carries_no_goals"


class OnNoTeam(CarriesNoGoals):
    """The person has no goals because they are on no team; they may ask to join one."""

    code = "on_no_team"


class NoSuchRep(Refusal):
    """The person named has no goals; `rep` is their name."""

    code = "no_such_rep"


class NotAMember(NoSuchRep):
    """The person named is a guest, a bot, or from another workspace."""

    code = "not_a_member"


class MonthTooFar(Refusal):
    """The goals of this month or year can't be set yet."""

    code = "month_too_far"


class MonthOver(Refusal):
    """The month or year has ended."""

    code = "month_over"


class MonthClosed(MonthOver):
    """The numbers of this month no longer change, because the days for corrections are over."""

    code = "month_closed"


class MonthNotFrozen(Refusal):
    """The month takes corrections as it is, or nobody has it, so there is nothing to reopen."""

    code = "month_not_frozen"


class GoalLocked(Refusal):
    """The goal is set and its deadline has passed.

    Facts: `year`, whose goals can be set, and `next_month`, whose goals can be set too unless it is None.
    """

    code = "goal_locked"


def quoted(typed: str) -> str:
    """Return what was typed, in quotation marks."""
    return f"“{shortened(typed.strip())}”"


def shortened(typed: str) -> str:
    """Return the beginning of what was typed if it is long: Slack takes only so much text."""
    return typed if len(typed) <= QUOTED_MAX else f"{typed[: QUOTED_MAX - 1]}…"
