"""What the domain refuses, each in a sentence for the person who reads it."""

QUOTED_MAX = 40
"""Characters of what was typed that a refusal repeats."""


class Refusal(Exception):
    """Something that cannot be done as asked.

    `message` is plain text for the person who asked: what is the matter and the way out. `field` names the
    input at fault (e.g. `signup_goal`), or is None when it is the request as a whole.
    """

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field


class InvalidInput(Refusal):
    """Something typed that cannot be understood or is out of range."""


class Mistakes(InvalidInput):
    """One or more fields are wrong; `problems` has a sentence for each field at fault."""

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__(" ".join(problems.values()), field=next(iter(problems)))
        self.problems = problems


class NotAllowed(Refusal):
    """The person may not do this."""


class NotOnATeam(NotAllowed):
    """Only who carries goals can do this."""


class OnNoTeam(NotOnATeam):
    """The person carries no goals yet, and may ask to be taken into a team."""


class NoSuchRep(Refusal):
    """The person named does not carry goals here."""


class MonthTooFar(Refusal):
    """The month cannot be set yet."""


class MonthOver(Refusal):
    """The month has ended."""


class MonthNotFrozen(Refusal):
    """The month is not closed for corrections, so it can't be reopened."""


class GoalLocked(Refusal):
    """The goal is set and its deadline has passed."""


def quoted(typed: str) -> str:
    """Return what was typed, in quotation marks."""
    return f"“{shortened(typed.strip())}”"


def shortened(typed: str) -> str:
    """Return the beginning of what was typed if it is long: Slack takes only so much text."""
    return typed if len(typed) <= QUOTED_MAX else f"{typed[: QUOTED_MAX - 1]}…"
