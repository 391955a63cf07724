"""Replies kept for idempotency keys: a request sent again is answered as the first time, and does nothing.

The key is claimed in the transaction of the changes, so both are kept or neither is. Of two requests at once,
the second waits for the first and takes its reply.
"""

from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from domain.access.model import TokenId
from domain.errors import InvalidInput

KEY_MAX = 200
KEY = "Idempotency-Key"


class KeyReused(InvalidInput):
    """The idempotency key came before, with another request."""

    code = "idempotency_key_reused"


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply as it was given."""

    status: int
    body: str


_CLAIM = text("""
INSERT INTO api_replies (token_id, key, fingerprint) VALUES (:token_id, :key, :fingerprint)
    ON CONFLICT (workspace_id, token_id, key) DO NOTHING
RETURNING id
""")
_KNOWN = text("SELECT fingerprint, status, body FROM api_replies WHERE token_id = :token_id AND key = :key")
_KEEP = text(
    "UPDATE api_replies SET status = :status, body = :body WHERE token_id = :token_id AND key = :key"
)


async def claim(session: AsyncSession, token_id: TokenId, key: str, fingerprint: str) -> Reply | None:
    """Return the reply kept for the key; None if it is new, and its reply is to be kept.

    Raises:
        KeyReused: it came with another request.
    """
    values = {"token_id": token_id, "key": key}
    claimed = await session.execute(_CLAIM, {**values, "fingerprint": fingerprint})
    if claimed.scalar_one_or_none() is not None:
        return None
    known = (await session.execute(_KNOWN, values)).one()
    if known.fingerprint != fingerprint:
        raise KeyReused("This idempotency key was used for another request. Choose a new one.", field=KEY)
    return Reply(known.status, known.body)


async def keep(session: AsyncSession, token_id: TokenId, key: str, reply: Reply) -> None:
    """Keep the reply for whoever sends the request again."""
    await session.execute(
        _KEEP, {"token_id": token_id, "key": key, "status": reply.status, "body": reply.body}
    )
