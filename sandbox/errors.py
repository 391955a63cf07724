"""Refusals in Slack's own words."""

from collections.abc import Sequence
from typing import Any


class SlackRefusal(Exception):
    """Slack answers 200 with `ok: false` and this `error`; `more` are further fields of that answer."""

    def __init__(self, error: str, **more: Any) -> None:
        super().__init__(error)
        self.error = error
        self.more = more

    def answer(self) -> dict[str, Any]:
        """The body of the answer."""
        return {"ok": False, "error": self.error, **self.more}


def invalid(error: str, problems: Sequence[str]) -> SlackRefusal:
    """A refusal that names what is wrong and where, as with `invalid_blocks` and `invalid_arguments`."""
    return SlackRefusal(error, response_metadata={"messages": list(problems)})
