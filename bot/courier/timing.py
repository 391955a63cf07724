"""The courier's time limits, in seconds of real time."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Timing:
    """The courier's patience; the lease is the sum of what can happen within it."""

    start: float = 5.0
    """A post begins within this of its claim, or not at all."""
    send: float = 5.0
    """The client gives up on a call after this."""
    settle: float = 5.0
    """The fence: a message may turn up this long after the client gave up, so nobody looks before."""
    pace: float = 1.0
    """Between two messages to one channel."""
    poll: float = 1.0
    """Between two looks at the outbox when nobody calls."""
    probe: float = 900.0
    """Between two tries at a destination that does not work."""
    longest_wait: float = 60.0
    """Between two tries of one message while Slack is troubled; also how long one 429 stops a workspace."""

    @property
    def lease(self) -> timedelta:
        """After this, a message sent under the claim has arrived or never will."""
        return timedelta(seconds=self.start + self.send + self.settle)

    def backoff(self, attempts: int) -> float:
        """Return the seconds before the next try, which double each time."""
        return min(2.0 ** min(attempts - 1, 10), self.longest_wait)
