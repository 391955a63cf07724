"""The views of SPEC 11, for people with a SQL client and for the bot alike."""

from migrations import sql

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make the views."""
    sql.run("0004_up.sql")


def downgrade() -> None:
    """Drop them."""
    sql.run("0004_down.sql")
