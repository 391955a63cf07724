"""Who sees and may do what: grants and row-level security (DESIGN: tenants)."""

from migrations import sql

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Grant and restrict."""
    sql.run("0005_up.sql")


def downgrade() -> None:
    """Take the policies and the grants back."""
    sql.run("0005_down.sql")
