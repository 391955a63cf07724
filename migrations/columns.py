"""Columns and keys that many tables share."""

from typing import Any

import sqlalchemy as sa

INSTANT = sa.DateTime(timezone=True)
MONEY = sa.Numeric(17, 2)
NOW = sa.text("goalkeeper_now()")


def tenant() -> tuple[sa.Column[Any], ...]:
    """Return the columns that every row of a workspace begins with."""
    scope = sa.text("goalkeeper_workspace()")
    return (
        sa.Column("workspace_id", sa.BigInteger(), server_default=scope, nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
    )


def keys(table: str) -> tuple[sa.Constraint, ...]:
    """Return the keys that every table of a workspace has."""
    return (
        sa.PrimaryKeyConstraint("workspace_id", "id", name=f"pk_{table}"),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=f"fk_{table}_workspace_id"),
    )


def belongs_to(table: str, column: str, other: str, ondelete: str | None = None) -> sa.ForeignKeyConstraint:
    """Return the foreign key to a row of `other` in the same workspace."""
    return sa.ForeignKeyConstraint(
        ["workspace_id", column],
        [f"{other}.workspace_id", f"{other}.id"],
        name=f"fk_{table}_workspace_id_{column}",
        ondelete=ondelete,
    )


def created_and_updated() -> tuple[sa.Column[Any], ...]:
    """Return when the row was written first, and last."""
    return (
        sa.Column("created_at", INSTANT, server_default=NOW, nullable=False),
        sa.Column("updated_at", INSTANT, server_default=NOW, nullable=False),
    )
