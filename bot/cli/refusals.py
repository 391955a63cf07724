"""Refusals as somebody at a terminal reads them: the domain's sentence, then what to run next."""

from collections.abc import Mapping

from domain.errors import Refusal

_ROSTER = "`goalkeeper import roster` puts people on teams."

WAYS_OUT: Mapping[str, str] = {
    "carries_no_goals": _ROSTER,
    "changed_meanwhile": "Run the command again.",
    "no_such_rep": _ROSTER,
    "on_no_team": _ROSTER,
}
"""What to do next at a terminal, by the code of the refusal."""


def worded(refusal: Refusal) -> str:
    """Return the refusal as a terminal prints it."""
    return f"{refusal.message} {WAYS_OUT.get(refusal.code, '')}".rstrip()
