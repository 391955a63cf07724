"""What follows from other columns, and what may never happen: kept true by triggers, whoever writes."""

from migrations import sql

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the functions and their triggers."""
    sql.run("0003_common_up.sql")
    sql.run("0003_months_up.sql")
    sql.run("0003_years_up.sql")


def downgrade() -> None:
    """Drop them."""
    sql.run("0003_down.sql")
