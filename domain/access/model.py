"""The tables of API tokens and of replies to requests with an idempotency key."""

from datetime import datetime
from typing import NewType

from sqlalchemy import ARRAY, CheckConstraint, Index, SmallInteger, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from domain.db import Base, Tenant, belongs_to

TokenId = NewType("TokenId", int)


class ApiToken(Tenant, Base):
    """A bearer token of one user; only its hash is stored. All of its times are real time."""

    __tablename__ = "api_tokens"
    __keys__ = (
        belongs_to("user_id", "users"),
        UniqueConstraint("workspace_id", "token_hash"),
        CheckConstraint("token_hash ~ '^[0-9a-f]{64}$'", name="token_hash"),
        CheckConstraint("length(name) BETWEEN 1 AND 80", name="name"),
        CheckConstraint("cardinality(scopes) > 0", name="scopes"),
        # A request brings the hash before its workspace is known.
        Index("ix_api_tokens_token_hash", "token_hash"),
        Index("ix_api_tokens_user_id", "workspace_id", "user_id"),
    )

    user_id: Mapped[int]
    name: Mapped[str]
    token_hash: Mapped[str]
    """SHA-256 in hex. The token has 256 random bits, so a slow hash would add nothing."""
    hint: Mapped[str]
    """The token's last four characters, to tell tokens apart in a list."""
    scopes: Mapped[list[str]] = mapped_column(ARRAY(Text))
    expires_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]
    """To the minute."""
    revoked_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(server_default=text("now()"))


class ApiReply(Tenant, Base):
    """The reply to a request with an idempotency key, stored in the transaction of its changes."""

    __tablename__ = "api_replies"
    __keys__ = (
        belongs_to("token_id", "api_tokens"),
        UniqueConstraint("workspace_id", "token_id", "key", name="uq_api_replies_key"),
        CheckConstraint("length(key) BETWEEN 1 AND 200", name="key"),
        Index("ix_api_replies_created_at", "workspace_id", "created_at"),
    )

    token_id: Mapped[int]
    key: Mapped[str]
    fingerprint: Mapped[str]
    """SHA-256 of method, path and body: the same key with another request is a mistake."""
    status: Mapped[int | None] = mapped_column(SmallInteger)
    """Null only inside the transaction that works on it."""
    body: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(server_default=text("now()"))
