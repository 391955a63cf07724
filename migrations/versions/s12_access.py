"""API tokens, and the replies kept for idempotency keys."""

import sqlalchemy as sa
from alembic import op

from migrations import objects
from migrations.columns import INSTANT, belongs_to, keys, tenant

revision = "s12"
down_revision = "s11"

_TABLES = ("api_tokens", "api_replies")
_FUNCTIONS = ("goalkeeper_find_token", "goalkeeper_forget_replies")
_REAL_NOW = sa.text("now()")


def upgrade() -> None:
    """Make the tables, what keeps them true, and who may use them."""
    _create_api_tokens()
    _create_api_replies()
    objects.run("functions", *_FUNCTIONS)
    objects.run("policies", *_TABLES)


def downgrade() -> None:
    """Drop them, and all that was in them."""
    objects.drop("FUNCTION", _FUNCTIONS)
    for table in reversed(_TABLES):
        op.drop_table(table)


def _create_api_tokens() -> None:
    op.create_table(
        "api_tokens",
        *tenant(),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("hint", sa.Text(), nullable=False),
        sa.Column("scopes", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("expires_at", INSTANT, nullable=True),
        sa.Column("last_used_at", INSTANT, nullable=True),
        sa.Column("revoked_at", INSTANT, nullable=True),
        sa.Column("created_at", INSTANT, server_default=_REAL_NOW, nullable=False),
        sa.CheckConstraint("token_hash ~ '^[0-9a-f]{64}$'", name=op.f("ck_api_tokens_token_hash")),
        sa.CheckConstraint("length(name) BETWEEN 1 AND 80", name=op.f("ck_api_tokens_name")),
        sa.CheckConstraint("cardinality(scopes) > 0", name=op.f("ck_api_tokens_scopes")),
        belongs_to("api_tokens", "user_id", "users"),
        *keys("api_tokens"),
        sa.UniqueConstraint("workspace_id", "token_hash", name=op.f("uq_api_tokens_workspace_id_token_hash")),
    )
    op.create_index("ix_api_tokens_token_hash", "api_tokens", ["token_hash"])
    op.create_index("ix_api_tokens_user_id", "api_tokens", ["workspace_id", "user_id"])


def _create_api_replies() -> None:
    op.create_table(
        "api_replies",
        *tenant(),
        sa.Column("token_id", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("status", sa.SmallInteger(), nullable=True),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("created_at", INSTANT, server_default=_REAL_NOW, nullable=False),
        sa.CheckConstraint("length(key) BETWEEN 1 AND 200", name=op.f("ck_api_replies_key")),
        belongs_to("api_replies", "token_id", "api_tokens"),
        *keys("api_replies"),
        sa.UniqueConstraint("workspace_id", "token_id", "key", name="uq_api_replies_key"),
    )
    op.create_index("ix_api_replies_created_at", "api_replies", ["workspace_id", "created_at"])
