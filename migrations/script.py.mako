"""${message}."""

import sqlalchemy as sa
from alembic import op

from migrations import sql

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}


def upgrade() -> None:
    """Make it."""
    ${upgrades if upgrades else "sql.run(\"" + up_revision + "_up.sql\")"}


def downgrade() -> None:
    """Take it back."""
    ${downgrades if downgrades else "sql.run(\"" + up_revision + "_down.sql\")"}
