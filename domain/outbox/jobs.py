"""Work that happens once: its run is claimed in the transaction that does it."""

from sqlalchemy import CursorResult, text
from sqlalchemy.ext.asyncio import AsyncSession

_CLAIM = text("""
INSERT INTO job_runs (job, period) VALUES (:job, :period)
    ON CONFLICT (workspace_id, job, period) DO NOTHING
""")


async def claim_run(session: AsyncSession, job: str, period: str) -> bool:
    """Whether this transaction is the one that does the job for the period.

    Another copy that tries at the same time waits until this one has committed, and is told no.
    """
    claimed = await session.execute(_CLAIM, {"job": job, "period": period})
    assert isinstance(claimed, CursorResult)
    return claimed.rowcount == 1
