"""Every SELECT about intents that is not part of claiming them."""

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from domain.outbox.model import Intent, IntentId


async def audience(session: AsyncSession, intent_id: IntentId) -> str | None:
    """To whom an intent goes."""
    return (await session.execute(select(Intent.audience).where(Intent.id == intent_id))).scalar_one_or_none()


_ON_THE_WAY = text("""
SELECT EXISTS (SELECT FROM outbox
                WHERE status = 'sending'
                   OR status = 'pending' AND not_before IS NULL AND due_at <= goalkeeper_now())
""")


async def is_on_the_way(session: AsyncSession) -> bool:
    """Whether something is being sent or waits for its first try; what has failed before does not count."""
    found: bool = (await session.execute(_ON_THE_WAY)).scalar_one()
    return found
