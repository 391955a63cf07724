"""Work that happens once: its run is claimed in the transaction that does it.

The run of a period is kept for ever, since nothing else may say that its work was done. An event of Slack's
is kept for as long as Slack may send it again.
"""

from sqlalchemy import CursorResult, text
from sqlalchemy.ext.asyncio import AsyncSession

# Real time, as with all that is Slack's: a rehearsal's clock would have events forgotten too early or never.
_CLAIM_EVENT = text("""
INSERT INTO job_runs (job, period, ran_at) VALUES ('slack_event', :event_id, now())
    ON CONFLICT (workspace_id, job, period) DO NOTHING
""")
_FORGET_EVENTS = text("SELECT goalkeeper_forget_events()")


async def claim_event(session: AsyncSession, event_id: str) -> bool:
    """Whether this transaction is the one that takes the event in.

    Another copy that tries at the same time waits until this one has committed, and is told no.
    """
    claimed = await session.execute(_CLAIM_EVENT, {"event_id": event_id})
    assert isinstance(claimed, CursorResult)
    return claimed.rowcount == 1


async def forget_events(session: AsyncSession) -> None:
    """Delete what Slack will not send again; a tick's share of it, the rest is for the next ones."""
    await session.execute(_FORGET_EVENTS)
