"""The roles, the business clock, and what time it is."""

import sqlalchemy as sa
from alembic import op

from migrations import sql

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the roles, or take those that an administrator made; then the clock and the time functions."""
    sql.run("0001_roles_up.sql")
    op.create_table(
        "business_clock",
        sa.Column("only", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("clock_offset", sa.Interval(), server_default=sa.text("'0'"), nullable=False),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint('"only"', name=op.f("ck_business_clock_only")),
        sa.PrimaryKeyConstraint("only", name="pk_business_clock"),
    )
    sql.run("0001_time_up.sql")


def downgrade() -> None:
    """Drop them; the roles only if no other database of the server uses them."""
    sql.run("0001_time_down.sql")
    op.drop_table("business_clock")
    sql.run("0001_roles_down.sql")
