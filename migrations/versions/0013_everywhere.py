"""Narrow the rights of the role for all workspaces, and note by when a post in doubt has arrived."""

import sqlalchemy as sa
from alembic import op

from migrations import sql

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Add the column and narrow the rights."""
    op.add_column("outbox", sa.Column("uncertain_until", sa.DateTime(timezone=True), nullable=True))
    sql.run("0013_up.sql")


def downgrade() -> None:
    """Give the rights back and drop the column."""
    sql.run("0013_down.sql")
    op.drop_column("outbox", "uncertain_until")
