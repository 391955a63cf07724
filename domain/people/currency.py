"""The workspace's currency, which stays once any amount exists in it.

Saving an amount takes a shared lock and changing the currency an exclusive one, so that an amount typed in
one currency is never stored in another. Both are advisory: the workspace's row is written by every tick.
"""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from domain.errors import Refusal


class CurrencyChanged(Refusal):
    """The currency is no longer the one that an amount was typed in."""

    code = "currency_changed"


_HOLD = text("SELECT goalkeeper_hold_currency()")
_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended('goalkeeper.currency', goalkeeper_workspace()))")


async def hold(session: AsyncSession, typed_in: str) -> None:
    """Keep the currency as it is until the transaction ends, since an amount is about to be saved.

    Raises:
        CurrencyChanged: it is no longer the one that the amount was typed in.
    """
    now = (await session.execute(_HOLD)).scalar_one()
    if now != typed_in:
        raise CurrencyChanged(
            f"The currency has just been changed to {now}, so nothing was saved. "
            "Check the amounts, then save again.",
            currency=now,
        )


async def lock(session: AsyncSession) -> None:
    """Wait until nobody saves an amount, and keep others from saving one until the transaction ends."""
    await session.execute(_LOCK)
