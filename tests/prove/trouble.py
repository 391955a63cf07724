"""What else goes wrong while copies are killed."""

from collections.abc import Callable
from dataclasses import dataclass

from sandbox import Sandbox
from sandbox import faults as fault

FRESH, CHANGED = 3, 2
"""Reps to a kill: those who set goals for the first time, and those who change theirs."""


@dataclass(frozen=True)
class Trouble:
    """What else goes wrong in a campaign."""

    name: str
    faults: Callable[[Sandbox], None]
    may_look: bool = True
    """Whether the bot may read channels' history."""
    deletes: bool = False
    """Whether somebody deletes a message that is to be changed."""


def _nothing(_sandbox: Sandbox) -> None:
    """All is well."""


def _refusals(sandbox: Sandbox) -> None:
    sandbox.faults.next(
        "chat.postMessage",
        fault.rate_limited(0),
        fault.dropped(accepted=True),
        fault.error("messages_tab_disabled"),
        fault.error("invalid_blocks"),
    )
    sandbox.faults.next("conversations.open", fault.dropped(accepted=True))
    sandbox.faults.next("chat.update", fault.dropped(accepted=True))


def _half_taken(sandbox: Sandbox) -> None:
    sandbox.faults.next("chat.postMessage", *[fault.dropped(accepted=True)] * (FRESH + 1))


CALM = Trouble("Slack is well", _nothing)
REFUSED = Trouble("Slack refuses", _refusals, deletes=True)
UNREADABLE = Trouble("nobody may look", _half_taken, may_look=False)
