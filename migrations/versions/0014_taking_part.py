"""Views list active members of the workspace alone, and the currency is held while amounts are saved."""

from migrations import sql

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Ask for the standing in Slack as well, and add the lock on the currency."""
    sql.run("0014_up.sql")


def downgrade() -> None:
    """Put the view back as it was, and drop the lock."""
    sql.run("0014_down.sql")
