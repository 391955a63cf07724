"""The roles, the business clock, and the functions that tell the time."""

import sqlalchemy as sa
from alembic import op

from migrations import objects

revision = "s01"
down_revision = None

_FUNCTIONS = (
    "goalkeeper_now",
    "goalkeeper_offset",
    "goalkeeper_local_instant",
    "goalkeeper_deadline",
    "goalkeeper_days_until",
)


def upgrade() -> None:
    """Make the roles, or take those that an administrator made; then the clock and the time functions."""
    objects.run("roles", "make")
    op.create_table(
        "business_clock",
        sa.Column("only", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("clock_offset", sa.Interval(), server_default=sa.text("'0'"), nullable=False),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint('"only"', name=op.f("ck_business_clock_only")),
        sa.PrimaryKeyConstraint("only", name="pk_business_clock"),
    )
    objects.execute("INSERT INTO business_clock DEFAULT VALUES")
    objects.execute("GRANT SELECT ON business_clock TO goalkeeper_app, goalkeeper_everywhere")
    objects.run("functions", *_FUNCTIONS)


def downgrade() -> None:
    """Drop them; the roles only if no other database of the server uses them."""
    objects.drop("FUNCTION", _FUNCTIONS)
    op.drop_table("business_clock")
    objects.run("roles", "drop")
