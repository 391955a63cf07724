"""Real time: the only place that reads it. Business time comes with each transaction (`domain.db`)."""

import time


def real_seconds() -> float:
    """Seconds since the epoch, as signatures and Slack's timestamps count them."""
    return time.time()
