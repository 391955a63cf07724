"""Every SELECT about intents that is not part of claiming them."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from domain.outbox.model import Intent, IntentId


async def audience(session: AsyncSession, intent_id: IntentId) -> str | None:
    """To whom an intent goes."""
    return (await session.execute(select(Intent.audience).where(Intent.id == intent_id))).scalar_one_or_none()
