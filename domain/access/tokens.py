"""API tokens: making, finding, listing and revoking them. Takes a session and never commits."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from domain.access.model import TokenId
from domain.access.rules import PREFIX, Scope, hash_of
from domain.db import WorkspaceId
from domain.errors import Refusal
from domain.people.model import UserId
from domain.people.rules import Person, check_takes_part
from domain.rows import row, rows


class NoSuchToken(Refusal):
    """There is no token with this id, or it is revoked already."""

    code = "no_such_token"


class TokenNotAccepted(Refusal):
    """A bearer token that is unknown, expired or revoked, or whose user has left; deliberately one answer."""

    code = "token_not_accepted"


@dataclass(frozen=True, slots=True)
class NewToken:
    """A token just made; its secret is known now and never again."""

    id: TokenId
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class TokenFound:
    """The token of a request, and whose it is."""

    workspace_id: WorkspaceId
    id: TokenId
    user_id: UserId
    scopes: frozenset[Scope]


@dataclass(frozen=True, slots=True)
class TokenRow:
    """A token in a list; without its secret, which nobody knows."""

    id: TokenId
    name: str
    hint: str
    user_name: str
    scopes: tuple[Scope, ...]
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    revoked_at: datetime | None
    state: str
    """`active`, `expired` or `revoked`."""


_REAL_NOW = text("SELECT now()")
_MAKE = text("""
INSERT INTO api_tokens (user_id, name, token_hash, hint, scopes, expires_at)
VALUES (:user_id, :name, :hash, :hint, :scopes, :expires_at)
RETURNING id
""")
_FIND = text("SELECT workspace_id, id, user_id, scopes FROM goalkeeper_find_token(:hash)")
_HOLDS = text("""
SELECT EXISTS (SELECT FROM api_tokens
                WHERE id = :token_id AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now()))
""")
_LISTED = text("""
SELECT t.id, t.name, t.hint, u.name AS user_name, t.scopes, t.created_at, t.expires_at, t.last_used_at,
       t.revoked_at,
       CASE WHEN t.revoked_at IS NOT NULL THEN 'revoked' WHEN t.expires_at <= now() THEN 'expired'
            ELSE 'active' END AS state
  FROM api_tokens t
  JOIN users u ON u.workspace_id = t.workspace_id AND u.id = t.user_id
 ORDER BY t.id
""")
_REVOKE = text("""
UPDATE api_tokens SET revoked_at = now() WHERE id = :token_id AND revoked_at IS NULL RETURNING id
""")


async def real_now(session: AsyncSession) -> datetime:
    """Return the real time of this transaction, by which tokens expire."""
    moment: datetime = (await session.execute(_REAL_NOW)).scalar_one()
    return moment


async def make(
    session: AsyncSession,
    person: Person,
    name: str,
    scopes: Sequence[Scope],
    expires_at: datetime | None,
) -> NewToken:
    """Make a token that acts for this person, and return its secret.

    Raises:
        NotAllowed: the person doesn't take part in the workspace.
    """
    check_takes_part(person)
    secret = PREFIX + secrets.token_urlsafe(32)
    made = await session.execute(
        _MAKE,
        {
            "user_id": person.user_id,
            "name": name,
            "hash": hash_of(secret),
            "hint": secret[-4:],
            "scopes": [scope.value for scope in scopes],
            "expires_at": expires_at,
        },
    )
    return NewToken(TokenId(made.scalar_one()), secret)


async def find(session: AsyncSession, secret: str) -> TokenFound:
    """Return the valid token with this secret, and note its use; in `Database.everywhere()`.

    Raises:
        TokenNotAccepted: there is none.
    """
    found = await row(session, _FIND, TokenFound, hash=hash_of(secret))
    if found is None:
        raise not_accepted()
    return found


async def check_holds(session: AsyncSession, token_id: TokenId) -> None:
    """Refuse a token that was revoked or has expired since it was found.

    Raises:
        TokenNotAccepted: it doesn't hold any more.
    """
    if not (await session.execute(_HOLDS, {"token_id": token_id})).scalar_one():
        raise not_accepted()


def not_accepted() -> TokenNotAccepted:
    """Return the refusal of a token, which doesn't say what is wrong with it."""
    return TokenNotAccepted("This token isn't valid. It may have expired or been revoked.")


async def listed(session: AsyncSession) -> list[TokenRow]:
    """Return every token of the workspace, the oldest first."""
    return await rows(session, _LISTED, TokenRow)


async def revoke(session: AsyncSession, token_id: TokenId) -> None:
    """Have a token end now.

    Raises:
        NoSuchToken: there is none, or it is revoked already.
    """
    if (await session.execute(_REVOKE, {"token_id": token_id})).scalar_one_or_none() is None:
        raise NoSuchToken(f"There is no token {token_id} that could be revoked.", token=token_id)
