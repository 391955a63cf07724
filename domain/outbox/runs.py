"""Runs: work that happens once, claimed in the transaction that does it.

The run of a period is kept for good, since nothing else may tell that its work was done. An event from Slack
is kept for as long as Slack may send it again.
"""

from sqlalchemy import CursorResult, text
from sqlalchemy.ext.asyncio import AsyncSession

# Real time, as for everything of Slack's: by a moved clock, events would be forgotten too early or never.
_CLAIM_EVENT = text("""
INSERT INTO job_runs (job, period, ran_at) VALUES ('slack_event', :event_id, now())
    ON CONFLICT (workspace_id, job, period) DO NOTHING
""")


_CLAIM = text("""
INSERT INTO job_runs (job, period, ran_at) VALUES (:job, :period, goalkeeper_now())
    ON CONFLICT (workspace_id, job, period) DO NOTHING
""")


async def claim(session: AsyncSession, job: str, period: str) -> bool:
    """Return True if this call is the first to do this work, for good; others wait until it has committed."""
    claimed = await session.execute(_CLAIM, {"job": job, "period": period})
    assert isinstance(claimed, CursorResult)
    return claimed.rowcount == 1


async def claim_event(session: AsyncSession, event_id: str) -> bool:
    """Return True if this call is the first to claim the event.

    Another copy that tries at the same time waits until this one has committed, and gets False.
    """
    claimed = await session.execute(_CLAIM_EVENT, {"event_id": event_id})
    assert isinstance(claimed, CursorResult)
    return claimed.rowcount == 1
