"""The courier's time limits, in seconds of real time."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Timing:
    """How long the courier waits for each thing; the lease covers `start`, `send` and `settle`."""

    start: float = 5.0
    """Longest time between the claim and the call to Slack; after that the intent isn't sent."""
    send: float = 5.0
    """Timeout of a call to Slack."""
    settle: float = 5.0
    """How long after a timeout the message may still appear in Slack; it is looked for only after that."""
    pace: float = 1.0
    """Shortest time between two messages to the same channel."""
    poll: float = 1.0
    """Time between two reads of the outbox when no notification arrives."""
    probe: float = 900.0
    """Time between two attempts to reach a destination that doesn't work."""
    longest_wait: float = 60.0
    """Longest time between two attempts while Slack fails; also the longest that a 429 pauses a workspace."""

    @property
    def lease(self) -> timedelta:
        """How long a claim lasts: a message sent under it has then arrived, or never will."""
        return timedelta(seconds=self.start + self.send + self.settle)

    def backoff(self, attempts: int) -> float:
        """Return the seconds to wait before the next attempt; they double with each, up to `longest_wait`."""
        return min(2.0 ** min(attempts - 1, 10), self.longest_wait)
