"""Zones and tiers of months that are opened cost a fraction of what they did; what comes out is the same."""

from migrations import sql

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Ask what is cheap first."""
    sql.run("0011_up.sql")


def downgrade() -> None:
    """Put the functions back as they were."""
    sql.run("0011_down.sql")
